-- A child or a family is referred to a service of the directory. The first day
-- on which it was asked stays, whoever gives the service later (R002-26); what
-- came of it is asked until it is known (R002-34).
create table service_referral (
    id          text primary key,
    plan_id     text not null references plan (id),
    action_id   text not null references action (id),
    family_id   text not null references family (id),
    person_id   text not null references person (id),
    service_id  text,              -- in the directory; nothing for one that is not in it
    service     text not null,     -- its name, as it was
    provider    text not null,
    asked_on    date not null,     -- the first day, never changed
    state       text not null,     -- codes/service-state
    state_on    date not null,
    declined_why text,
    result      text,              -- codes/service-result: did the family get help?
    result_on   date,
    words       text,              -- what was said last
    made_by     text not null references worker (id),
    made_at     timestamptz not null,
    version     bigint not null
);
create index service_referral_plan on service_referral (plan_id);
create index service_referral_person on service_referral (person_id, state);

-- Another provider takes it over: the place in the queue goes with it.
create table service_move (
    id          text primary key,
    referral_id text not null references service_referral (id),
    family_id   text not null references family (id),
    moved_on    date not null,
    from_service text not null,
    to_service  text not null,
    to_provider text not null,
    why         text not null,
    made_by     text not null references worker (id),
    made_at     timestamptz not null,
    version     bigint not null
);
create index service_move_of on service_move (referral_id);

-- A need for which there is no service (R002-16).
create table unmet_need (
    id          text primary key,
    plan_id     text not null references plan (id),
    family_id   text not null references family (id),
    person_id   text not null references person (id),
    need        text not null,     -- codes/unmet-need
    why         text not null,     -- codes/unmet-why
    words       text,
    noted_on    date not null,
    made_by     text not null references worker (id),
    made_at     timestamptz not null,
    version     bigint not null
);
create index unmet_need_person on unmet_need (person_id, noted_on);
