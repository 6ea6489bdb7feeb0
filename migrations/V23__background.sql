-- Lines about subjects of everyday life and of other trades. A question that is nearer to one of them than to every
-- section is not about these documents. They compete with the sections, and are never shown.
create table background_lines (
    id integer primary key generated always as identity,
    content text not null unique,
    -- The share of its words that one section holds: the documents are about it if that is nearly all.
    held real
);

-- Which line holds which lexeme.
create table background_postings (
    lexeme text not null,
    line_id integer not null references background_lines on delete cascade,
    primary key (lexeme, line_id)
);
create index background_postings_line on background_postings (line_id);

-- Vectors of the lines, by index; few enough to be compared one by one, so no index of vectors is needed.
create table background_vectors (
    index_id integer not null references embedding_indexes on delete cascade,
    line_id integer not null references background_lines on delete cascade,
    embedding vector not null,
    -- The cosine of the nearest chunk: the documents are about the line if it is high. Null until it is measured.
    nearness real,
    primary key (index_id, line_id)
);
create index background_vectors_line on background_vectors (line_id);
