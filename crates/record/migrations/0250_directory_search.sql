-- What families looked for, as counts: by month, door, need and postcode
-- district. No words of theirs, no full postcode, no person, no time of day.
create table directory_search (
    id       text primary key,  -- MONTH/DOOR/KIND/WHAT/AREA
    month    date not null,     -- its first day
    door     text not null,     -- the front door, an id of the pack
    kind     text not null,     -- all, need, narrowed
    what     text not null,     -- a code of unmet-need; or how it was narrowed
    area     text not null,     -- an outward code such as LK5; empty when none was given
    searches bigint not null,
    in_vain  bigint not null,   -- of them, how many found nothing
    version  bigint not null
);
create index directory_search_month on directory_search (month, kind);

-- What families say of the local offer, and what the council answers
-- (SI 2014/1530 regulation 56). Who wrote it is not known. The words as they
-- came are for whoever moderates, and are taken out when they are not published.
create table offer_comment (
    id          text primary key,
    door        text not null,   -- the front door, an id of the pack
    words       text,            -- as they came; nothing once they are removed
    made_on     date not null,
    state       text not null,   -- waiting, published, refused
    published   text,            -- as anybody may read them
    answer      text,            -- what the council says
    action      text,            -- what is done about it
    refused_why text,
    decided_on  date,
    decided_by  text references worker (id),
    version     bigint not null
);
create index offer_comment_state on offer_comment (door, state, made_on);
