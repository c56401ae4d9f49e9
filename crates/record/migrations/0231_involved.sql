-- Exactly one lead professional of a child at a time (R000-30). Where a record
-- had two, whoever holds the work leads, then whoever came last.
update involvement set lead = false
where lead and ended_on is null and id <> (
    select b.id from involvement b
    where b.person_id = involvement.person_id and b.lead and b.ended_on is null
    order by case when b.role = 'allocated' then 0 else 1 end, b.started_on desc, b.id desc
    limit 1
);
create unique index involvement_one_lead on involvement (person_id)
    where lead and ended_on is null;

-- Where an involvement comes from, when it is a partner's list.
create table involvement_source (
    id             text primary key,
    involvement_id text not null references involvement (id),
    person_id      text not null references person (id),
    source         text not null, -- the name of the list
    source_key     text not null, -- what tells the row from others of the list
    digest         text not null, -- of the row, to see if it changed
    told_at        timestamptz not null,
    version        bigint not null,
    unique (source, source_key)
);
create index involvement_source_involvement on involvement_source (involvement_id);

-- A row of a partner's list that may be about a child and waits for somebody to
-- say so. Of a restricted child only the shield team learns.
create table feed_row (
    id          text primary key,
    person_id   text not null references person (id), -- who may be meant
    source      text not null,
    source_key  text not null,
    digest      text not null,
    content     json not null, -- the child and the professional, as the list has them
    because     json not null, -- why, in sentences
    score       bigint not null, -- per cent
    for_shield_team boolean not null,
    told_at     timestamptz not null,
    settled_as  text,          -- same, not_the_same
    settled_by  text references worker (id),
    settled_at  timestamptz,
    version     bigint not null,
    unique (source, source_key, person_id)
);
create index feed_row_open on feed_row (settled_at, for_shield_team);
