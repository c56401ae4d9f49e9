-- Somebody suggests a service that the directory lacks: what they wrote about
-- it. The rest of a report (reply, answer, days) is the same as of a fault.
alter table directory_report add column suggested json;
