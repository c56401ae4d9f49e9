-- The number under which Social Work England registers a worker: the daily
-- push and the SSDA903 name workers by it and not by name.
alter table worker add column social_work_number text;
