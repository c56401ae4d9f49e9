-- Messages between practitioners about a child: asked, answered, kept in the
-- child's record (R001-09).
create table question (
    id          text primary key,
    person_id   text not null references person (id),
    asked_by    text not null references worker (id),
    asked_as    text not null, -- the name and post that the other side sees
    to_worker   text references worker (id), -- who is asked
    to_team     text references team (id),   -- or the team on duty
    to_name     text not null, -- as the asker sees it
    topic       text not null, -- the beginning of the first words
    waits_for   text not null, -- asked, asker, nobody: whose turn it is
    asked_at    timestamptz not null,
    moved_at    timestamptz not null, -- when the last message was written
    version     bigint not null
);
create index question_person on question (person_id);
create index question_to_worker on question (to_worker, waits_for);
create index question_to_team on question (to_team, waits_for);
create index question_asked_by on question (asked_by, waits_for);

create table question_message (
    id          text primary key,
    question_id text not null references question (id),
    person_id   text not null references person (id),
    written_by  text not null references worker (id),
    written_as  text not null,
    words       text not null,
    written_at  timestamptz not null,
    version     bigint not null
);
create index question_message_question on question_message (question_id, written_at);
create index question_message_person on question_message (person_id);
