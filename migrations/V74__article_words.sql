-- Staff search articles by words in the console; with many documents, the index spares reading all of them.
create index knowledge_base_words on knowledge_base using gin (words);
