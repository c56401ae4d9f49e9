-- What was shared about a child, and what was decided not to be: each one row
-- (R001-26; Children Act 2004 ss.16LA to 16LD).
create table sharing (
    id          text primary key,
    person_id   text not null references person (id),
    shared      boolean not null, -- shared, or decided not to
    what        text not null,
    with_whom   text not null,
    agency      text not null, -- codes/agencies
    why         text not null,
    gateway     text,          -- codes/sharing-gateway
    harm        text,          -- not shared: how sharing would harm the child more
    consent     text,          -- yes, no, not_asked
    consent_why text,
    channel     text,          -- codes/sharing-channel
    on_day      date not null,
    decided_by  text not null references worker (id),
    decided_at  timestamptz not null,
    version     bigint not null
);
create index sharing_person on sharing (person_id, on_day);

-- The number that identifies a child everywhere, taken out of the record with
-- a reason: nowhere shown, found by or sent while it is withheld.
create table number_withheld (
    id         text primary key,
    person_id  text not null references person (id),
    number     text not null,
    reason     text not null,
    set_by     text not null references worker (id),
    set_at     timestamptz not null,
    review_on  date not null,
    ended_by   text references worker (id),
    ended_at   timestamptz,
    end_reason text,
    version    bigint not null
);
create index number_withheld_person on number_withheld (person_id);
create index number_withheld_number on number_withheld (number);
