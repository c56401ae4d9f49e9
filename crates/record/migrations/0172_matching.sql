-- A home for a child: what the child needs, and which household was chosen.
create table home_search (
    id          text primary key,
    person_id   text not null references person (id),
    since       date not null,
    kind        text not null,     -- codes/carer-kinds
    needs       json not null,     -- codes/home-needs
    siblings    json not null,     -- brothers and sisters who come too
    near        text,              -- a postcode
    words       text,
    state       text not null,     -- open, chosen, done, dropped
    carer_id    text references carer (id),
    carer_name  text,
    why         text,
    exemption   text,
    child_said  text,
    chosen_by   text references worker (id),
    chosen_at   timestamptz,
    made_by     text not null references worker (id),
    made_at     timestamptz not null,
    version     bigint not null
);
create index home_search_person on home_search (person_id, state);
