-- The services directory: one row a service, organisation, place or taxonomy,
-- as Open Referral UK 3.0 writes it. Public, about nobody: no gate, but every
-- change is in the journal like any other.
create table directory_item (
    id      text primary key,  -- service/UUID, organization/UUID, location/UUID, taxonomy/UUID
    kind    text not null,
    name    text not null,
    body    json not null,     -- the record, without what stands in rows of its own
    hidden  boolean not null,  -- a place whose exact address nobody may learn
    upkeep  json not null,     -- checked on, by whom, how often, when it may be seen
    version bigint not null
);
create index directory_item_kind on directory_item (kind, name);
