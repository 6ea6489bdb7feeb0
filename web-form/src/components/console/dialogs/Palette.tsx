import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/router';
import { useEffect, useState } from 'react';
import type { Found } from '@/lib/api/desk';
import { search } from '@/lib/console/calls';
import { useDesk } from '@/lib/console/desk';
import type { Address } from '@/lib/console/useAddress';
import type { Command } from '@/lib/console/useShortcuts';
import { changeOf, useViews } from '@/lib/console/views';
import { qualityTexts } from '@/texts/quality';
import { Kbd } from '../Kbd';
import { Modal } from './Modal';
import { type Option, OptionList } from './OptionList';

/** Typing is searched for after this pause. */
const PAUSE_MS = 150;

interface PaletteProps {
  address: Address;
  commands: Command[];
  onFound: (found: Found) => void;
}

/** Search over everything, and every command that is possible now. */
export function Palette({ address, commands, onFound }: PaletteProps) {
  const { t, language, openDialog } = useDesk();
  const router = useRouter();
  const views = useViews();
  const [text, setText] = useState('');
  const asked = useSettled(text.trim());
  const result = useQuery({
    queryKey: ['search', asked],
    queryFn: () => search(asked),
    enabled: asked.length >= 2,
    staleTime: 10_000,
    retry: false,
  });

  const close = (then: () => void) => {
    openDialog(null);
    // The dialog gives the focus back first; a command may move it on.
    setTimeout(then, 0);
  };
  const words = text.trim().toLowerCase().split(/\s+/);
  const fits = ({ text: name }: { text: string }) => words.every((word) => name.toLowerCase().includes(word));
  const found = asked.length >= 2 && asked === text.trim() ? (result.data?.items ?? []) : [];

  const options: Option[] = [
    ...found.map((item) => ({
      id: `${item.kind} ${item.id}`,
      group: t.search,
      run: () => close(() => onFound(item)),
      content: <FoundLine item={item} />,
    })),
    ...(words[0] ? (views.data ?? []) : []).filter(({ name }) => fits({ text: `${t.views} ${name}` })).map((view) => ({
      id: `view ${view.id}`,
      group: t.views,
      run: () => close(() => address.go(changeOf(view))),
      content: <span className="min-w-0 flex-1 truncate">{view.name}</span>,
    })),
    ...commands.filter((command) => command.isEnabled && fits(command)).map((command) => ({
      id: command.id,
      group: t.commands,
      run: () => close(command.run),
      content: (
        <>
          <span className="min-w-0 flex-1 truncate">{command.text}</span>
          {command.key && <Kbd of={command.key} />}
        </>
      ),
    })),
    ...[{ text: qualityTexts(language).title, href: '/console/quality' }].filter(fits).map(({ text: name, href }) => ({
      id: href,
      group: t.commands,
      run: () => close(() => void router.push(href)),
      content: <span className="min-w-0 flex-1 truncate">{name}</span>,
    })),
  ];

  return (
    <Modal title={t.searchOrRun} isTitleHidden isWide>
      <OptionList label={t.searchOrRun} placeholder={t.searchPlaceholder} text={text} onText={setText} options={options}>
        <p role="status" className={asked.length >= 2 && found.length === 0 ? 'px-3 py-2 text-ink-mute' : 'sr-only'}>
          {asked.length < 2 ? '' : result.isError ? t.searchFailed : result.isFetching ? t.searching : found.length === 0 ? t.searchNothing : ''}
        </p>
      </OptionList>
    </Modal>
  );
}

function FoundLine({ item }: { item: Found }) {
  const { t } = useDesk();
  return (
    <>
      <span className="chip shrink-0">{t.found[item.kind]}</span>
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">{item.title}</span>
        <span className="block truncate text-xs text-ink-mute">{item.snippet}</span>
      </span>
    </>
  );
}

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
