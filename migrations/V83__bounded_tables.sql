-- Indexes by which the retention job finds the oldest rows first. Without an order, nothing told it that there were no
-- more old rows, and it read the whole table.

-- Codes that were never right, those that chats asked for as well.
drop index link_challenges_unused;
create index link_challenges_unused on link_challenges (created_at) where state <> 'used';

drop index turn_steps_created;
create index turn_steps_created on turn_steps (created_at);
drop index attachments_created;
create index attachments_created on attachments (created_at);
drop index agent_metrics_created;
create index agent_metrics_created on agent_metrics (created_at);
