//! The words of Annex A for the codes of the census, which both share: the
//! letter before each follows the order of its list.

use super::annex_a::{Cell, text};

/// Ethnicity; not known where nothing is recorded.
pub(super) fn ethnicity(code: Option<&str>) -> Cell {
    let order = [
        "WBRI", "WIRI", "WIRT", "WOTH", "WROM", "MWBC", "MWBA", "MWAS", "MOTH", "AIND", "APKN",
        "ABAN", "AOTH", "BCRB", "BAFR", "BOTH", "CHNE", "OOTH", "REFU", "NOBT", "UNKNOWN",
    ];
    let code = code.unwrap_or("UNKNOWN");
    let (letter, known) = ('a'..).zip(order).find(|(_, one)| *one == code)?;
    text(&format!("{letter}) {known}"))
}

/// A source of contacts in the words of Annex A.
pub(super) fn source(code: Option<&str>) -> Cell {
    let code = code.unwrap_or("10");
    let order = [
        ("1A", "a) 1A: Individual"),
        ("1B", "b) 1B: Individual"),
        ("1C", "c) 1C: Individual"),
        ("1D", "d) 1D: Individual"),
        ("2A", "e) 2A: Schools"),
        ("2B", "f) 2B: Education services"),
        ("3A", "g) 3A: Health services"),
        ("3B", "h) 3B: Health services"),
        ("3C", "i) 3C: Health services"),
        ("3D", "j) 3D: Health services"),
        ("3E", "k) 3E: Health services"),
        ("3F", "l) 3F: Health services"),
        ("4", "m) 4: Housing"),
        ("5A", "n) 5A: LA services"),
        ("5B", "o) 5B: LA services"),
        ("5C", "p) 5C: LA services"),
        ("5D", "p1) 5D: LA services"),
        ("6", "q) 6: Police"),
        ("7", "r) 7: Other legal agency"),
        ("8", "s) 8: Other"),
        ("9", "t) 9: Anonymous"),
        ("10", "u) 10: Unknown"),
    ];
    let found = order.iter().find(|(one, _)| *one == code);
    text(found.map_or("u) 10: Unknown", |(_, words)| words))
}

/// The main need; not stated where nothing is recorded.
pub(super) fn need(code: Option<&str>) -> Cell {
    text(match code.unwrap_or("N0") {
        "N1" => "N1 - Abuse or neglect",
        "N2" => "N2 - Child’s disability",
        "N3" => "N3 - Parental disability or illness",
        "N4" => "N4 - Family in acute stress",
        "N5" => "N5 - Family dysfunction",
        "N6" => "N6 - Socially unacceptable behaviour",
        "N7" => "N7 - Low income",
        "N8" => "N8 - Absent parenting",
        "N9" => "N9 - Cases other than children in need",
        _ => "N0 - Not stated",
    })
}

/// Why the work ended.
pub(super) fn reason(code: &str) -> Cell {
    text(match code {
        "RC1" => "RC1 - Adopted",
        "RC2" => "RC2 - Died",
        "RC3" => "RC3 - Child arrangements order",
        "RC4" => "RC4 - Special guardianship order",
        "RC5" => "RC5 - Transferred to services of another local authority",
        "RC6" => "RC6 - Transferred to adult social care services",
        "RC7" => "RC7 - Services ceased for any other reason, including child no longer in need",
        "RC8" => "RC8 - Case closed after assessment, no further action",
        "RC9" => "RC9 - Case closed after assessment, referred to early help",
        _ => "",
    })
}
