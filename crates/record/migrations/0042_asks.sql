-- What a child or a family asked of a plan, and what was agreed and why
-- (R000-29). Their words are never edited.
create table family_ask (
    id          text primary key,
    plan_id     text not null references plan (id),
    family_id   text not null references family (id),
    person_id   text references person (id), -- who asked, of the family
    asked_by    text not null,
    words       text not null,
    asked_on    date not null,
    agreed      text,          -- yes, partly, no
    what        text,          -- what we agreed
    why         text,
    answered_by text references worker (id),
    answered_at timestamptz,
    made_by     text not null references worker (id),
    version     bigint not null
);
create index family_ask_plan on family_ask (plan_id);
