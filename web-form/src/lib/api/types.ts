import type { components } from './schema';

type Schemas = components['schemas'];

export type Problem = Schemas['ProblemDocument'] & { code?: string | null };
export type SubmissionReceipt = Schemas['SubmissionReceipt'];
export type TicketPage = Schemas['TicketPage'];
export type Message = TicketPage['messages'][number];
export type TicketStatus = TicketPage['status'];
export type Rating = NonNullable<TicketPage['rating']>;
export type HandOver = Schemas['HumanRequested'];
export type HelpResult = Schemas['HelpSearch']['results'][number];
export type ArticleItem = Schemas['HelpArticles']['items'][number];
export type Article = Schemas['HelpArticle'];
export type StaffSession = Schemas['StaffSession'];
export type TotpSecret = Schemas['TotpSecret'];
