//! How two people live as a couple, in one place for the words of the family's
//! page and the lines of the genogram, so that the two cannot disagree.

use genogram::PartnershipKind;
use record::model::Relationship;

/// The codes of codes/relationships that make two people a couple.
pub const COUPLES: [&str; 3] = ["spouse", "partner", "ex_partner"];

/// How a couple stands: by what was recorded, else by the kind of the
/// relationship. A couple that ended without a divorce is separated. `None`
/// for people who are no couple.
pub fn standing(row: &Relationship) -> Option<PartnershipKind> {
    let by_kind = match row.kind.as_str() {
        "spouse" => PartnershipKind::Married,
        "partner" => PartnershipKind::Cohabiting,
        "ex_partner" => PartnershipKind::Separated,
        _ => return None,
    };
    let recorded = match row.standing.as_deref() {
        Some("married") => PartnershipKind::Married,
        Some("cohabiting") => PartnershipKind::Cohabiting,
        Some("separated") => PartnershipKind::Separated,
        Some("divorced") => PartnershipKind::Divorced,
        _ => by_kind,
    };
    Some(match (row.ended_on, recorded) {
        (Some(_), PartnershipKind::Married | PartnershipKind::Cohabiting) => {
            PartnershipKind::Separated
        }
        (_, recorded) => recorded,
    })
}

/// "Married to", "Separated from": what stands before the other's name.
pub fn words(kind: PartnershipKind) -> &'static str {
    match kind {
        PartnershipKind::Married => "Married to",
        PartnershipKind::Cohabiting => "Lives with",
        PartnershipKind::Separated => "Separated from",
        PartnershipKind::Divorced => "Divorced from",
    }
}

/// "married", "living together": how they live, by the code of the form.
pub fn standing_words(code: &str) -> &'static str {
    match code {
        "married" => "married",
        "cohabiting" => "living together",
        "separated" => "separated",
        "divorced" => "divorced",
        _ => "",
    }
}

/// The rows that say how couples stand today: of every two people the one that
/// holds, else the last that ended. Mistakes never count.
pub fn today(rows: &[Relationship]) -> Vec<&Relationship> {
    let mut best: Vec<&Relationship> = Vec::new();
    for row in rows {
        if standing(row).is_none() || row.wrong_reason.is_some() {
            continue;
        }
        let rank = |r: &Relationship| (r.ended_on.is_none(), r.ended_on, r.started_on, r.id);
        match best.iter_mut().find(|known| same_two(known, row)) {
            Some(known) if rank(known) < rank(row) => *known = row,
            Some(_) => {}
            None => best.push(row),
        }
    }
    best
}

fn same_two(a: &Relationship, b: &Relationship) -> bool {
    (a.from_id, a.to_id) == (b.from_id, b.to_id) || (a.from_id, a.to_id) == (b.to_id, b.from_id)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use vocabulary::Id;

    use super::*;

    fn row(kind: &str, standing: Option<&str>, ended: bool) -> Relationship {
        Relationship {
            id: Id::new(),
            from_id: Id::from_parts(1, [1; 10]),
            to_id: Id::from_parts(1, [2; 10]),
            kind: kind.into(),
            parental_responsibility: None,
            standing: standing.map(str::to_owned),
            closeness: None,
            started_on: None,
            ended_on: ended.then(|| NaiveDate::from_ymd_opt(2024, 5, 1)).flatten(),
            end_reason: None,
            wrong_reason: None,
            version: 1,
        }
    }

    #[test]
    fn an_ended_marriage_is_no_marriage() {
        let married = row("spouse", None, false);
        assert_eq!(standing(&married), Some(PartnershipKind::Married));
        let ended = row("spouse", None, true);
        assert_eq!(standing(&ended), Some(PartnershipKind::Separated));
        let divorced = row("spouse", Some("divorced"), false);
        assert_eq!(standing(&divorced), Some(PartnershipKind::Divorced));
        assert_eq!(standing(&row("mother", None, false)), None);
    }

    #[test]
    fn of_two_people_the_row_that_holds_counts_and_a_mistake_never() {
        let before = row("spouse", Some("married"), true);
        let mut now = row("spouse", Some("divorced"), false);
        std::mem::swap(&mut now.from_id, &mut now.to_id);
        let rows = [before, now];
        let today = super::today(&rows);
        assert_eq!(today.len(), 1);
        assert_eq!(today[0].standing.as_deref(), Some("divorced"));
        let mut wrong = row("partner", None, true);
        wrong.wrong_reason = Some("They are cousins.".into());
        assert!(super::today(&[wrong]).is_empty());
    }
}
