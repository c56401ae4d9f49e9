-- Young people on the way out of care, and out of it.
create table leaver (
    id          text primary key,
    person_id   text not null references person (id),
    status      text not null,     -- codes/leaver-status
    since       date not null,
    adviser_id  text references worker (id),
    words       text,
    assessed_on date,
    assessment  json,              -- needs by part of life
    planned_on  date,
    plan_id     text references plan (id),
    pathway     json,              -- the plan by part of life
    housed_on   date,              -- moved into a home that we provide
    ended_on    date,
    version     bigint not null
);
create index leaver_person on leaver (person_id);
create index leaver_adviser on leaver (adviser_id);
create index leaver_open on leaver (ended_on);

-- Each time we were in touch, or tried (SI 2010/2571 regulation 8).
create table leaver_contact (
    id          text primary key,
    leaver_id   text not null references leaver (id),
    person_id   text not null references person (id),
    happened_on date not null,
    how         text not null,     -- visit, met, phone, tried, home
    in_touch    text not null,     -- IN_TOUCH
    home        text,              -- ACCOM
    suitable    text,              -- what makes it so
    activity    text,              -- ACTIV
    words       text,
    made_by     text not null references worker (id),
    version     bigint not null
);
create index leaver_contact_leaver on leaver_contact (leaver_id, happened_on);
create index leaver_contact_person on leaver_contact (person_id, happened_on);

-- What the council offers, by department (R004-12).
create table leaver_offer (
    id          text primary key,
    leaver_id   text not null references leaver (id),
    person_id   text not null references person (id),
    what        text not null,     -- codes/leaver-offer
    department  text not null,     -- codes/council-departments
    state       text not null,     -- offered, taken, declined, not_for
    happened_on date not null,
    words       text,
    made_by     text not null references worker (id),
    version     bigint not null
);
create index leaver_offer_leaver on leaver_offer (leaver_id, what);
