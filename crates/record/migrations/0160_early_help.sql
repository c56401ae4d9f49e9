-- One period of early help for a family, from its start to its end: what holds
-- the consent, the assessment, the plan and a step up together.
create table early_help (
    id          text primary key,
    family_id   text not null references family (id),
    began_on    date not null,
    source      text not null, -- child_page, partner, front_door, step_down
    reason      text not null,
    contact_id  text references contact (id),
    step_id     text references step (id), -- the assessment
    plan_id     text references plan (id),
    team_id     text references team (id),
    started_by  text references worker (id),
    step_up_id  text references contact (id), -- the latest time social care was asked
    bring_back  text, -- what would bring social care back, after a step down
    state       text not null, -- open, closed
    ended_on    date,
    outcome     text,
    different   text,
    version     bigint not null
);
create index early_help_family on early_help (family_id);
create index early_help_state on early_help (state, team_id);
create index early_help_plan on early_help (plan_id);
create index early_help_step_up on early_help (step_up_id);

create table early_help_child (
    id            text primary key,
    early_help_id text not null references early_help (id),
    person_id     text not null references person (id),
    version       bigint not null
);
create index early_help_child_help on early_help_child (early_help_id);
create index early_help_child_person on early_help_child (person_id);

-- What a family said about consent, each answer beside those before.
create table consent (
    id            text primary key,
    early_help_id text not null references early_help (id),
    family_id     text not null references family (id),
    said          text not null, -- given, asked, refused, withdrawn
    said_by       text,
    said_on       date not null,
    how           text,
    shares        json not null, -- agencies
    words         text,
    recorded_by   text references worker (id), -- nobody of ours: a partner on its page
    recorded_at   timestamptz not null,
    version       bigint not null
);
create index consent_help on consent (early_help_id);
