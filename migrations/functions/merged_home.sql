-- Where an attested customer goes on who has no open attested conversation, because staff have merged it into another
-- one: that one, while it is open and its last message is not older than p_reuse_within, or something waits in it.
create or replace function merged_home(p_customer uuid, p_reuse_within interval) returns uuid language sql stable as $$
    select t.id
    from (select c.id from conversations c
          where c.customer_id = p_customer and c.attested and c.merged_into is distinct from null
          order by c.last_message_at desc, c.id limit 1) s
    join conversations t on t.id = merge_target(s.id)
    where t.status <> 'closed' and t.customer_id = p_customer
      and (t.status = 'escalated' or t.answered_through < t.last_inbound
           or t.last_message_at > now() - p_reuse_within)
$$;
