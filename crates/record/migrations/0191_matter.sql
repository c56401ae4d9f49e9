-- What only those who deal with it may see: an allegation against somebody who
-- works with children, a complaint, a serious incident. Each is sealed under a
-- key of its own and stands in no child's history.
create table matter (
    id          text primary key,
    kind        text not null,     -- allegation, complaint, incident
    state       text not null,     -- where it stands: a word of its kind
    known_on    date not null,     -- when the council, or whoever tells it, came to know
    title       text not null,     -- whom or what it is about, for the board
    about_worker_id text references worker (id), -- never sees it
    person_id   text references person (id),     -- the child, where the record knows them
    child_name  text,              -- as whoever told it named the child
    words       text not null,     -- what was said
    form        text not null,
    form_version text not null,
    answers     json not null,
    officer_id  text references worker (id),     -- who deals with it
    outcome     text,
    closed_on   date,
    told_by     text not null references worker (id),
    told_at     timestamptz not null,
    version     bigint not null
);
create index matter_kind on matter (kind, state, known_on);
create index matter_about on matter (about_worker_id);

-- What was done about it, in order.
create table matter_entry (
    id          text primary key,
    matter_id   text not null references matter (id),
    kind        text not null,     -- the word of its form
    happened_on date not null,
    form        text not null,
    form_version text not null,
    answers     json not null,
    made_by     text not null references worker (id),
    made_at     timestamptz not null,
    version     bigint not null
);
create index matter_entry_of on matter_entry (matter_id, happened_on);
