import type { DeskConversation, Found } from '@/lib/api/desk';
import { useDesk } from '@/lib/console/desk';
import type { Actions } from '@/lib/console/useActions';
import type { Command } from '@/lib/console/useShortcuts';
import { CannedReplies } from '../copilot/CannedReplies';
import { SuggestionDialog } from '../copilot/SuggestionDialog';
import { AssignDialog } from './AssignDialog';
import { HandBackDialog } from './HandBackDialog';
import { Help } from './Help';
import { Palette } from './Palette';
import { SnoozeDialog } from './SnoozeDialog';

interface DialogsProps {
  conversation: DeskConversation | undefined;
  actions: Actions;
  commands: Command[];
  onFound: (found: Found) => void;
}

/** The dialogs of the console, loaded after the page itself. */
export default function Dialogs({ conversation, actions, commands, onFound }: DialogsProps) {
  const { dialog } = useDesk();
  if (dialog === 'palette') return <Palette commands={commands} onFound={onFound} />;
  if (dialog === 'help') return <Help commands={commands} />;
  if (!conversation) return null;
  if (dialog === 'assign') return <AssignDialog target={conversation} actions={actions} />;
  if (dialog === 'snooze') return <SnoozeDialog target={conversation} actions={actions} />;
  if (dialog === 'hand_back') return <HandBackDialog target={conversation} actions={actions} />;
  if (dialog === 'suggestion') return <SuggestionDialog id={conversation.conversation_id} />;
  if (dialog === 'canned') return <CannedReplies id={conversation.conversation_id} />;
  return null;
}
