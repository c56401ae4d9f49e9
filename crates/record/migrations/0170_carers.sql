-- Foster carers and adopters: a household of people with a family of its own.

create table carer (
    id          text primary key,
    kind        text not null,     -- foster, adopt
    family_id   text not null references family (id),
    name        text not null,     -- "Wren and Sol Tarn"
    stage       text not null,     -- codes/carer-stage
    stage_on    date not null,
    enquired_on date not null,
    approved_on date,
    ended_on    date,
    end_reason  text,              -- codes/carer-end
    away_until  date,              -- not free to take a child until then
    away_why    text,
    worker_id   text references worker (id),
    team_id     text references team (id),
    postcode    text,
    version     bigint not null
);
create index carer_family on carer (family_id);
create index carer_stage on carer (kind, stage);

-- Everybody in the household, with what they are to it.
create table carer_person (
    id          text primary key,
    carer_id    text not null references carer (id),
    family_id   text not null references family (id),
    person_id   text not null references person (id),
    role        text not null,     -- carer, adult, child
    since       date not null,
    until       date,
    version     bigint not null
);
create index carer_person_carer on carer_person (carer_id);
create index carer_person_person on carer_person (person_id);

-- The terms of the approval, one row for each time they were set.
create table carer_terms (
    id          text primary key,
    carer_id    text not null references carer (id),
    family_id   text not null references family (id),
    since       date not null,
    until       date,
    places      bigint not null,
    age_from    bigint not null,
    age_to      bigint not null,
    kinds       json not null,     -- codes/carer-kinds
    offers      json not null,     -- codes/carer-offers: needs they can meet
    siblings    boolean not null,
    words       text,
    version     bigint not null
);
create index carer_terms_carer on carer_terms (carer_id, until);

-- More than the usual limit, or outside the terms, for the children it names.
create table carer_exemption (
    id          text primary key,
    carer_id    text not null references carer (id),
    family_id   text not null references family (id),
    kind        text not null,     -- usual_limit, terms
    about       text not null,
    why         text not null,
    agreed_by   text not null,
    since       date not null,
    until       date,
    made_by     text not null references worker (id),
    version     bigint not null
);
create index carer_exemption_carer on carer_exemption (carer_id);

create table carer_check (
    id          text primary key,
    carer_id    text not null references carer (id),
    family_id   text not null references family (id),
    person_id   text references person (id),
    kind        text not null,     -- codes/carer-checks
    done_on     date not null,
    result      text not null,     -- clear, matter
    words       text,
    expires_on  date,
    made_by     text not null references worker (id),
    version     bigint not null
);
create index carer_check_carer on carer_check (carer_id, kind);

-- What happened with them: visits, training, reviews, stages, changes.
create table carer_event (
    id          text primary key,
    carer_id    text not null references carer (id),
    family_id   text not null references family (id),
    kind        text not null,
    detail      text,
    happened_on date not null,
    words       text not null,
    form        text not null,
    form_version text not null,
    answers     json not null,
    made_by     text not null references worker (id),
    made_at     timestamptz not null,
    version     bigint not null
);
create index carer_event_carer on carer_event (carer_id, happened_on);

create table carer_concern (
    id          text primary key,
    carer_id    text not null references carer (id),
    family_id   text not null references family (id),
    kind        text not null,     -- allegation, concern, complaint
    reported_on date not null,
    words       text not null,
    children    text,              -- what was done for the children there
    officer_on  date,              -- the designated officer was told
    closed_on   date,
    outcome     text,              -- codes/carer-concern-outcome
    outcome_words text,
    made_by     text not null references worker (id),
    version     bigint not null
);
create index carer_concern_carer on carer_concern (carer_id, closed_on);

-- A child in care lives with a household we know.
alter table placement add column carer_id text references carer (id);
create index placement_carer on placement (carer_id, ended_on);
