-- What a check of an unusual look came to: work, mistake, concern.
alter table unusual_look add column outcome text;

-- Where a worker lives, or lived: marks that are equal when the addresses are,
-- and say nothing without the council's key. The address itself is not kept.
create table worker_home (
    id            text primary key,
    worker_id     text not null references worker (id),
    address_mark  text not null,
    postcode_mark text not null,
    told_by       text not null references worker (id),
    told_at       timestamptz not null,
    ended_at      timestamptz,
    version       bigint not null
);
create index worker_home_worker on worker_home (worker_id);
