/** Ids of what commands move the focus to. */
export const HEADING = 'conversation-title';
export const REPLY_FIELD = 'reply-text';
export const NOTE_FIELD = 'note-text';
export const TAG_FIELD = 'tag';
export const PAST = 'past-tickets';

/** What the field below a conversation writes. */
export type Mode = 'reply' | 'note';
