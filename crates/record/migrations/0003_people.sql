-- People and families: adults are full people, never fields of a child.
create table person (
    id               text primary key,
    kind             text not null, -- child, adult, expected
    given            text not null, -- may be empty: "boy, about 4"
    family_name      text not null,
    known_as         text,
    described_as     text,          -- words for a person whose name is not known
    pronouns         text,
    sex              text,          -- codes/sex
    gender           text,
    born_on          date,
    born_kind        text,          -- exact, estimated, assessed, expected
    died_on          date,
    ethnicity        text,
    religion         text,
    first_language   text,
    interpreter      boolean not null,
    communication    text,          -- communication needs in words
    nhs_number       text,
    upn              text,
    school_id        text,
    going_well       text,          -- strengths, hopes, achievements (R001-34)
    status           text,          -- assessment, child_in_need, ... kept by casework for lists
    created_at       timestamptz not null,
    version          bigint not null
);
create index person_born on person (born_on);
create index person_nhs on person (nhs_number);
create index person_upn on person (upn);

create table person_name (
    id         text primary key,
    person_id  text not null references person (id),
    kind       text not null, -- birth, former, alias, preferred
    given      text not null,
    family_name text not null,
    started_on date,
    ended_on   date,
    version    bigint not null
);
create index person_name_person on person_name (person_id);

-- Sound and letter keys of every name, for finding a child by a misspelt one.
create table person_key (
    person_id text not null references person (id),
    key       text not null,
    primary key (key, person_id)
);
create index person_key_person on person_key (person_id);

create table address (
    id          text primary key,
    person_id   text not null references person (id),
    kind        text not null, -- home, placement, temporary, correspondence, other_parent
    line1       text not null,
    line2       text,
    town        text,
    postcode    text,
    ward        text,
    team_id     text,          -- the locality team that covers it
    started_on  date,
    ended_on    date,
    protected   boolean not null, -- a place that someone must not learn
    safe_to_write boolean not null,
    unsafe_reason text,
    version     bigint not null
);
create index address_person on address (person_id);
create index address_postcode on address (postcode);

create table reach (
    id         text primary key,
    person_id  text not null references person (id),
    kind       text not null, -- phone, email
    value      text not null,
    safe       boolean not null,
    note       text,
    ended_on   date,
    version    bigint not null
);
create index reach_person on reach (person_id);

create table relationship (
    id          text primary key,
    from_id     text not null references person (id), -- from is the <kind> of to
    to_id       text not null references person (id),
    kind        text not null, -- codes/relationships: parent, partner, sibling, grandparent ...
    parental_responsibility boolean,
    standing    text,          -- partners: married, cohabiting, separated, divorced
    closeness   text,          -- close, conflict, distant
    started_on  date,
    ended_on    date,
    version     bigint not null
);
create index relationship_from on relationship (from_id);
create index relationship_to on relationship (to_id);

create table family (
    id         text primary key,
    name       text not null,
    created_at timestamptz not null,
    version    bigint not null
);

create table family_member (
    id         text primary key,
    family_id  text not null references family (id),
    person_id  text not null references person (id),
    household  boolean not null, -- lives in the household, or matters from outside it
    joined_on  date,
    left_on    date,
    version    bigint not null
);
create index family_member_family on family_member (family_id);
create index family_member_person on family_member (person_id);

create table organisation (
    id       text primary key,
    name     text not null,
    kind     text not null, -- school, gp, hospital, police, housing, voluntary, council
    phone    text,
    email    text,
    postcode text,
    version  bigint not null
);

-- Who works with whom. Allocation is an involvement whose role is 'allocated'.
create table involvement (
    id          text primary key,
    person_id   text not null references person (id),
    worker_id   text references worker (id),
    team_id     text references team (id),
    role        text not null, -- allocated, co_worker, supervisor, other
    name        text not null,
    job_title   text not null,
    agency      text not null,
    phone       text,
    email       text,
    lead        boolean not null,
    sensitive   boolean not null, -- shown only as "someone is involved: ask"
    started_on  date not null,
    ended_on    date,
    change_reason text,
    version     bigint not null
);
create index involvement_person on involvement (person_id);
create index involvement_worker on involvement (worker_id);
create index involvement_team on involvement (team_id);

-- Bars and lifts of access.
create table restriction (
    id         text primary key,
    person_id  text not null references person (id),
    reason     text not null, -- staff_relative, adoption, high_risk, practice_review, high_profile ...
    set_by     text not null,
    set_at     timestamptz not null,
    review_on  date not null,
    ended_at   timestamptz,
    version    bigint not null
);
create index restriction_person on restriction (person_id);

create table restriction_allow (
    id             text primary key,
    restriction_id text not null references restriction (id),
    worker_id      text not null references worker (id),
    version        bigint not null
);
create index restriction_allow_restriction on restriction_allow (restriction_id);

create table conflict (
    id        text primary key,
    worker_id text not null references worker (id),
    person_id text not null references person (id),
    declared_at timestamptz not null,
    ended_at  timestamptz,
    version   bigint not null
);
create index conflict_worker on conflict (worker_id);

create table access_grant (
    id         text primary key,
    kind       text not null, -- break_glass, partner, meeting
    worker_id  text not null references worker (id),
    person_id  text not null references person (id),
    section    text not null,
    reason     text not null,
    starts_at  timestamptz not null,
    ends_at    timestamptz not null,
    ended_at   timestamptz,
    reviewed_by text,
    reviewed_at timestamptz,
    review_note text,
    version    bigint not null
);
create index access_grant_person on access_grant (person_id, worker_id);

create table possible_duplicate (
    id         text primary key,
    person_id  text not null references person (id),
    other_id   text not null references person (id),
    because    json not null,
    score      bigint not null,  -- per cent
    raised_at  timestamptz not null,
    settled_as text,             -- same, not_the_same
    settled_by text,
    settled_at timestamptz,
    for_shield_team boolean not null,
    version    bigint not null
);
