import { useId, useRef } from 'react';
import { useWork } from '@/lib/console/work';
import { fill } from '@/lib/fill';

/** Of one message (docs/console.md, "Side conversations"). */
const MAX_FILES = 10;

/** Files that go along with a message. */
export function FilesField({ files, onChange }: { files: File[]; onChange: (files: File[]) => void }) {
  const { w } = useWork();
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  return (
    <div className="text-sm">
      <label htmlFor={id} className="field-label">
        {w.files}
      </label>
      <input
        ref={field}
        id={id}
        type="file"
        multiple
        aria-describedby={`${id}-hint`}
        className="mt-1 block w-full text-xs"
        onChange={({ target }) => {
          onChange([...files, ...(target.files ?? [])].slice(0, MAX_FILES));
          // The same file may be chosen again after it was taken off.
          target.value = '';
        }}
      />
      <p id={`${id}-hint`} className="mt-1 text-xs text-ink-mute">
        {w.filesHint}
      </p>
      {files.length > 0 && (
        <ul data-testid="files" className="mt-1 space-y-1 text-xs">
          {files.map((file, n) => (
            <li key={`${n} ${file.name}`} className="flex items-center justify-between gap-2">
              <span className="wrap-anywhere">{file.name}</span>
              <button
                type="button"
                className="btn btn-sm btn-quiet"
                onClick={() => {
                  onChange(files.filter((_, other) => other !== n));
                  field.current?.focus();
                }}
              >
                {fill(w.removeFile, { name: file.name })}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
