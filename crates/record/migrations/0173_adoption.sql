-- A child and adopters who may belong together. After the order the row knows
-- no child any more.
create table adoption_match (
    id          text primary key,
    carer_id    text not null references carer (id),
    family_id   text not null references family (id),
    person_id   text references person (id),
    state       text not null,     -- proposed, agreed, introductions, placed, ordered, ended
    why         text not null,
    childs_words text,
    proposed_on date not null,
    agreed_on   date,
    introductions_on date,
    placed_on   date,
    reviews     bigint not null,
    ended_on    date,
    end_words   text,
    made_by     text not null references worker (id),
    version     bigint not null
);
create index adoption_match_carer on adoption_match (carer_id);
create index adoption_match_person on adoption_match (person_id);

-- The one place that knows who a child was and who they are: sealed under the
-- council's key, found by marks that say nothing without it. It names nobody.
create table adoption_seal (
    id          text primary key,
    before_mark text not null,
    after_mark  text not null,
    sealed      text not null,
    sealed_at   timestamptz not null,
    version     bigint not null
);
create unique index adoption_seal_before on adoption_seal (before_mark);
create unique index adoption_seal_after on adoption_seal (after_mark);
