-- Who set a restriction is a worker's id, as everywhere else: a name that one
-- worker has becomes that worker's id.
update restriction set set_by = (
    select min(worker.id) from worker where worker.name = restriction.set_by
) where 1 = (
    select count(*) from worker where worker.name = restriction.set_by
);
