-- That somebody was reminded of an action, or need not be (R003-26). Who must
-- be reminded follows from the actions themselves; here stands what was done.
create table reminder (
    id         text primary key,
    action_id  text not null references action (id),
    family_id  text not null references family (id),
    due_on     date not null,  -- the date it reminded of: a moved action asks again
    sent_to    text not null,
    how        text not null,  -- email, phone, in_person, not_needed
    why        text,
    done_by    text not null references worker (id),
    done_at    timestamptz not null,
    version    bigint not null
);
create index reminder_action on reminder (action_id);
