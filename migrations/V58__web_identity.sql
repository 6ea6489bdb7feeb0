-- Identity by proof on the web form: a customer proves an address by a code that is mailed there and typed on a page.

-- A code that was asked for on a page belongs to no conversation, and to no customer until it is right. language is that
-- of the page.
alter table link_challenges
    alter conversation_id drop not null,
    alter customer_id drop not null,
    add column language text check (length(language) between 2 and 12);
-- Codes of pages that were never right are forgotten after a day.
create index link_challenges_unused on link_challenges (created_at) where conversation_id is null and state <> 'used';

-- A browser in which an address was proved, by the SHA-256 of its cookie. Whose session it is follows from the address,
-- so that customers may be joined meanwhile.
create table customer_sessions (
    token_hash bytea primary key check (length(token_hash) = 32),
    email text not null check (length(email) between 3 and 254),
    created_at timestamptz not null default now(),
    expires_at timestamptz not null
);
create index customer_sessions_email on customer_sessions (email);
create index customer_sessions_expires on customer_sessions (expires_at);

-- Whether whoever writes in this conversation of the web form has proved its address. Then its ticket opens only to that
-- customer's sessions, and the bot may answer from the customer's other tickets.
alter table conversations add column proved boolean not null default false;
