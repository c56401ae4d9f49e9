-- The journal: one line of events, written once, in order, for ever.
-- Every column is text so that both databases give the same bytes to the hash.
create table journal (
    writer       text   not null, -- one hash chain per running process
    seq          bigint not null, -- 1, 2, 3 ... within the chain
    recorded_at  text   not null, -- RFC 3339, UTC, microseconds
    happened_at  text,            -- when it happened, if that is another time
    actor        text   not null, -- worker id, or public:REFERENCE, or system:NAME
    acting_for   text,
    session      text,
    action       text   not null, -- created, changed, looked, listed, refused, signed_in ...
    object_kind  text   not null,
    object_id    text   not null,
    purpose      text,
    why          text,
    because      text,            -- the access decision's reason
    plain        text,            -- JSON without personal content
    sealed_for   text,            -- whose key seals the personal content
    sealed       text,            -- base64: nonce and ciphertext
    hash         text   not null, -- SHA-256 over the previous hash and all of the above
    primary key (writer, seq)
);
create index journal_object on journal (object_kind, object_id, recorded_at);
create index journal_actor on journal (actor, recorded_at);

-- Whom an event is about: 'person:ID', 'family:ID', 'contact:ID'.
create table journal_subject (
    subject text   not null,
    writer  text   not null,
    seq     bigint not null,
    primary key (subject, writer, seq)
);

-- A key for each subject, wrapped by the council's master key. To destroy the
-- key is to erase the content and leave the proof.
create table subject_key (
    subject      text primary key,
    wrapped      text not null,
    created_at   timestamptz not null,
    destroyed_at timestamptz
);
