-- Who asked who a child is, and why, before anything was shown (R001-25). What
-- was typed is not kept: it may name a child whom nobody found.
create table index_search (
    id          text primary key,
    worker_id   text not null references worker (id),
    reason      text not null, -- codes/index-reasons
    shown       bigint not null, -- how many children were shown
    searched_at timestamptz not null,
    version     bigint not null
);
create index index_search_worker on index_search (worker_id, searched_at);

create table index_look (
    id        text primary key,
    search_id text not null references index_search (id),
    person_id text not null references person (id),
    worker_id text not null references worker (id),
    reason    text not null, -- codes/index-reasons
    words     text,          -- the reason in words, where one was asked for
    looked_at timestamptz not null,
    version   bigint not null
);
create index index_look_person on index_look (person_id, looked_at);
create index index_look_worker on index_look (worker_id, looked_at);
