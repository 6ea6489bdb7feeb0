import type { components } from './schema';

/** What the console reads and writes (API-STAFF, sections 3 to 5). */
type Schemas = components['schemas'];

export type Channel = Schemas['Channel'];
export type Priority = Schemas['Priority'];
export type DeliveryState = Schemas['DeliveryState'];
export type TicketStatus = Schemas['TicketStatus'];
export type ConversationStatus = Schemas['ConversationStatus'];

export const queues = ['needs_me', 'unassigned', 'mine', 'bot', 'snoozed', 'parked', 'resolved', 'all'] as const;
export type Queue = (typeof queues)[number];

export const sorts = ['due', '-last_message', 'created'] as const;
export type Sort = (typeof sorts)[number];

export const channels = ['email', 'whatsapp', 'web_form'] as const;
export const priorities = ['high', 'medium', 'low'] as const;
export const severities = ['urgent', 'high', 'normal', 'low'] as const;
export type Severity = (typeof severities)[number];

export type Reason =
  | 'pricing'
  | 'refund'
  | 'legal'
  | 'human_request'
  | 'abuse'
  | 'sentiment'
  | 'no_answer'
  | 'security'
  | 'budget'
  | 'failure';

export interface Person {
  id: string;
  name: string;
}

export interface QueueItem {
  conversation_id: string;
  channel: Channel;
  status: ConversationStatus;
  ticket: Schemas['Ticket'];
  customer: Person;
  assignee: Person | null;
  tags: string[];
  severity: Severity | null;
  reason: Reason | null;
  sentiment: number | null;
  preview: string;
  last_message_at: string;
  due_at: string | null;
  breached: boolean;
  snoozed_until: string | null;
}

export interface QueuePage {
  items: QueueItem[];
  next_cursor: string | null;
  counts: Record<Queue, number>;
  as_of: string;
}

export interface Filters {
  queue: Queue;
  sort: Sort;
  channel?: Channel;
  severity?: Severity;
}

export interface DeliveryFailure {
  address: string | null;
  cause: 'opted_out' | 'invalid_address' | 'policy' | 'bounced' | 'rejected' | null;
  detail: string | null;
}

export interface MessageDelivery {
  id: string;
  channel: Channel;
  to: string[];
  cc: string[];
  bcc: string[];
  state: DeliveryState;
  in_doubt: boolean;
  send_at: string;
  failed: DeliveryFailure[];
}

export type DeskMessage = Schemas['StaffMessage'] & {
  author: Person | null;
  turn_id: string | null;
  deliveries: MessageDelivery[];
};

export interface TurnStep {
  number: number;
  kind: string;
  content: unknown;
}

export interface Turn {
  id: string;
  outcome: 'answer' | 'escalate' | 'silent' | null;
  end: 'running' | 'committed' | 'superseded' | 'fenced' | 'taken_over';
  started_at: string;
  ended_at: string | null;
  covers: string[];
  steps: TurnStep[];
  sources: { id: string; title: string }[];
  model: string | null;
  tokens: number;
  cost_micros: number;
}

export interface HandOff {
  escalation_id: string;
  wish: string;
  tried: string[];
  open_question: string;
  promises: string[];
  sources: { id: string; title: string }[];
}

export interface Clocks {
  first_response_due: string | null;
  next_response_due: string | null;
  resolution_due: string | null;
  breached: boolean;
  paused: boolean;
}

export interface Participant {
  kind: string;
  value: string;
  name: string;
  role: 'customer' | 'cc' | 'other';
  proof: 'attested' | 'code' | 'claim' | 'failed';
}

export type DeskConversation = Omit<Schemas['ConversationDetail'], 'messages'> & {
  messages: DeskMessage[];
  /** The message before which the next older page ends; null on the oldest. */
  older: string | null;
  assignee: Person | null;
  tags: string[];
  severity: Severity | null;
  reason: Reason | null;
  snoozed_until: string | null;
  parked: string[];
  side: string[];
  sla: Clocks;
  hand_off: HandOff | null;
  turns: Turn[];
  participants: Participant[];
};

/** What an action leaves behind. */
export interface ActionState {
  conversation_id: string;
  status: ConversationStatus;
  ticket_status: TicketStatus;
  assignee: Person | null;
}

/** What a take-over found the bot doing. */
export interface Receipt {
  result: 'none' | 'cancelled' | 'sent_before';
  message_id: string | null;
  at: string | null;
  withdrawn: string[];
}

export interface Claimed extends ActionState {
  receipt: Receipt;
}

export interface Replied {
  message_id: string;
  send_at: string;
  state: ActionState;
  receipt: Receipt;
}

export interface ReplyBody {
  text: string;
  seen_through: string;
  send_after_seconds?: number;
  then?: 'resolve';
  force?: boolean;
}

export interface PatchBody {
  priority?: Priority;
  severity?: Severity;
  add_tags?: string[];
  remove_tags?: string[];
}

export interface Draft {
  text: string;
  revision: number;
}

export interface Found {
  kind: 'conversation' | 'customer' | 'message' | 'article';
  id: string;
  conversation_id: string | null;
  title: string;
  snippet: string;
}

export interface DeskCustomer {
  customer_id: string;
  name: string;
  plan?: string | null;
  identifiers: { kind: string; value: string; attested: boolean }[];
}

export interface Presence {
  conversation_id: string;
  staff: { id: string; state: 'viewing' | 'typing' | 'left' }[];
}
