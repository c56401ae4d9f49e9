-- Somebody asks a service of the directory for help, without an account: a
-- parent, a carer, a young person, a professional. It is no case record. It is
-- sealed under a key of its own, and is emptied when it is no longer needed.
create table enquiry (
    id          text primary key,
    reference   text not null,     -- to quote
    word_hash   text not null,     -- SHA-256 of the reference with the asker's word
    asker       text not null,     -- self, parent, carer, professional
    form        text not null,
    form_version text not null,
    answers     json not null,     -- everything that was said
    shares      text not null,     -- all, less: what the service may read
    danger      boolean not null,  -- they said that somebody is hurt or in danger
    contact_id  text references contact (id), -- then the front door has it too
    held        text,              -- why somebody here reads it before the service does
    person_id   text references person (id),  -- put there by a worker who knows the child
    provider_email text,
    service_id  text,
    service     text not null,
    provider    text not null,
    asked_on    date not null,     -- the first day, never changed
    state       text not null,     -- codes/service-state
    state_on    date not null,
    declined_why text,
    wait_words  text,              -- about how long, as the service says
    started_on  date,
    ended_on    date,
    result      text,              -- codes/service-result
    result_on   date,
    result_by   text,              -- family, service, worker
    words       text,
    keep_until  date,              -- then everything that was said is erased
    made_at     timestamptz not null,
    version     bigint not null
);
create unique index enquiry_reference on enquiry (reference);
create index enquiry_open on enquiry (result, asked_on);
create index enquiry_person on enquiry (person_id);

-- Another service takes an enquiry over: the first day goes with it.
create table enquiry_move (
    id          text primary key,
    enquiry_id  text not null references enquiry (id),
    moved_on    date not null,
    from_service text not null,
    to_service  text not null,
    to_provider text not null,
    why         text not null,
    made_by     text not null references worker (id),
    made_at     timestamptz not null,
    version     bigint not null
);
create index enquiry_move_of on enquiry_move (enquiry_id);

-- A link for somebody without an account: the service that was asked, or who
-- asked. Only the token's hash is kept.
create table service_link (
    id          text primary key,
    token_hash  text not null,
    whose       text not null,     -- service, asker
    about_kind  text not null,     -- enquiry, service_referral, booking
    about_id    text not null,
    sent_to     text,
    made_by     text references worker (id), -- nobody when the program made it
    made_at     timestamptz not null,
    ends_at     timestamptz not null,
    answered_at timestamptz,       -- last
    withdrawn_at timestamptz,
    version     bigint not null
);
create unique index service_link_token on service_link (token_hash);
create index service_link_about on service_link (about_kind, about_id);

-- A referral from a plan names whom it is for: a child, several, an adult, or
-- the whole family. The first of them stays in service_referral.person_id.
create table service_referral_subject (
    id          text primary key,
    referral_id text not null references service_referral (id),
    person_id   text not null references person (id),
    version     bigint not null
);
create index service_referral_subject_of on service_referral_subject (referral_id);

alter table service_referral add column wait_words text;
alter table service_referral add column started_on date;
alter table service_referral add column ended_on date;
alter table service_referral add column result_by text;
