"""Links a file with Splink on DuckDB and prints how well and at what cost.

Separate names with term frequencies, fine levels, weights by expectation and
maximisation; the best threshold is chosen with the truth, which favours Splink.
"""

import csv
import json
import resource
import sys
import time

import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

folder = sys.argv[1]
started = time.perf_counter()


def column(name):
    return f"nullif(lower(trim({name})), '') as {name}"


db = DuckDBAPI()
names = ["given", "middle", "family", "sex", "postcode", "nhs", "address"]
con = db._con
con.execute("set enable_progress_bar = false")
con.execute(
    f"create table records as select rec_id as unique_id, {', '.join(map(column, names))}, "
    "try_cast(nullif(dob, '') as date) as dob "
    f"from read_csv('{folder}/records.csv', all_varchar = true)"
)
settings = SettingsCreator(
    link_type="dedupe_only",
    comparisons=[
        cl.JaroWinklerAtThresholds("given", [0.92, 0.8]).configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("family", [0.92, 0.8]).configure(term_frequency_adjustments=True),
        cl.DateOfBirthComparison("dob", input_is_string=False),
        cl.ExactMatch("sex"),
        cl.PostcodeComparison("postcode"),
        cl.LevenshteinAtThresholds("nhs", [1]),
    ],
    blocking_rules_to_generate_predictions=[
        block_on("nhs"),
        block_on("given", "dob"),
        block_on("family", "dob"),
        block_on("dob", "postcode"),
        block_on("given", "family", "year(dob)"),
        block_on("given", "postcode"),
        block_on("family", "postcode", "year(dob)"),
        block_on("substr(given, 1, 2)", "substr(family, 1, 2)", "dob"),
    ],
)
linker = Linker(db.register("records"), settings)
linker.training.estimate_probability_two_random_records_match(
    [block_on("nhs"), block_on("given", "family", "dob")], recall=0.8
)
linker.training.estimate_u_using_random_sampling(max_pairs=2e6)
for rule in (block_on("given", "family"), block_on("dob"), block_on("nhs")):
    linker.training.estimate_parameters_using_expectation_maximisation(rule)
pairs = linker.inference.predict(threshold_match_probability=0.001)
found = con.execute(
    f"select match_weight, unique_id_l, unique_id_r from {pairs.physical_name}"
).fetchall()
took = time.perf_counter() - started
used = resource.getrusage(resource.RUSAGE_SELF)

person, size = {}, {}
for row in csv.DictReader(open(f"{folder}/truth.csv")):
    who = row["person_id"]
    person[row["rec_id"]] = who
    size[who] = size.get(who, 0) + 1
true = sum(n * (n - 1) // 2 for n in size.values())
scored = sorted(
    ((weight, person[left] == person[right]) for weight, left, right in found),
    reverse=True,
)
best = right = 0
for i, (_, same) in enumerate(scored, 1):
    right += same
    best = max(best, 2 * right / (i + true))
print(
    json.dumps(
        {
            "f1": best,
            "cpu": used.ru_utime + used.ru_stime,
            "wall": took,
            "mb": used.ru_maxrss // 1024,
        }
    )
)
