-- Partners at the front door: what each was asked, by when, and what it holds.
create table mash (
    id          text primary key,
    contact_id  text not null unique references contact (id),
    rag         text not null, -- red, amber, green
    opened_by   text not null references worker (id),
    opened_at   timestamptz not null,
    answers     json not null, -- the analysis
    form_version text,
    recommendation text,
    written_by  text references worker (id),
    written_at  timestamptz,
    version     bigint not null
);

create table mash_check (
    id          text primary key,
    contact_id  text not null references contact (id),
    agency      text not null,
    rag         text not null,
    about       text not null, -- what the partner is told: names and birth dates
    question    text not null,
    asked_by    text not null references worker (id),
    asked_at    timestamptz not null,
    found       text,          -- information, no_trace
    words       text,
    worry       text,          -- yes, no, not_sure
    answered_by text,          -- a name
    answered_at timestamptz,
    withdrawn_at timestamptz,
    version     bigint not null
);
create index mash_check_contact on mash_check (contact_id);
create index mash_check_agency on mash_check (agency, answered_at);

-- A decision rated again by somebody who did not see the first rating.
create table blind_rating (
    id          text primary key,
    decision_id text not null references decision (id),
    contact_id  text not null references contact (id),
    level       text not null,
    rationale   text not null,
    rated_by    text not null references worker (id),
    rated_at    timestamptz not null,
    version     bigint not null
);
create index blind_rating_decision on blind_rating (decision_id);
