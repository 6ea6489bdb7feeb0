import { useState } from 'react';
import { PlainText } from '@/components/PlainText';
import type { DeskMessage } from '@/lib/api/desk';
import { useDesk } from '@/lib/console/desk';
import { htmlAddress, rawAddress, readRaw } from '@/lib/console/mail';
import { refusalText } from '@/lib/console/refusal';
import { useSite } from '@/lib/i18n';
import { copilotTexts } from '@/texts/copilot';

/** What a mail is beside its words: quotes, its design in a frame that runs and loads nothing, and its source. */
export default function MailParts({ message }: { message: DeskMessage }) {
  const { language } = useDesk();
  const t = copilotTexts(language);
  const html = useOnDemand(() => htmlAddress(message.id));
  const raw = useOnDemand(() => readRaw(message.id));
  const { mail } = message;
  if (!mail) return null;
  const button = (part: ReturnType<typeof useOnDemand>, show: string, hide: string) => (
    <button type="button" className="link min-h-6" aria-expanded={part.isOpen} onClick={part.toggle}>
      {part.isOpen ? hide : show}
    </button>
  );
  const waiting = [html, raw].some(({ isOpen, state }) => isOpen && state.kind === 'loading');
  return (
    <div data-testid="mail" className="mt-1 text-start text-xs">
      {mail.remarks.map((remark) => (
        <p key={remark} className="text-warn wrap-anywhere">
          {remark}
        </p>
      ))}
      {mail.full_text && (
        <details data-testid="mail-quotes">
          <summary className="min-h-6 text-accent-text">{t.quotes}</summary>
          <div className="rounded-md border border-line bg-surface p-3 text-sm wrap-anywhere">
            <PlainText text={mail.full_text} />
          </div>
        </details>
      )}
      {mail.has_source && (
        <p className="flex flex-wrap gap-x-3">
          {button(html, t.showHtml, t.hideHtml)}
          {button(raw, t.showRaw, t.hideRaw)}
        </p>
      )}
      <p role="status" className="text-ink-mute">
        {waiting && t.mailLoading}
      </p>
      {html.isOpen && html.state.kind === 'failed' && <p className="text-danger">{html.state.text}</p>}
      {html.isOpen && html.state.kind === 'done' && html.state.value === null && <p className="text-ink-mute">{t.htmlNone}</p>}
      {html.isOpen && html.state.kind === 'done' && html.state.value !== null && (
        <>
          <p className="text-ink-mute">{t.htmlHelp}</p>
          <iframe
            sandbox=""
            src={html.state.value}
            title={t.htmlTitle}
            referrerPolicy="no-referrer"
            data-testid="mail-html"
            className="mt-1 h-96 w-[min(44rem,80vw)] max-w-full resize-y rounded-md border border-line bg-white"
          />
        </>
      )}
      {raw.isOpen && raw.state.kind === 'failed' && <p className="text-danger">{raw.state.text}</p>}
      {raw.isOpen && raw.state.kind === 'done' && (
        <>
          <pre
            tabIndex={0}
            aria-label={t.rawTitle}
            role="region"
            data-testid="mail-raw"
            className="mt-1 max-h-96 overflow-auto rounded-sm bg-sunken p-2 font-mono text-[0.6875rem] leading-4 wrap-anywhere whitespace-pre-wrap"
          >
            {raw.state.value}
          </pre>
          <a href={rawAddress(message.id)} download className="link min-h-6">
            {t.rawDownload}
          </a>
        </>
      )}
    </div>
  );
}

type Loaded = { kind: 'none' | 'loading' } | { kind: 'failed'; text: string } | { kind: 'done'; value: string | null };

/** Something that is loaded the first time it is opened. */
function useOnDemand(load: () => Promise<string | null>) {
  const { texts } = useSite();
  const { t } = useDesk();
  const [isOpen, setOpen] = useState(false);
  const [state, setState] = useState<Loaded>({ kind: 'none' });
  const toggle = () => {
    setOpen(!isOpen);
    if (isOpen || state.kind === 'loading' || state.kind === 'done') return;
    setState({ kind: 'loading' });
    load()
      .then((value) => setState({ kind: 'done', value }))
      .catch((error: unknown) => setState({ kind: 'failed', text: refusalText(error, t, texts) }));
  };
  return { isOpen, state, toggle };
}
