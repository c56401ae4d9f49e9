-- A child under 16 who lives with somebody who is no close relative, by an
-- arrangement of the family and not of the council (Children Act 1989, section 66).
create table private_fostering (
    id          text primary key,
    person_id   text not null references person (id),
    family_id   text references family (id),
    told_on     date not null,     -- the council was told, or found out
    told_by     text not null,     -- codes/private-fostering-told-by
    starts_on   date not null,     -- the child moves in, or moved in
    until       date,              -- how long it is meant to last
    carer       text not null,
    relation    text,              -- who the carer is to the child
    place       text,
    why         text not null,
    childs_words text,
    disabled    boolean not null,  -- then it lasts to 18, not to 16
    state       text not null,     -- open, ended
    decision    text,              -- codes/private-fostering-decision
    decided_on  date,
    decision_words text,
    ended_on    date,
    end_why     text,              -- codes/private-fostering-end
    end_words   text,
    team_id     text references team (id),
    made_by     text not null references worker (id),
    made_at     timestamptz not null,
    version     bigint not null
);
create index private_fostering_person on private_fostering (person_id, state);
create index private_fostering_state on private_fostering (state, ended_on);

-- A visit to the child there (SI 2005/1533, regulation 8).
create table private_fostering_visit (
    id          text primary key,
    arrangement_id text not null references private_fostering (id),
    person_id   text not null references person (id),
    visited_on  date not null,
    seen        boolean not null,
    alone       text,              -- yes, chose_not, too_young, no
    why_not     text,
    childs_words text,
    satisfactory boolean,
    words       text not null,     -- the written report
    next        text,
    made_by     text not null references worker (id),
    made_at     timestamptz not null,
    version     bigint not null
);
create index private_fostering_visit_of on private_fostering_visit (arrangement_id, visited_on);
