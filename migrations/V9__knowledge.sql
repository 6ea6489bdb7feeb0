-- The knowledge base, searched by words and by meaning. What is derived from a section (its chunks, postings and
-- vectors) is deleted with it.

-- Each file with the folder it was read from, so that a file that is gone from there leaves the index.
create table knowledge_files (
    name text primary key,
    root text not null,
    ingested_at timestamptz not null default now()
);

-- A section of a document.
create table knowledge_base (
    id text primary key,
    file text not null,
    position integer not null,
    title text not null,
    heading_path text not null,
    content text not null,
    content_hash bytea not null,
    words tsvector not null,
    updated_at timestamptz not null default now()
);

-- What is embedded: a section's headings (position 0) and the pieces of its text.
create table knowledge_chunks (
    id bigint primary key generated always as identity,
    section_id text not null references knowledge_base on delete cascade,
    position integer not null,
    content text not null,
    unique (section_id, position)
);

-- Which section holds which lexeme, and how much the lexeme says about it.
create table knowledge_postings (
    lexeme text not null,
    section_id text not null references knowledge_base on delete cascade,
    weight real not null,
    primary key (lexeme, section_id) include (weight)
);
create index knowledge_postings_section on knowledge_postings (section_id);

-- The inverse document frequency of each lexeme. The empty lexeme stands for those that no section holds.
create table knowledge_terms (
    lexeme text primary key,
    rarity real not null
);
create index knowledge_terms_alike on knowledge_terms using gist (lexeme gist_trgm_ops);

-- For each model one vector index that serves searches, and beside it one that is being built.
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
