-- Family centres as places with programmes, sessions, places and attendance
-- (R000-16). They are public; only a booking is about somebody.
create table family_centre (
    id          text primary key,
    name        text not null,
    about       text not null,
    address     text not null,
    postcode    text not null,
    phone       text not null,
    opens       text not null,     -- "Monday to Friday, 9am to 5pm"
    version     bigint not null
);
create table programme (
    id          text primary key,
    centre_id   text not null references family_centre (id),
    name        text not null,
    for_whom    text not null,
    about       text not null,
    version     bigint not null
);
create index programme_of on programme (centre_id);
create table centre_session (
    id          text primary key,
    centre_id   text not null references family_centre (id),
    programme_id text not null references programme (id),
    starts_at   timestamptz not null,
    ends_at     timestamptz not null,
    places      bigint not null,
    called_off  text,              -- why, if it does not take place
    version     bigint not null
);
create index centre_session_when on centre_session (centre_id, starts_at);
-- Whoever books or gives a place back takes a turn here first, so that two who
-- want the last place wait for one another on either database.
create table session_turn (
    session_id  text primary key references centre_session (id)
);
-- A family's place at a session, or its place in the queue. Sealed under a key
-- of its own and emptied after its time.
create table booking (
    id          text primary key,
    session_id  text not null references centre_session (id),
    reference   text not null,
    name        text not null,
    places      bigint not null,   -- how many children come
    phone       text,
    message     text,              -- whether a message may be left: no, plain, yes
    needs       text,
    state       text not null,     -- booked, waiting, offered, cancelled
    queued_at   timestamptz not null, -- the place in the queue counts from here
    offered_at  timestamptz,
    came        boolean,           -- nothing until somebody has looked
    made_by     text references worker (id), -- nobody: the family itself
    made_at     timestamptz not null,
    version     bigint not null
);
create index booking_of on booking (session_id, state);
