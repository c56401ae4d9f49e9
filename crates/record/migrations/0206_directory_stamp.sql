-- Every public page asks whether anything in the directory has changed: how many
-- rows there are and what their versions come to. Without an index the rows
-- themselves are read for it, with all that is written in them.
create index directory_item_version on directory_item (version);
