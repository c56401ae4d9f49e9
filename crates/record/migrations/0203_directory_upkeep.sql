-- What keeps the services directory true. About no child: the entries are
-- public. Only who reported a fault may be a person, and that is sealed.

-- One change to an entry: what it was, what it is after, who said so, and what
-- an editor decided. The row of the entry itself is what is published.
create table directory_change (
    id          text primary key,
    entry       text not null,     -- directory_item: service/UUID or location/UUID
    name        text not null,     -- of the entry, for lists
    state       text not null,     -- waiting, published, declined
    kind        text not null,     -- editor, owner, import, restore
    said_by     text not null,     -- who proposed it, in words
    worker_id   text references worker (id),
    link_id     text,              -- directory_link, when an owner sent it
    before      json not null,     -- directory::fields::Snapshot
    after       json not null,
    words       text,              -- what the proposer said
    made_at     timestamptz not null,
    decided_by  text references worker (id),
    decided_at  timestamptz,
    decided_why text,
    version     bigint not null
);
create index directory_change_entry on directory_change (entry, made_at);
create index directory_change_state on directory_change (state, made_at);

-- A link for the owner of an entry. Signed: the token is its id and a mark that
-- only this council's key can make, so nothing here opens it.
create table directory_link (
    id           text primary key,
    entry        text not null,
    name         text not null,
    sent_to      text not null,
    round        bigint not null,  -- which reminder; 0 when an editor made it
    due_on       date,             -- the day on which the check was due
    made_by      text references worker (id),
    made_at      timestamptz not null,
    ends_at      timestamptz not null,
    used_at      timestamptz,
    used_for     text,             -- right, change
    withdrawn_at timestamptz,
    version      bigint not null
);
create index directory_link_entry on directory_link (entry, made_at);

-- Somebody says that something is wrong on the page of a service.
create table directory_report (
    id          text primary key,
    entry       text not null,
    name        text not null,
    what        text not null,     -- forms/service-wrong
    words       text,
    reply       text,              -- where to answer, if they want; forgotten later
    made_at     timestamptz not null,
    answer_by   date not null,
    outcome     text,              -- forms/service-wrong-answer
    answer      text,
    answered_by text references worker (id),
    answered_at timestamptz,
    version     bigint not null
);
create index directory_report_open on directory_report (answered_at, answer_by);
create index directory_report_entry on directory_report (entry);

-- What came of asking each web address of the directory, the last time. Made
-- anew by each check and no record of its own.
create table directory_address (
    url           text primary key,
    entry         text not null,   -- directory_item that names it
    name          text not null,
    field         text not null,
    answers       boolean not null,
    words         text not null,   -- what came back, in words
    checked_on    date not null,
    failing_since date,
    fails         bigint not null  -- in a row, on different days
);
create index directory_address_entry on directory_address (entry);

-- Mails to be sent: written in the transaction of what they tell of, sent by
-- the running program, tried again when the mail server does not answer. A link
-- in one is put in when it is sent: none stands here.
create table mail (
    id         text primary key,
    about      text not null,      -- what it is about: a link, a report
    kind       text not null,      -- the letter of the pack
    entry      text not null,      -- the directory's entry, for the editor's list
    to_address text not null,
    subject    text not null,
    body       text not null,
    link_id    text,
    state      text not null,      -- waiting, sent, failed
    tries      bigint not null,
    next_at    timestamptz not null,
    problem    text,
    made_at    timestamptz not null,
    sent_at    timestamptz,
    version    bigint not null
);
create index mail_state on mail (state, next_at);
