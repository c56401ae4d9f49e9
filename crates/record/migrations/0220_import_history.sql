-- Rows that a return of an earlier system became: where each comes from, so
-- that a second run changes nothing and everybody can see the source.
create table imported_record (
    source      text not null,   -- cin-census, ssda903
    source_key  text not null,   -- the child's number, and what tells the record from its others
    digest      text not null,   -- of what the file says
    kind        text not null,   -- the table of the row
    row_id      text not null,
    row_version bigint not null, -- as it was brought in: a later one was changed here
    person_id   text not null references person (id),
    file        text not null,
    record      text not null,   -- "CINdetails 12", "episodes, line 14"
    year        bigint not null, -- the year in which the collection ends
    imported_at timestamptz not null,
    primary key (source, source_key)
);
create index imported_record_person on imported_record (person_id, source);
create index imported_record_row on imported_record (row_id);
