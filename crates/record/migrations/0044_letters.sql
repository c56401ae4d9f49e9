-- Letters to children and families: written from a pack's first draft, kept as
-- they are, printed only where the address is safe (R002-10).
create table letter (
    id          text primary key,
    person_id   text not null references person (id), -- in whose record it stands
    to_id       text not null references person (id),
    decision_id text references decision (id),
    kind        text not null,  -- a letter of the pack
    subject     text not null,
    body        text not null,
    made_by     text not null references worker (id),
    made_at     timestamptz not null,
    given       text,           -- post, hand, read_aloud
    given_by    text references worker (id),
    given_at    timestamptz,
    version     bigint not null
);
create index letter_person on letter (person_id);
