-- Search by words and by meaning. What is derived from a section (its chunks, postings and vectors) goes with it.

-- Each file with the folder it was read from, so that a file that is gone from there leaves the index.
create table knowledge_files (
    name text primary key,
    root text not null,
    ingested_at timestamptz not null default now()
);

-- What is embedded: a section's headings (position 0) and the pieces of its text.
create table knowledge_chunks (
    id bigint primary key generated always as identity,
    section_id text not null references knowledge_base on delete cascade,
    position integer not null,
    content text not null,
    unique (section_id, position)
);

-- Which section holds which lexeme, and how much it says about it.
create table knowledge_postings (
    lexeme text not null,
    section_id text not null references knowledge_base on delete cascade,
    weight real not null,
    primary key (lexeme, section_id) include (weight)
);
create index knowledge_postings_section on knowledge_postings (section_id);

-- How much a lexeme tells: the rarer the more. The empty lexeme stands for those that no section holds.
create table knowledge_terms (
    lexeme text primary key,
    rarity real not null
);
create index knowledge_terms_alike on knowledge_terms using gist (lexeme gist_trgm_ops);

-- One index of vectors that serves for each model, and beside it one that is being built.
create table embedding_indexes (
    id integer primary key generated always as identity,
    model text not null,
    dimensions integer not null check (dimensions in (384, 1536)),
    serving boolean not null default false,
    created_at timestamptz not null default now(),
    unique (model, serving)
);

create table knowledge_vectors_384 (
    index_id integer not null references embedding_indexes on delete cascade,
    chunk_id bigint not null references knowledge_chunks on delete cascade,
    embedding vector(384) not null,
    primary key (index_id, chunk_id)
);
create index knowledge_vectors_384_chunk on knowledge_vectors_384 (chunk_id);
create index knowledge_vectors_384_near on knowledge_vectors_384 using hnsw (embedding vector_cosine_ops);

create table knowledge_vectors_1536 (
    index_id integer not null references embedding_indexes on delete cascade,
    chunk_id bigint not null references knowledge_chunks on delete cascade,
    embedding vector(1536) not null,
    primary key (index_id, chunk_id)
);
create index knowledge_vectors_1536_chunk on knowledge_vectors_1536 (chunk_id);
create index knowledge_vectors_1536_near on knowledge_vectors_1536 using hnsw (embedding vector_cosine_ops);

-- Postings stand for the words from now on. A program of before this migration still searches by them.
alter table knowledge_base alter column words drop not null;
-- Nothing of what stands here has chunks or postings: the next start writes it again.
update knowledge_base set content_hash = '';
