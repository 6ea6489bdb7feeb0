import { type KeyboardEvent, type ReactNode, useEffect, useId, useState } from 'react';

export interface Option {
  id: string;
  content: ReactNode;
  group?: string;
  run: () => void;
}

interface OptionListProps {
  label: string;
  placeholder: string;
  text: string;
  onText: (text: string) => void;
  options: Option[];
  /** What is said where there is no option. */
  children?: ReactNode;
}

/** A field above a list: typing filters it, the arrows choose, Enter takes (the pattern "combobox" of WAI-ARIA). */
export function OptionList({ label, placeholder, text, onText, options, children }: OptionListProps) {
  const base = useId();
  const [at, setAt] = useState(0);
  useEffect(() => setAt(0), [text]);
  const chosen = Math.min(at, options.length - 1);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && options.length > 0) {
      event.preventDefault();
      const next = (chosen + step + options.length) % options.length;
      setAt(next);
      document.getElementById(`${base}-${next}`)?.scrollIntoView({ block: 'nearest' });
    }
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault();
      options[chosen]?.run();
    }
  };

  return (
    <>
      <input
        role="combobox"
        aria-label={label}
        aria-expanded={options.length > 0}
        aria-controls={`${base}-list`}
        aria-activedescendant={options.length > 0 ? `${base}-${chosen}` : undefined}
        autoFocus
        autoComplete="off"
        spellCheck={false}
        value={text}
        placeholder={placeholder}
        className="m-3 min-h-11 rounded-md border border-line-strong bg-surface px-3 text-base"
        onChange={({ target }) => onText(target.value)}
        onKeyDown={onKeyDown}
      />
      {children}
      <div role="listbox" id={`${base}-list`} aria-label={label} className="min-h-0 overflow-y-auto border-t border-line p-2">
        {options.map(({ id, content, group, run }, n) => (
          <div key={id}>
            {group && group !== options[n - 1]?.group && (
              <p aria-hidden="true" className="panel-title px-3 pt-2 pb-1">
                {group}
              </p>
            )}
            <div
              id={`${base}-${n}`}
              role="option"
              aria-selected={n === chosen}
              className="option cursor-pointer"
              onPointerMove={() => setAt(n)}
              onClick={run}
            >
              {content}
            </div>
          </div>
        ))}
      </div>
    </>
  );
}
