import { useEffect, useRef } from 'react';
import { useDesk } from './desk';

export type Group = 'move' | 'conversation' | 'queues' | 'page';

/** Something that can be done by key, from the palette or with a button. */
export interface Command {
  id: string;
  group: Group;
  text: string;
  /** A key as `KeyboardEvent.key` names it, or `ctrl+` and a key. */
  key?: string;
  isEnabled: boolean;
  run: () => void;
}

/** Runs commands by key. While something is typed, only those with ctrl and Escape count. */
export function useShortcuts(commands: Command[], onEscape: (isTyping: boolean) => void): void {
  const { dialog } = useDesk();
  const latest = useRef({ commands, onEscape, dialog });
  useEffect(() => {
    latest.current = { commands, onEscape, dialog };
  });

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const now = latest.current;
      if (event.defaultPrevented || event.isComposing || event.altKey || now.dialog) return;
      const typing = isTyping(event.target);
      if (event.key === 'Escape') return now.onEscape(typing);
      const withCtrl = event.ctrlKey || event.metaKey;
      if (typing && !withCtrl) return;
      const key = withCtrl ? `ctrl+${event.key.toLowerCase()}` : event.key;
      const command = now.commands.find((one) => one.key === key && one.isEnabled);
      if (!command) return;
      event.preventDefault();
      command.run();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement && target.type === 'checkbox') return false;
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
