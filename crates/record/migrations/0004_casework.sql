-- Front door.
create table contact (
    id           text primary key,
    reference    text not null unique,
    route        text not null, -- public, school, police, phone, council
    form         text not null,
    form_version text not null,
    answers      json not null,
    state        text not null, -- new, screening, decided
    priority     bigint not null, -- 1 immediate risk, 2 today, 3 usual
    received_at  timestamptz not null,
    source       text,          -- CIN census referral source code
    referrer_name text,
    referrer_role text,
    referrer_agency text,
    referrer_phone text,
    referrer_email text,
    concern      text not null, -- the referrer's own words
    postcode     text,
    family_id    text references family (id),
    team_id      text references team (id),
    screener_id  text references worker (id),
    taken_by     text references worker (id),
    screening_started_at timestamptz,
    decided_at   timestamptz,
    outcome      text,
    version      bigint not null
);
create index contact_state on contact (state, priority, received_at);
create index contact_family on contact (family_id);

create table contact_child (
    id         text primary key,
    contact_id text not null references contact (id),
    told       json not null, -- as told: given, family_name, born, school, description
    person_id  text references person (id),
    settled_at timestamptz,
    version    bigint not null
);
create index contact_child_contact on contact_child (contact_id);
create index contact_child_person on contact_child (person_id);

-- Every decision keeps who, when, why, what was considered and the threshold in force.
create table decision (
    id           text primary key,
    kind         text not null, -- threshold, allocation, closure, authorisation ...
    contact_id   text references contact (id),
    family_id    text references family (id),
    person_id    text references person (id),
    step_id      text,
    level        text,
    indicators   json not null,
    outcome      text not null,
    rationale    text not null,
    considered   text,
    alternatives text,
    child_words  text,          -- what we will tell the child
    guide_version text,         -- the threshold document in force
    form         text,
    form_version text,
    answers      json not null,
    decided_by   text not null references worker (id),
    decided_at   timestamptz not null,
    version      bigint not null
);
create index decision_contact on decision (contact_id);
create index decision_person on decision (person_id);
create index decision_family on decision (family_id);

-- Someone was told something: the referrer, the other council, the family.
create table told (
    id         text primary key,
    contact_id text references contact (id),
    family_id  text references family (id),
    who        text not null,
    how        text not null, -- phone, email, letter, in_person, secure_link
    words      text not null,
    told_by    text not null references worker (id),
    told_at    timestamptz not null,
    reason     text not null, -- outcome, passed_on, acknowledgement
    acknowledged_at timestamptz,
    acknowledged_by text,
    version    bigint not null
);
create index told_contact on told (contact_id);

-- A step of the practice pack: referral, child and family assessment ...
create table step (
    id            text primary key,
    kind          text not null, -- a step of the pack
    form          text,
    form_version  text,
    pack_version  text not null,
    family_id     text not null references family (id),
    contact_id    text references contact (id),
    team_id       text references team (id),
    worker_id     text references worker (id),
    state         text not null, -- open, submitted, sent_back, done, skipped
    started_on    date not null,
    submitted_by  text references worker (id),
    submitted_at  timestamptz,
    settled_by    text references worker (id),
    settled_at    timestamptz,
    settled_words text,          -- the manager's own view, or the reason it was sent back or skipped
    outcome       text,
    version       bigint not null
);
create index step_family on step (family_id);
create index step_worker on step (worker_id, state);
create index step_team on step (team_id, state);

create table step_subject (
    id        text primary key,
    step_id   text not null references step (id),
    person_id text not null references person (id),
    version   bigint not null
);
create index step_subject_step on step_subject (step_id);
create index step_subject_person on step_subject (person_id);

-- One version per section, so that two people can write two sections at once.
create table step_section (
    id        text primary key,
    step_id   text not null references step (id),
    subject_id text not null references person (id),
    section   text not null,
    answers   json not null,
    finished  boolean not null,
    saved_by  text not null references worker (id),
    saved_at  timestamptz not null,
    version   bigint not null,
    unique (step_id, section)
);

-- What someone is still writing. Never checked, never lost.
create table draft (
    id          text primary key,
    worker_id   text not null references worker (id),
    target      text not null, -- step:ID:SECTION, note:PERSON, contact:new ...
    title       text not null, -- for the list of unfinished work; no personal content
    path        text not null, -- where to go on writing
    body        text not null, -- sealed JSON of the fields as typed
    page        text not null, -- one opening of the page: the numbers count within it
    seq         bigint not null,
    base_version bigint,
    refused     boolean not null, -- a stale save: kept beside the other text
    started_at  timestamptz not null,
    saved_at    timestamptz not null,
    unique (worker_id, target, refused)
);

-- A running clock: what is due, by which rule, and the reason if it is late.
create table clock (
    id          text primary key,
    rule        text not null, -- a clock of the pack
    rule_version text not null,
    title       text not null,
    about_kind  text not null, -- contact, step, plan, action, meeting, told, access_grant
    about_id    text not null,
    person_id   text references person (id),
    family_id   text references family (id),
    contact_id  text references contact (id),
    team_id     text references team (id),
    worker_id   text references worker (id),
    path        text not null, -- where the work is done
    started_at  timestamptz not null,
    due_at      timestamptz not null, -- the last moment that is in time
    done_at     timestamptz,
    late_reason text,
    late_agreed_by text references worker (id),
    late_recorded_at timestamptz,
    version     bigint not null
);
create index clock_worker on clock (worker_id, done_at, due_at);
create index clock_team on clock (team_id, done_at, due_at);
create index clock_about on clock (about_kind, about_id);
create index clock_family on clock (family_id);

-- Plans: one component for every kind.
create table plan (
    id         text primary key,
    kind       text not null, -- child_in_need, early_help ...
    family_id  text not null references family (id),
    step_id    text references step (id),
    worker_id  text references worker (id),
    team_id    text references team (id),
    state      text not null, -- open, closed
    started_on date not null,
    ended_on   date,
    end_reason text,
    different  text,          -- what is different for the child? (R001-13)
    summary    text,
    version    bigint not null
);
create index plan_family on plan (family_id);
create index plan_worker on plan (worker_id, state);

create table plan_subject (
    id        text primary key,
    plan_id   text not null references plan (id),
    person_id text not null references person (id),
    version   bigint not null
);
create index plan_subject_plan on plan_subject (plan_id);
create index plan_subject_person on plan_subject (person_id);

create table goal (
    id          text primary key,
    plan_id     text not null references plan (id),
    family_id   text not null references family (id),
    person_id   text references person (id),
    wording     text not null,
    child_words text,          -- the child's own words, never edited
    outcomes    json not null, -- outcome tags
    state       text not null, -- working, achieved, partly, not_achieved
    result      text,
    set_on      date not null,
    settled_on  date,
    version     bigint not null
);
create index goal_plan on goal (plan_id);

create table action (
    id         text primary key,
    plan_id    text not null references plan (id),
    family_id  text not null references family (id),
    goal_id    text references goal (id),
    what       text not null,
    agency     text not null,
    owner      text not null, -- a person or a post
    owner_worker_id text references worker (id),
    owner_email text,
    due_on     date not null,
    measure    text not null, -- how we will know
    state      text not null, -- to_do, under_way, done, cannot
    made_by    text not null references worker (id),
    made_at    timestamptz not null,
    settled_on date,
    version    bigint not null
);
create index action_plan on action (plan_id);
create index action_owner on action (owner_worker_id, state);

create table action_update (
    id        text primary key,
    action_id text not null references action (id),
    family_id text not null references family (id),
    state     text not null,
    words     text not null,
    said_by   text not null, -- a worker's name, or the partner's
    worker_id text references worker (id),
    link_id   text,
    said_at   timestamptz not null,
    version   bigint not null
);
create index action_update_action on action_update (action_id);

-- A partner answers for its action once, without an account.
create table action_link (
    id         text primary key,
    token_hash text not null unique,
    action_id  text not null references action (id),
    sent_to    text not null,
    made_by    text not null references worker (id),
    made_at    timestamptz not null,
    ends_at    timestamptz not null,
    used_at    timestamptz,
    withdrawn_at timestamptz,
    version    bigint not null
);
create index action_link_action on action_link (action_id);

-- Meetings: one component for every kind.
create table meeting (
    id        text primary key,
    kind      text not null,
    family_id text not null references family (id),
    plan_id   text references plan (id),
    held_at   timestamptz not null,
    place     text,
    state     text not null, -- planned, held, cancelled
    purpose   text,
    discussion text,
    decision  text,
    interpreter text,        -- needed, booked, declined with reason
    chaired_by text,
    made_by   text not null references worker (id),
    version   bigint not null
);
create index meeting_family on meeting (family_id);
create index meeting_plan on meeting (plan_id);

create table meeting_person (
    id         text primary key,
    meeting_id text not null references meeting (id),
    family_id  text not null references family (id),
    person_id  text references person (id),
    worker_id  text references worker (id),
    name       text not null,
    role       text not null,
    agency     text not null,
    invited    boolean not null,
    came       text,          -- came, sent_views, absent
    absent_why text,
    views      text,
    version    bigint not null
);
create index meeting_person_meeting on meeting_person (meeting_id);

-- Notes and visits. A note about brothers and sisters is one row each, joined by group.
create table note (
    id          text primary key,
    person_id   text not null references person (id),
    family_id   text references family (id),
    group_id    text not null,
    kind        text not null, -- note, visit, supervision, message
    happened_at timestamptz not null,
    recorded_at timestamptz not null,
    author_id   text not null references worker (id),
    words       text not null,
    only_here   text,          -- the part that belongs to this child alone
    visit       json,          -- purpose, seen, alone, place, child's words, next
    goal_id     text references goal (id),
    seen        boolean,
    seen_alone  boolean,
    sensitive   boolean not null,
    pinned      boolean not null,
    corrected_at timestamptz,
    correction_reason text,
    version     bigint not null
);
create index note_person on note (person_id, happened_at);
create index note_family on note (family_id, happened_at);
create index note_author on note (author_id, recorded_at);

create table chronology (
    id          text primary key,
    person_id   text not null references person (id),
    happened_on date not null,
    kind        text not null,
    wording     text not null,
    response    text,
    impact      text,
    significance text,
    state       text not null, -- proposed, accepted, rejected
    source_kind text,
    source_id   text,
    reported_by text,
    made_at     timestamptz not null,
    settled_by  text references worker (id),
    settled_at  timestamptz,
    version     bigint not null
);
create index chronology_person on chronology (person_id, happened_on);
create index chronology_source on chronology (source_kind, source_id);

-- Complexity of a child's work, set by a manager with a reason (weighted caseload).
create table complexity (
    id        text primary key,
    person_id text not null references person (id),
    points    bigint not null,
    reason    text not null,
    set_by    text not null references worker (id),
    set_at    timestamptz not null,
    ended_at  timestamptz,
    version   bigint not null
);
create index complexity_person on complexity (person_id);

-- Rows of an import that were taken, so that a second run changes nothing.
create table imported (
    source     text not null,
    source_key text not null,
    digest     text not null,
    person_id  text not null references person (id),
    imported_at timestamptz not null,
    primary key (source, source_key)
);
