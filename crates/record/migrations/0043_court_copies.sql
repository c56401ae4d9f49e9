-- A chronology as it was handed to a court: frozen, numbered, with its sources.
-- It is never changed; later edits of the chronology leave it as it is.
create table court_copy (
    id         text primary key,
    person_id  text not null references person (id),
    purpose    text not null, -- for which hearing or meeting
    since      date,          -- entries from this day on; all, if none
    earlier    text,          -- what came before, in the worker's summary
    entries    json not null, -- as printed, in order
    check_sum  text not null, -- SHA-256 of the entries as JSON
    frozen_by  text not null references worker (id),
    frozen_at  timestamptz not null,
    version    bigint not null
);
create index court_copy_person on court_copy (person_id);
