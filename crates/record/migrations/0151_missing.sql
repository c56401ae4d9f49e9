-- Children who are missing or away, what they say when they are back, and the
-- panel on exploitation.
create table missing (
    id          text primary key,
    person_id   text not null references person (id),
    family_id   text references family (id),
    care_id     text references care (id), -- missing from care, if the child is in care
    kind        text not null,     -- MISSING: M, A
    started_at  timestamptz not null, -- MIS_START
    ended_at    timestamptz,       -- MIS_END
    last_seen   text,
    police      text,              -- the police's reference
    worry       text,
    back_how    text,              -- alone, police, carers, located
    back_place  text,
    back_words  text,
    interview   text not null,     -- none, due, held, refused, decided_not
    interview_at timestamptz,
    interview_by text,
    independent boolean,
    childs_words text,
    pushes      json not null,     -- codes/missing-push
    pulls       json not null,     -- codes/missing-pull
    exploitation text,             -- none, some, strong
    no_interview_why text,
    next        text,
    team_id     text references team (id),
    logged_by   text not null references worker (id),
    logged_at   timestamptz not null,
    version     bigint not null
);
create index missing_person on missing (person_id, started_at);
create index missing_open on missing (ended_at, started_at);

-- A place or a person that came up in an interview: patterns grow from these.
create table missing_link (
    id          text primary key,
    missing_id  text not null references missing (id),
    person_id   text not null references person (id),
    kind        text not null,     -- place, person
    name        text not null,
    plain_name  text not null,     -- small letters, single spaces: for finding the same again
    who         text,
    version     bigint not null
);
create index missing_link_missing on missing_link (missing_id);
create index missing_link_name on missing_link (kind, plain_name);
create index missing_link_person on missing_link (person_id);

-- The list of the exploitation panel (R002-11).
create table panel_referral (
    id          text primary key,
    person_id   text not null references person (id),
    kinds       json not null,     -- codes/exploitation-kind
    words       text not null,
    referred_on date not null,
    referred_by text not null references worker (id),
    decided_on  date,
    decision    text,              -- strategy, keep, disrupt, off
    decision_words text,
    version     bigint not null
);
create index panel_referral_person on panel_referral (person_id);
create index panel_referral_open on panel_referral (decided_on);
