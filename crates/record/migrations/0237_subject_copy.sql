-- A copy of what is written about a person, made because they asked for it
-- (UK GDPR article 15; R001-09), with what it holds back and why.
create table subject_copy (
    id        text primary key,
    person_id text not null references person (id),
    asker     text not null, -- who asked, by name
    checked   text not null, -- how it was made sure that it is they
    asked_on  date not null,
    held      json not null, -- how many parts were held back, by reason
    made_by   text not null references worker (id),
    made_at   timestamptz not null, -- the copy shows the record as it was then
    version   bigint not null
);
create index subject_copy_person on subject_copy (person_id);
