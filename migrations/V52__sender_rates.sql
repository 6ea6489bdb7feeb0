-- How much each sender may send at present, for all processes together: tokens at filled_at, refilled at the configured
-- rate up to a second's worth (claim_deliveries).
create table sender_rates (
    channel text primary key check (channel in ('email', 'whatsapp', 'web_form')),
    tokens double precision not null default 0 check (tokens >= 0),
    filled_at timestamptz not null default '-infinity'
) with (fillfactor = 50);
insert into sender_rates (channel) values ('email'), ('whatsapp'), ('web_form');
