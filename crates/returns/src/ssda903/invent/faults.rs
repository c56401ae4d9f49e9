//! The faults that can be planted, one in a child: which row, which cell,
//! which value, and the rule that must find it. None of them makes a finding
//! of another one's rule.

use super::{Dice, Draft};
use crate::ssda903::tables::Field::{self, *};
use crate::ssda903::tables::Table::{self, *};

/// One way of spoiling a child's rows.
struct Fault {
    rule: &'static str,
    table: Table,
    last: bool,
    /// Which row is fit for it.
    fit: fn(&Draft) -> bool,
    /// What it writes.
    cells: &'static [(Field, &'static str)],
}

const fn fault(
    rule: &'static str,
    table: Table,
    fit: fn(&Draft) -> bool,
    cells: &'static [(Field, &'static str)],
) -> Fault {
    Fault {
        rule,
        table,
        last: false,
        fit,
        cells,
    }
}

const fn in_last_year(fault: Fault) -> Fault {
    Fault {
        last: true,
        ..fault
    }
}

fn any(_: &Draft) -> bool {
    true
}

/// An episode that goes on from another.
fn second(row: &Draft) -> bool {
    row.get(RNE) == "P"
}

/// The last episode of somebody who went home.
fn went_home(row: &Draft) -> bool {
    row.get(REC) == "E4A"
}

fn in_touch(row: &Draft) -> bool {
    row.get(IN_TOUCH) == "YES"
}

fn open(row: &Draft) -> bool {
    row.get(DEC).is_empty()
}

const FAULTS: [Fault; 36] = [
    fault("103", Header, any, &[(ETHNIC, "ZZZZ")]),
    fault("168", Header, any, &[(UPN, "12345")]),
    fault(
        "611",
        Header,
        |row| row.get(MOTHER) == "0",
        &[(MOTHER, "1")],
    ),
    fault(
        "174",
        Header,
        |row| row.get(SEX) == "M",
        &[(MC_DOB, "01/01/2020")],
    ),
    fault("143", Episodes, second, &[(RNE, "Q")]),
    fault("144", Episodes, second, &[(LS, "Q1")]),
    fault("145", Episodes, second, &[(CIN, "N9")]),
    fault("146", Episodes, second, &[(PLACE, "Q9")]),
    fault("147", Episodes, went_home, &[(DEC, "31/06/2025")]),
    fault("148", Episodes, went_home, &[(REC, "")]),
    fault("149", Episodes, went_home, &[(REC, "E99")]),
    fault("178", Episodes, second, &[(PLACE_PROVIDER, "PR9")]),
    fault(
        "233",
        Episodes,
        |row| open(row) && second(row),
        &[(REASON_PLACE_CHANGE, "CARPL")],
    ),
    fault("526", Episodes, second, &[(PLACE_PROVIDER, "")]),
    fault("434", Episodes, second, &[(RNE, "L")]),
    fault("166", Reviews, any, &[(REVIEW, "31/02/2026")]),
    fault("167", Reviews, any, &[(REVIEW_CODE, "PN9")]),
    fault(
        "INT17",
        Reviews,
        any,
        &[(DOB, "01/01/2001"), (REVIEW_CODE, "PN1")],
    ),
    fault(
        "180",
        OC2,
        |row| !row.get(SDQ_SCORE).is_empty(),
        &[(SDQ_SCORE, "41")],
    ),
    fault("181", OC2, any, &[(TEETH_CHECK, "2")]),
    fault("192", OC2, any, &[(SUBSTANCE_MISUSE, "1")]),
    fault("193", OC2, any, &[(INTERVENTION_RECEIVED, "0")]),
    fault("131", OC3, any, &[(IN_TOUCH, "Y")]),
    fault("132", OC3, any, &[(ACTIV, "F9")]),
    fault("133", OC3, any, &[(ACCOM, "X1")]),
    fault("344", OC3, in_touch, &[(IN_TOUCH, "DIED")]),
    fault("345", OC3, in_touch, &[(ACTIV, "0")]),
    fault(
        "631",
        PrevPerm,
        any,
        &[
            (PREV_PERM, "P9"),
            (LA_PERM, "330"),
            (DATE_PERM, "ZZ/ZZ/2001"),
        ],
    ),
    fault(
        "633",
        PrevPerm,
        any,
        &[
            (PREV_PERM, "P1"),
            (LA_PERM, "100"),
            (DATE_PERM, "ZZ/ZZ/2001"),
        ],
    ),
    fault("1005", Missing, any, &[(MIS_END, "31/06/2025")]),
    fault("1006", Missing, any, &[(MISSING, "X")]),
    fault("INT13", Missing, any, &[(DOB, "01/01/2001")]),
    fault("SW02STG1", SWEpisodes, any, &[(SW_ID, "123456")]),
    fault("SW13STG1", SWEpisodes, any, &[(SW_REASON, "MOVED")]),
    in_last_year(fault("203", Header, any, &[(DOB, "01/01/2001")])),
    in_last_year(fault("503B", Episodes, open, &[(LS, "C1")])),
];

/// Plants a fault that fits one of the rows and says which rule must find it.
pub fn plant(rows: &mut [Draft], dice: &mut Dice) -> Option<&'static str> {
    // A few throws: most children have rows for many kinds of fault.
    for _ in 0..20 {
        let fault = &FAULTS[dice.below(FAULTS.len() as u64) as usize];
        let fits = |row: &&mut Draft| {
            row.table == fault.table && row.last == fault.last && (fault.fit)(row)
        };
        if let Some(row) = rows.iter_mut().find(fits) {
            for (field, value) in fault.cells {
                row.set(*field, value);
            }
            return Some(fault.rule);
        }
    }
    None
}
