import type { components } from './schema';

/** What the console reads and writes (API-STAFF, sections 3 to 5). */
type Schemas = components['schemas'];

export type Channel = Schemas['Channel'];
export type Priority = Schemas['Priority'];
export type DeliveryState = Schemas['DeliveryState'];
export type TicketStatus = Schemas['TicketStatus'];
export type ConversationStatus = Schemas['ConversationStatus'];

export const queues = ['needs_me', 'unassigned', 'mine', 'watching', 'bot', 'snoozed', 'parked', 'resolved', 'all'] as const;
export type Queue = (typeof queues)[number];

export const sorts = ['due', '-last_message', 'created'] as const;
export type Sort = (typeof sorts)[number];

export const channels = ['email', 'whatsapp', 'web_form'] as const;
export const priorities = ['high', 'medium', 'low'] as const;
export const severities = ['urgent', 'high', 'normal', 'low'] as const;
export type Severity = Schemas['Severity'];

export type Reason = Schemas['Reason'];
export type Person = Schemas['Person'];
export type QueueItem = Schemas['QueuedConversation'];

/** Filters that saved views may have beside those that the queue shows. */
export const moreFilters = ['status', 'ticket_status', 'assignee', 'tag', 'priority', 'reason', 'customer_id'] as const;
export type MoreFilters = Record<string, string>;

export interface Filters {
  queue: Queue;
  sort: Sort;
  channel?: Channel;
  severity?: Severity;
  breached?: boolean;
  more?: MoreFilters;
}

export type DeskMessage = Schemas['StaffMessage'];
export type MessageDelivery = DeskMessage['deliveries'][number];
export type TurnStep = Schemas['TurnStep'];
export type Turn = Schemas['BotTurn'];
export type DeskConversation = Schemas['ConversationDetail'];

/** What an action leaves behind. */
export type ActionState = Schemas['ConversationState'];

/** What a take-over found the bot doing. */
export type Receipt = Schemas['BotReceipt'];

export type ReplyBody = Omit<Schemas['ReplyRequest'], 'then'> & { then?: 'resolve' };
export type PatchBody = Schemas['ConversationPatch'];

/** What a watcher is told of. */
export type WatchCause = 'message' | 'reply' | 'escalation' | 'resolved' | 'due_soon' | 'overdue';

/** The data of the event `presence`. */
export interface Presence {
  conversation_id: string;
  staff: { id: string; state: 'viewing' | 'typing' }[];
}

export type BulkBody = Schemas['BulkRequest'];
export type BulkResult = Schemas['BulkResult'];

export type Found = Schemas['DeskSearchResult'];
