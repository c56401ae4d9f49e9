//! Where the placement is and who provides it: checks against the postcode
//! directory and Ofsted's list of providers.

use super::super::child::{Child, respite};
use super::super::codes::kinds::without_urn;
use super::super::data::Row;
use super::super::hits::{Check, Hits, check, check_without};
use super::super::providers::{Provider, real};
use super::super::tables::Field::*;
use super::super::tables::Table::Episodes;
use super::help::each;
use crate::core::identifiers::postcode_key;

const OUTSIDE_ENGLAND: [&str; 5] = ["CON", "NIR", "SCO", "WAL", "NUK"];
const FAMILIES: [&str; 10] = ["A3", "A4", "A5", "A6", "U1", "U2", "U3", "U4", "U5", "U6"];
/// What 164, 392a, 392b and 406 can do without: any of them may show that a
/// child is or was an unaccompanied asylum-seeking child.
const ANY_UASC_TABLES: &[&str] = &["Header", "UASC", "Header_last", "UASC_last"];

pub const CHECKS: &[(&str, Check)] = &[
    (
        "164",
        check_without(ANY_UASC_TABLES, |c, o| {
            let uasc = c.ever_uasc();
            each(c, o, Episodes, |e| {
                let miles = e.number(PL_DISTANCE);
                !uasc && miles.is_some_and(|miles| !(0.0..=999.9).contains(&miles))
            });
        }),
    ),
    (
        "169",
        check(|c, o| each(c, o, Episodes, |e| !respite(e) && e.blank(PL_LA))),
    ),
    (
        "179",
        check(|c, o| each(c, o, Episodes, |e| !respite(e) && e.blank(PL_LOCATION))),
    ),
    (
        "218",
        check(|c, o| {
            each(c, o, Episodes, |e| {
                let counts = e.blank(DEC) || e.date(DEC).is_some_and(|to| to >= c.start());
                e.blank(URN) && counts && !without_urn(c, e) && !e.any(PL_LA, &OUTSIDE_ENGLAND)
            });
        }),
    ),
    (
        "219",
        check(|c, o| {
            providers(c, o, |e, provider| {
                !provider.placements.iter().any(|code| e.is(PLACE, code))
            });
        }),
    ),
    (
        "221",
        check(|c, o| {
            providers(c, o, |e, provider| {
                let home =
                    e.any(PLACE, &["K1", "K2", "K3", "R3", "S1"]) && !respite(e) && e.has(PL_POST);
                let there = postcode_key(e.text(PL_POST))
                    .is_some_and(|key| provider.postcodes.contains(&key));
                home && !there
            });
        }),
    ),
    (
        "224",
        check(|c, o| {
            providers(c, o, |e, provider| {
                !provider.kinds.iter().any(|code| e.is(PLACE_PROVIDER, code))
            });
        }),
    ),
    (
        "227",
        check(|c, o| {
            providers(c, o, |e, provider| {
                e.date(DECOM)
                    .zip(provider.closed)
                    .is_some_and(|(from, closed)| from >= closed)
            });
        }),
    ),
    (
        "228",
        check(|c, o| {
            providers(c, o, |e, provider| {
                let to = if e.blank(DEC) {
                    Some(c.end())
                } else {
                    e.date(DEC)
                };
                to.zip(provider.closed)
                    .is_some_and(|(to, closed)| to > closed)
            });
        }),
    ),
    (
        "229",
        check(|c, o| {
            providers(c, o, |e, provider| {
                let own = provider
                    .authority
                    .as_deref()
                    .map(|there| Some(there) == c.all.authority);
                e.is(PLACE_PROVIDER, "PR1") && own == Some(false)
                    || e.is(PLACE_PROVIDER, "PR2") && own == Some(true)
            });
        }),
    ),
    (
        "392a",
        check_without(ANY_UASC_TABLES, |c, o| {
            let uasc = c.ever_uasc();
            each(c, o, Episodes, |e| {
                !uasc && !respite(e) && e.blank(PL_DISTANCE)
            });
        }),
    ),
    (
        "392b",
        check_without(ANY_UASC_TABLES, |c, o| {
            let uasc = c.ever_uasc();
            each(c, o, Episodes, |e| {
                !uasc && !respite(e) && !e.has_all(&[HOME_POST, PL_POST])
            });
        }),
    ),
    (
        "392c",
        check(|c, o| {
            let unknown = |e: Row<'_>, field| {
                e.has(field)
                    && c.all
                        .postcodes
                        .is_some_and(|all| all.find(e.text(field)).is_none())
            };
            each(c, o, Episodes, |e| {
                unknown(e, HOME_POST) || unknown(e, PL_POST)
            });
        }),
    ),
    (
        "392d",
        check(|c, o| {
            each(c, o, Episodes, |e| {
                let plain = |field| -> String { e.text(field).split_whitespace().collect() };
                e.has_all(&[HOME_POST, PL_POST])
                    && plain(HOME_POST) == plain(PL_POST)
                    && !e.is(PLACE, "P1")
            });
        }),
    ),
    (
        "406",
        check_without(ANY_UASC_TABLES, |c, o| {
            let uasc = c.ever_uasc();
            each(c, o, Episodes, |e| uasc && e.has(PL_DISTANCE));
        }),
    ),
    (
        "411",
        check(|c, o| {
            each(c, o, Episodes, |e| {
                e.is(PL_LOCATION, "IN") && Some(e.text(PL_LA)) != c.all.authority
            });
        }),
    ),
    (
        "420",
        check(|c, o| each(c, o, Episodes, |e| respite(e) && e.has(PL_LA))),
    ),
    (
        "454",
        check(|c, o| {
            each(c, o, Episodes, |e| {
                e.number(PL_DISTANCE)
                    .is_some_and(|miles| miles > 350.0 && (miles - 999.9).abs() > 0.01)
            });
        }),
    ),
    (
        "1008",
        check(|c, o| {
            let listed = |urn: &str| {
                c.all
                    .providers
                    .as_ref()
                    .is_none_or(|known| known.contains_key(urn))
            };
            each(c, o, Episodes, |e| {
                real(e.text(URN)) && !listed(e.text(URN))
            });
        }),
    ),
    (
        "1015",
        check(|c, o| {
            each(c, o, Episodes, |e| {
                let own = e.is(PLACE_PROVIDER, "PR1") && e.has_all(&[LS, PLACE]);
                let elsewhere = e.has(PL_LA) && Some(e.text(PL_LA)) != c.all.authority;
                own && !e.any(PLACE, &FAMILIES) && !respite(e) && elsewhere
            });
        }),
    ),
];

/// Every episode with a real number that Ofsted's list has and for which the
/// test fails. Numbers that the list has not got are rule 1008's.
fn providers(c: &Child<'_>, o: &mut Hits<'_>, wrong: impl Fn(Row<'_>, &Provider) -> bool) {
    let Some(known) = &c.all.providers else {
        return;
    };
    each(c, o, Episodes, |e| {
        known
            .get(e.text(URN))
            .is_some_and(|provider| wrong(e, provider))
    });
}
