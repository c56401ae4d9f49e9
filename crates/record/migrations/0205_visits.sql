-- The visits at which a child was seen, without the words of their notes: every
-- return and every list of those not seen reads them for everybody at once.
create index note_visit_seen on note (happened_at, id, person_id, seen_alone, author_id)
    where kind = 'visit' and seen;
