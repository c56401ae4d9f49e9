-- What somebody without an account has answered so far, page by page. Sealed;
-- found only by the opaque cookie of their browser; gone two hours after the
-- last page. Once sent, only the reference stays, for the last page.
create table public_answers (
    token_hash text primary key, -- SHA-256 of the cookie; the cookie itself is not kept
    form       text not null,
    body       text not null,    -- sealed JSON
    saved_at   timestamptz not null,
    sent_at    timestamptz
);
create index public_answers_saved on public_answers (saved_at);
