-- What the rules of the returns find in the live record, made anew each night
-- from the record and from nothing else: a list to work on, no record of its own.
create table data_finding (
    person_id  text not null references person (id),
    rule       text not null, -- 8610, 8770Q ...
    kind       text not null, -- error, query
    field      text not null, -- the field of the return
    path       text not null, -- the page where it is mended
    found_on   date not null, -- the first night that it was found
    primary key (person_id, rule, path)
);
