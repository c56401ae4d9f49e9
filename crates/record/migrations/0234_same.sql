-- Two records that are one person, joined and taken apart again. Neither loses
-- a row: the earlier one stays whole beside the one that is written on.
create table merged (
    id          text primary key,
    kept_id     text not null references person (id), -- written on from now on
    other_id    text not null references person (id), -- kept whole beside it
    reason      text not null, -- how somebody knows
    names       json not null, -- the names that the kept record took over: their ids
    merged_by   text not null references worker (id),
    merged_at   timestamptz not null,
    parted_by   text references worker (id),
    parted_at   timestamptz,
    part_reason text,
    version     bigint not null
);
create unique index merged_other on merged (other_id) where parted_at is null;
create index merged_kept on merged (kept_id);
