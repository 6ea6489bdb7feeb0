-- The newest hits of the console's search are found without reading the older ones.

-- The words of a message, and with them the day and the 32 days in which it was written: words and days are looked up
-- together in one index. No text has words with a space. The functions of the search name days by the same numbers.
create function message_words(p_content text, p_created_at timestamptz) returns tsvector
language sql immutable parallel safe as $$
    select to_tsvector('simple', left(p_content, 20000))
           || array_to_tsvector(array[
                  'day ' || ((p_created_at at time zone 'UTC')::date - date '1970-01-01')::text,
                  'days ' || (((p_created_at at time zone 'UTC')::date - date '1970-01-01') / 32)::text])
$$;
drop index messages_words;
create index messages_words on messages using gin (message_words(content, created_at));

-- From the newest on.
create index customers_created on customers (created_at);
create index customer_identifiers_created on customer_identifiers (created_at);
