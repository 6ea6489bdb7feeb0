/** Ids of what commands move the focus to. */
export const HEADING = 'conversation-title';
export const REPLY_FIELD = 'reply-text';
export const NOTE_FIELD = 'note-text';
export const TAG_FIELD = 'tag';
export const PAST = 'past-tickets';

/** The id of a message of the thread. */
export const messageId = (id: string) => `message-${id}`;

/** What the field below a conversation writes. */
export type Mode = 'reply' | 'note';
