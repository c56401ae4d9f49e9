-- Work before and in the family court, and the register of orders that
-- deprive a child of liberty.
create table court_case (
    id          text primary key,
    family_id   text not null references family (id),
    state       text not null,     -- gateway, pre_proceedings, issued, ended
    gateway_on  date,
    gateway_words text,
    letter_on   date,
    letter_to   text,
    letter_words text,
    met_on      date,
    met_words   text,
    issued_on   date,
    number      text,
    court       text,
    seeks       text,
    papers      json not null,
    ended_on    date,
    outcome     text,              -- codes/court-outcome, or not_now, stopped
    outcome_words text,
    lawyer      text,
    worker_id   text references worker (id),
    team_id     text references team (id),
    version     bigint not null
);
create index court_case_family on court_case (family_id);
create index court_case_state on court_case (state);

create table court_child (
    id          text primary key,
    case_id     text not null references court_case (id),
    person_id   text not null references person (id),
    version     bigint not null
);
create index court_child_case on court_child (case_id);
create index court_child_person on court_child (person_id);

create table hearing (
    id          text primary key,
    case_id     text not null references court_case (id),
    family_id   text not null references family (id),
    kind        text not null,     -- codes/hearing-kinds
    listed_on   date not null,
    state       text not null,     -- planned, held, moved
    words       text,
    version     bigint not null
);
create index hearing_case on hearing (case_id, listed_on);

-- Each delay has an owner and a reason (R004-13, R004-22).
create table court_delay (
    id          text primary key,
    case_id     text not null references court_case (id),
    family_id   text not null references family (id),
    reason      text not null,     -- codes/court-delay
    owner       text not null,
    since       date not null,
    weeks       bigint not null,
    words       text not null,
    agreed_by   text,
    made_by     text not null references worker (id),
    version     bigint not null
);
create index court_delay_case on court_delay (case_id);

-- Assessments and papers that the court waits for.
create table court_task (
    id          text primary key,
    case_id     text not null references court_case (id),
    family_id   text not null references family (id),
    what        text not null,
    owner       text not null,
    due_on      date not null,
    done_on     date,
    version     bigint not null
);
create index court_task_case on court_task (case_id);

create table deprivation (
    id          text primary key,
    person_id   text not null references person (id),
    started_on  date not null,     -- DOLO_START
    ended_on    date,              -- DOLO_END
    review_on   date not null,     -- none is kept without one (R003-34)
    place       text not null,
    registered  boolean not null,
    urn         text,
    words       text not null,
    childs_words text,
    made_by     text not null references worker (id),
    version     bigint not null
);
create index deprivation_person on deprivation (person_id);
create index deprivation_open on deprivation (ended_on);
