-- What is kept about people, with its history: how a relationship ended or was
-- a mistake, whether a way to reach someone is safe, languages, and the page a
-- child writes about itself. What was a mistake stays, marked, with its reason.
alter table relationship add column end_reason text;
alter table relationship add column wrong_reason text; -- it was never so: why

alter table address add column wrong_reason text;
alter table person_name add column wrong_reason text;

alter table reach add column place text;      -- own, home, work, through
alter table reach add column asked boolean;   -- whether anybody asked if it is safe
alter table reach add column messages text;   -- yes, name_only, text, no
alter table reach add column best_time text;  -- morning, school_hours ..., joined by a comma
alter table reach add column started_on date;
alter table reach add column wrong_reason text;

create table person_language (
    id          text primary key,
    person_id   text not null references person (id),
    language    text not null, -- codes/languages: the best one
    english     text,          -- well, some, none
    reads       text,          -- yes, translated, aloud
    interpreter text not null, -- needed, sign, declined, no
    about       text,
    started_on  date not null,
    ended_on    date,
    version     bigint not null
);
create index person_language_person on person_language (person_id);

create table profile (
    id         text primary key,
    person_id  text not null references person (id),
    likes      text,          -- what people like about me
    matters    text,          -- what is important to me
    support    text,          -- how best to support me
    say_no     text,          -- how I say no
    whose      text not null, -- child, with, parent, observed
    helper     text,          -- who helped or said it
    written_by text not null references worker (id),
    written_at timestamptz not null,
    version    bigint not null
);
create index profile_person on profile (person_id);
