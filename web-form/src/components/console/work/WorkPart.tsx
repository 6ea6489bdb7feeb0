import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { PlainText } from '@/components/PlainText';
import { Time } from '@/components/Time';
import type { DeskConversation } from '@/lib/api/desk';
import { useDesk } from '@/lib/console/desk';
import type { Address } from '@/lib/console/useAddress';
import { useCustomer } from '@/lib/console/useConversation';
import { readSide, useWork } from '@/lib/console/work';
import { fill } from '@/lib/fill';
import { siteConfig } from '@/lib/site';
import { day } from '@/lib/time';
import { FilesField } from './FilesField';

/** Merges with their undoing, and the side conversations. Nothing where there is none of them. */
export default function WorkPart({ conversation, address }: { conversation: DeskConversation; address: Address }) {
  const { language } = useDesk();
  const { w, unmerge, undoMerge } = useWork();
  const { data: customer } = useCustomer(conversation.customer_id);
  const merges = customer?.merges ?? [];
  return (
    <>
      {conversation.merged_into && (
        <div data-testid="merged" className="rounded-md bg-sunken p-3 text-sm">
          <p>{w.mergedInto}</p>
          <p className="mt-1 flex flex-wrap gap-2">
            <Link href={address.hrefOf({ c: conversation.merged_into })} shallow prefetch={false} className="link">
              {w.showTarget}
            </Link>
            <button type="button" className="btn btn-sm btn-quiet" onClick={() => void unmerge(conversation)}>
              {w.unmerge}
            </button>
          </p>
        </div>
      )}
      {conversation.side.length > 0 && (
        <Part title={w.side}>
          {conversation.side.map((id) => (
            <Side key={id} id={id} />
          ))}
        </Part>
      )}
      {merges.length > 0 && (
        <Part title={w.merges}>
          <ul className="space-y-1 text-sm">
            {merges.map(({ merge_id: id, at }) => (
              <li key={id} className="flex items-center justify-between gap-2">
                <span className="text-ink-mute">{fill(w.mergedAt, { time: day(at, language) })}</span>
                <button type="button" className="btn btn-sm btn-quiet" onClick={() => void undoMerge(id, conversation.conversation_id)}>
                  {w.unmerge}
                </button>
              </li>
            ))}
          </ul>
        </Part>
      )}
    </>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className="panel-title">
        {title}
      </h2>
      <div className="mt-1.5 space-y-3">{children}</div>
    </section>
  );
}

function Side({ id }: { id: string }) {
  const { w, isSending, writeSide } = useWork();
  const { data: side, isError } = useQuery({ queryKey: ['side', id], queryFn: () => readSide(id), staleTime: 0, refetchInterval: 10_000 });
  const [text, setText] = useState('');
  const [files, setFiles] = useState<File[]>([]);
  if (isError) return <p className="text-xs text-danger">{w.failedSide}</p>;
  if (!side) return null;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!(await writeSide(id, text, files))) return;
    setText('');
    setFiles([]);
  };
  return (
    <article data-testid="side" className="rounded-md border border-line p-3 text-sm">
      <h3 className="font-semibold wrap-anywhere">{side.subject}</h3>
      <p className="text-xs wrap-anywhere text-ink-mute">{side.to.join(', ')}</p>
      <ol className="mt-2 space-y-2">
        {side.messages.map(({ id: message, author, from, attested, text: said, files: sent, state, error, created_at: at }) => (
          <li key={message} data-state={state}>
            <p className="text-xs text-ink-mute">
              <span className="font-medium wrap-anywhere">{author?.name ?? from}</span> · {w.sideStates[state]} · <Time iso={at} />
              {state === 'received' && !attested && ` · ${w.unproved}`}
            </p>
            <PlainText text={said} />
            {sent.map(({ id: file, name, description }) => (
              <a key={file} data-testid="side-file" href={`${siteConfig().apiBase}/attachments/${file}`} target="_blank" rel="noopener" className="link block text-xs wrap-anywhere">
                {name ?? description}
              </a>
            ))}
            {error && <p className="text-xs text-danger">{error}</p>}
          </li>
        ))}
      </ol>
      <form className="mt-3" onSubmit={(event) => void submit(event)}>
        <textarea
          aria-label={w.sideReply}
          placeholder={w.sideReply}
          required
          rows={2}
          maxLength={10_000}
          value={text}
          className="field mt-0 w-full"
          onChange={({ target }) => setText(target.value)}
        />
        <FilesField files={files} onChange={setFiles} />
        <button type="submit" className="btn btn-sm btn-quiet mt-1" aria-disabled={isSending}>
          {w.send}
        </button>
      </form>
    </article>
  );
}
