-- Fostering and adoption panels: one sitting, many households.

create table panel_sitting (
    id          text primary key,
    kind        text not null,     -- foster, adopt
    held_at     timestamptz not null,
    place       text,
    state       text not null,     -- planned, held
    minutes     text,
    made_by     text not null references worker (id),
    version     bigint not null
);
create index panel_sitting_held on panel_sitting (held_at);

create table panel_member (
    id          text primary key,
    sitting_id  text not null references panel_sitting (id),
    name        text not null,
    seat        text not null,     -- codes/panel-seat
    independent boolean not null,
    came        boolean,
    version     bigint not null
);
create index panel_member_sitting on panel_member (sitting_id);

create table panel_item (
    id          text primary key,
    sitting_id  text not null references panel_sitting (id),
    carer_id    text not null references carer (id),
    family_id   text not null references family (id),
    match_id    text,              -- of a child, when it is a match
    kind        text not null,     -- codes/panel-item
    question    text not null,
    papers      json not null,
    papers_on   date,              -- when the members had them
    terms       json not null,     -- proposed
    interests   text,
    away        json not null,     -- members who left the room
    heard       text,              -- what the household said
    recommendation text,           -- yes, other, no, defer
    reasons     text,
    dissent     text,
    recommended_on date,
    minutes_on  date,              -- the decision-maker has the final minutes
    decision    text,              -- yes, other, no
    decision_reasons text,
    differs_why text,
    decided_by  text references worker (id),
    decided_on  date,
    told_words_on date,            -- told in person
    told_on     date,              -- told in writing
    answer      text,              -- to a determination: none, service, independent
    answer_on   date,
    final_on    date,
    made_by     text not null references worker (id),
    version     bigint not null
);
create index panel_item_sitting on panel_item (sitting_id);
create index panel_item_carer on panel_item (carer_id);
create index panel_item_open on panel_item (final_on);
