import { createContext, useCallback, useContext, useMemo, useRef, useState, type ReactNode, type RefObject } from 'react';
import { consoleTexts, type ConsoleTexts } from '@/texts/console';
import type { DeskTexts } from '@/texts/desk';
import type { Presence, Receipt } from '../api/desk';
import type { StaffAccount, StaffSession } from '../api/types';
import { useSite } from '../i18n';

export type DialogName =
  | 'palette'
  | 'help'
  | 'views'
  | 'assign'
  | 'snooze'
  | 'hand_back'
  | 'suggestion'
  | 'summary'
  | 'canned'
  | 'merge'
  | 'split'
  | 'side'
  | 'merge_customer'
  | 'bulk_assign'
  | 'bulk_snooze'
  | 'bulk_tag'
  | 'bulk_reply';

/** A short message about what was done, with a way back. */
export interface Toast {
  id: number;
  kind: 'good' | 'danger' | 'info';
  text: string;
  action?: { text: string; isUndo?: boolean; run: () => void };
  /** When it disappears by itself; null: when it is dismissed. */
  until: number | null;
}

/** A text that goes back into the reply of a conversation. */
export interface Restored {
  id: string;
  text: string;
  /** Below what is written already, rather than above it. */
  isAtEnd?: boolean;
  /** The suggestion that the text is. */
  suggestion?: string;
}

export interface DeskState {
  t: DeskTexts;
  account: ConsoleTexts;
  language: string;
  me: StaffSession['staff'];
  members: StaffAccount[];
  toasts: Toast[];
  toast: (toast: Omit<Toast, 'id' | 'until'>, forMs?: number | null) => void;
  dismiss: (id: number) => void;
  dialog: DialogName | null;
  openDialog: (name: DialogName | null) => void;
  receipts: Record<string, Receipt>;
  keepReceipt: (id: string, receipt: Receipt | null) => void;
  restored: Restored | null;
  restore: (restored: Restored | null) => void;
  presence: Record<string, Presence['staff']>;
  keepPresence: (presence: Presence) => void;
  /** The newest public message that was shown, by conversation. */
  seen: RefObject<Map<string, string>>;
  /** The conversations that are selected in the list. */
  chosen: string[];
  /** Selects a conversation or takes it out; without `isChosen` the other of the two. */
  choose: (id: string, isChosen?: boolean) => void;
  clearChosen: () => void;
}

const Context = createContext<DeskState | null>(null);

/** How long a message about something done stays; those with an undo for the time of the undo. */
export const TOAST_MS = 10_000;
const MAX_TOASTS = 4;

interface DeskProviderProps {
  me: StaffSession['staff'];
  members: StaffAccount[];
  deskTexts: DeskTexts;
  children: ReactNode;
}

export function DeskProvider({ me, members, deskTexts, children }: DeskProviderProps) {
  const { texts, language } = useSite();
  const [toasts, setToasts] = useState<Toast[]>([]);
  const [dialog, openDialog] = useState<DialogName | null>(null);
  const [receipts, setReceipts] = useState<Record<string, Receipt>>({});
  const [restored, restore] = useState<Restored | null>(null);
  const [presence, setPresence] = useState<Record<string, Presence['staff']>>({});
  const [chosen, setChosen] = useState<string[]>([]);
  const seen = useRef(new Map<string, string>());
  const number = useRef(0);

  const toast = useCallback<DeskState['toast']>((made, forMs = TOAST_MS) => {
    number.current += 1;
    const next: Toast = { ...made, id: number.current, until: forMs === null ? null : Date.now() + forMs };
    setToasts((all) => [...all, next].slice(-MAX_TOASTS));
  }, []);
  const dismiss = useCallback((id: number) => setToasts((all) => all.filter((one) => one.id !== id)), []);
  const keepReceipt = useCallback((id: string, receipt: Receipt | null) => {
    setReceipts(({ [id]: _, ...others }) => (receipt ? { ...others, [id]: receipt } : others));
  }, []);
  const keepPresence = useCallback(({ conversation_id: id, staff }: Presence) => setPresence((all) => ({ ...all, [id]: staff })), []);

  const choose = useCallback((id: string, isChosen?: boolean) => {
    setChosen((all) => {
      const others = all.filter((one) => one !== id);
      return (isChosen ?? others.length === all.length) ? [...others, id] : others;
    });
  }, []);
  const clearChosen = useCallback(() => setChosen([]), []);

  const value = useMemo<DeskState>(
    () => ({
      t: deskTexts,
      account: consoleTexts(texts),
      language,
      me,
      members,
      toasts,
      toast,
      dismiss,
      dialog,
      openDialog,
      receipts,
      keepReceipt,
      restored,
      restore,
      presence,
      keepPresence,
      seen,
      chosen,
      choose,
      clearChosen,
    }),
    [texts, deskTexts, language, me, members, toasts, toast, dismiss, dialog, receipts, keepReceipt, restored, presence, keepPresence, chosen, choose, clearChosen],
  );
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function useDesk(): DeskState {
  const desk = useContext(Context);
  if (!desk) throw new Error('useDesk outside of DeskProvider');
  return desk;
}
