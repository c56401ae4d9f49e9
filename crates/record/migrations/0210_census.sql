-- What the children in need census asks of a child and nothing else records.
alter table person add column disabilities json; -- a list of codes/disability; "NONE" when asked and there is none
alter table person add column no_upn text;       -- codes/upn-unknown: why there is no pupil number
