-- Looks that nothing in the work explains, one row a worker, a person and a day,
-- for whoever checks them. Found by reading the journal on from where it was
-- read last.
create table unusual_look (
    id          text primary key,
    worker_id   text not null references worker (id),
    person_id   text not null references person (id),
    day         date not null,
    signs       json not null, -- a list of words: same_name, out_of_hours ...
    looks       bigint not null,
    first_at    timestamptz not null,
    last_at     timestamptz not null,
    reviewed_by text references worker (id),
    reviewed_at timestamptz,
    review_note text,
    version     bigint not null,
    unique (worker_id, person_id, day)
);
create index unusual_look_open on unusual_look (reviewed_at, day);

create table journal_read (
    reader text   not null, -- who reads: unusual_looks
    writer text   not null,
    seq    bigint not null, -- read up to here
    primary key (reader, writer)
);
