-- Who has looked, as it is given to the child or the family (R001-27): the list
-- as it was made, what was left out of it, who decided and why, and the one-time
-- links to it.
create table looks_request (
    id         text primary key,
    person_id  text not null references person (id), -- whose record
    asked_by   text not null, -- child, parent, other
    asker      text not null, -- who asked, by name
    asked_on   date not null,
    from_day   date not null,
    to_day     date not null,
    lines      json not null, -- day, who, service, why, risk, left_out
    state      text not null, -- open, given, held_back
    dangers    json not null, -- what spoke against giving it when it was decided
    reason     text,
    decided_by text references worker (id),
    decided_at timestamptz,
    made_by    text not null references worker (id),
    made_at    timestamptz not null,
    version    bigint not null
);
create index looks_request_person on looks_request (person_id, asked_on);

create table looks_link (
    id           text primary key,
    request_id   text not null references looks_request (id),
    person_id    text not null references person (id),
    token_hash   text not null unique,
    made_by      text not null references worker (id),
    made_at      timestamptz not null,
    ends_at      timestamptz not null, -- sooner once it was opened
    opened_at    timestamptz,
    withdrawn_at timestamptz,
    version      bigint not null
);
create index looks_link_request on looks_link (request_id);
