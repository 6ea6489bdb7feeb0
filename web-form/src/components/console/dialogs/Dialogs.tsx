import type { DeskConversation, Found } from '@/lib/api/desk';
import { useDesk } from '@/lib/console/desk';
import type { Actions } from '@/lib/console/useActions';
import type { Address } from '@/lib/console/useAddress';
import type { Command } from '@/lib/console/useShortcuts';
import { CannedReplies } from '../copilot/CannedReplies';
import { SuggestionDialog } from '../copilot/SuggestionDialog';
import { SummaryDialog } from '../copilot/SummaryDialog';
import { ViewsDialog } from '../views/ViewsDialog';
import { MergeCustomerDialog, MergeDialog } from '../work/MergeDialog';
import { SideDialog } from '../work/SideDialog';
import { SplitDialog } from '../work/SplitDialog';
import { AssignDialog } from './AssignDialog';
import { HandBackDialog } from './HandBackDialog';
import { Help } from './Help';
import { Palette } from './Palette';
import { SnoozeDialog } from './SnoozeDialog';

interface DialogsProps {
  address: Address;
  conversation: DeskConversation | undefined;
  actions: Actions;
  commands: Command[];
  onFound: (found: Found) => void;
  onOpen: (id: string) => void;
}

/** The dialogs of the console, loaded after the page itself. */
export default function Dialogs({ address, conversation, actions, commands, onFound, onOpen }: DialogsProps) {
  const { dialog } = useDesk();
  if (dialog === 'palette') return <Palette address={address} commands={commands} onFound={onFound} />;
  if (dialog === 'help') return <Help commands={commands} />;
  if (dialog === 'views') return <ViewsDialog address={address} />;
  if (!conversation) return null;
  if (dialog === 'assign') return <AssignDialog onChoose={(member) => void actions.assign(conversation, member)} />;
  if (dialog === 'snooze') return <SnoozeDialog onChoose={(until) => void actions.snooze(conversation, until)} />;
  if (dialog === 'hand_back') return <HandBackDialog target={conversation} actions={actions} />;
  if (dialog === 'merge') return <MergeDialog target={conversation} />;
  if (dialog === 'merge_customer') return <MergeCustomerDialog target={conversation} />;
  if (dialog === 'split') return <SplitDialog target={conversation} onOpen={onOpen} />;
  if (dialog === 'side') return <SideDialog target={conversation} />;
  if (dialog === 'suggestion') return <SuggestionDialog id={conversation.conversation_id} />;
  if (dialog === 'summary') return <SummaryDialog conversation={conversation} />;
  if (dialog === 'canned') return <CannedReplies id={conversation.conversation_id} />;
  return null;
}
