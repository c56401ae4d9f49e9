-- A package of support: several services for one family with one set of goals,
-- from a day to a day, looked at again on the way (R000-17).
create table support_package (
    id          text primary key,
    plan_id     text not null references plan (id),
    family_id   text not null references family (id),
    name        text not null,
    aim         text not null,     -- what it should change for the family
    goals       json not null,     -- the goals of the plan that it serves, a list of ids
    starts_on   date not null,
    state       text not null,     -- open, ended
    ended_on    date,
    outcome     text,              -- codes/package-outcome
    end_words   text,
    made_by     text not null references worker (id),
    made_at     timestamptz not null,
    version     bigint not null
);
create index support_package_plan on support_package (plan_id, state);

-- One of its services.
create table support_part (
    id          text primary key,
    package_id  text not null references support_package (id),
    family_id   text not null references family (id),
    service     text not null,
    provider    text not null,
    how_much    text,
    state       text not null,     -- codes/package-part-state
    since       date not null,     -- in this state since
    helped      text,              -- yes, some, no: said when it ends
    words       text,              -- how it goes, or how it went
    made_by     text not null references worker (id),
    made_at     timestamptz not null,
    version     bigint not null
);
create index support_part_of on support_part (package_id);

-- A look at the whole package, with the family.
create table support_review (
    id          text primary key,
    package_id  text not null references support_package (id),
    family_id   text not null references family (id),
    reviewed_on date not null,
    family_words text,             -- what the child and the family say
    words       text not null,     -- what is found, and what changes
    made_by     text not null references worker (id),
    made_at     timestamptz not null,
    version     bigint not null
);
create index support_review_of on support_review (package_id, reviewed_on);
