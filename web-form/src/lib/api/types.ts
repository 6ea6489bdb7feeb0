import type { components } from './schema';

type Schemas = components['schemas'];

export type Problem = Schemas['ProblemDocument'];
export type SubmissionReceipt = Schemas['SubmissionReceipt'];
export type TicketPage = Schemas['TicketPage'];
export type Message = TicketPage['messages'][number];
export type TicketStatus = TicketPage['status'];
export type Rating = NonNullable<TicketPage['rating']>;
export type HandOver = Schemas['PersonReceipt'];
export type HelpResult = Schemas['HelpResults']['results'][number];
export type ArticleItem = Schemas['HelpArticles']['items'][number];
export type Article = Schemas['HelpArticle'];
export type StaffSession = Schemas['SessionInfo'];
export type StaffAccount = Schemas['StaffAccount'];
export type TotpSecret = Schemas['TotpSecret'];
export type TotpStatus = Schemas['TotpStatus'];
export type WebhookEvent = Schemas['WebhookEvent'];
export type WebhookEndpoint = Schemas['WebhookEndpoint'];
export type WebhookWithSecret = Schemas['WebhookWithSecret'];
