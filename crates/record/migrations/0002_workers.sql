-- Who works here, where, and how they sign in.
create table team (
    id          text primary key,
    name        text not null,
    kind        text not null, -- front_door, locality, early_help, fostering, quality, leadership, partner
    phone       text,
    email       text,
    manager_id  text,
    cover       json not null, -- postcode sectors or outcodes that the team covers
    version     bigint not null
);

create table worker (
    id            text primary key,
    username      text not null unique,
    name          text not null,
    job_title     text not null,
    role          text not null, -- a role of the practice pack
    team_id       text references team (id),
    agency        text not null, -- social_care, police, health, school ...
    phone         text,
    email         text,
    fte_hundredths bigint not null,
    newly_qualified boolean not null,
    supervisor_id text,
    starts_on     date not null,
    ends_on       date,
    active        boolean not null,
    password_hash text not null,
    version       bigint not null
);
create index worker_team on worker (team_id);
create index worker_supervisor on worker (supervisor_id);

create table session (
    token_hash  text primary key, -- SHA-256 of the cookie; the cookie itself is not kept
    worker_id   text not null references worker (id),
    started_at  timestamptz not null,
    last_seen_at timestamptz not null,
    ended_at    timestamptz
);
create index session_worker on session (worker_id);

-- What was being sent when a session ran out: kept until its author comes back.
create table held_submission (
    token_hash text primary key,
    worker_id  text,
    path       text not null,
    body       text not null, -- sealed
    held_at    timestamptz not null,
    resumed_at timestamptz
);

-- A submitted form is one record however often it is sent.
create table submission (
    once        text primary key,
    actor       text not null,
    location    text,
    made_at     timestamptz not null
);

create table notice (
    id        text primary key,
    session_hash text not null,
    text      text not null,
    made_at   timestamptz not null
);

create table setting (
    name  text primary key,
    value text not null
);
