-- A place at the table of a meeting, the report that is due from it, and
-- disagreement in its own words.
alter table meeting_person add column place text;
alter table meeting_person add column report_due date;
alter table meeting_person add column report_received date;
alter table meeting_person add column dissent text;

-- A step that is done at a meeting: a strategy discussion, a conference.
create table step_meeting (
    id          text primary key,
    step_id     text not null references step (id),
    meeting_id  text not null references meeting (id),
    family_id   text not null references family (id),
    chair_id    text references worker (id),
    quorate     boolean,
    not_quorate_why text,
    plan_id     text references plan (id),
    given_at    timestamptz, -- the family and the core group have the outline plan
    version     bigint not null
);
create index step_meeting_step on step_meeting (step_id);
create index step_meeting_meeting on step_meeting (meeting_id);

-- One child's time on a child protection plan, as the census counts it.
create table protection (
    id             text primary key,
    person_id      text not null references person (id),
    family_id      text not null references family (id),
    plan_id        text not null references plan (id),
    started_on     date not null,
    first_category text not null,
    category       text not null,
    earlier        bigint not null, -- plans before this one
    ended_on       date,
    end_reason     text,
    came_from      text, -- another council
    version        bigint not null
);
create index protection_person on protection (person_id);
create index protection_plan on protection (plan_id);

-- After a step-down somebody looks again at 3, 6 and 12 months.
create table watch (
    id          text primary key,
    person_id   text not null references person (id),
    family_id   text not null references family (id),
    step_id     text references step (id),
    from_kind   text not null,
    to_kind     text not null,
    began_on    date not null,
    bring_back  text not null,
    state       text not null, -- watching, ended, back
    back_on     date,
    back_by     text, -- what brought it back: section-47, protection_plan
    version     bigint not null
);
create index watch_person on watch (person_id);
create index watch_state on watch (state);

create table watch_look (
    id         text primary key,
    watch_id   text not null references watch (id),
    person_id  text not null references person (id),
    months     bigint not null, -- 3, 6 or 12
    holding    text not null,   -- yes, partly, no, not_known
    words      text not null,
    looked_by  text not null references worker (id),
    looked_at  timestamptz not null,
    version    bigint not null
);
create index watch_look_watch on watch_look (watch_id);
