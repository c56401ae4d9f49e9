//! Children told of again and again whom nobody has assessed (R002-09): what
//! each contact alone does not show.

use record::{Asked, AssertSqlSafe, Viewer};
use vocabulary::{Id, ids};

use crate::{Casework, Error, Result, time};

/// A child with contacts and no assessment.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Repeated {
    /// The child.
    pub person_id: Id<ids::Person>,
    /// Their given name.
    pub given: String,
    /// Their family name.
    pub family_name: String,
    /// How many contacts there were.
    pub contacts: i64,
    /// Of them, those in which neglect was seen.
    pub neglect: i64,
}

impl Casework {
    /// The children of the manager's list, those with most contacts first, and
    /// the standard in words.
    pub async fn repeated_contacts(&self, viewer: &Viewer) -> Result<(String, Vec<Repeated>)> {
        if !viewer.can("case.authorise") {
            return Err(Error::NotFound);
        }
        let today = time::today();
        let most = self.pack().standard("contacts-without-assessment", today);
        let window = self.pack().standard("contacts-window", today);
        let (Some(most), Some(window)) = (most, window) else {
            return Ok((String::new(), Vec::new()));
        };
        let since = time::start_of(today - chrono::Months::new(window.amount));
        let (condition, mut values) =
            self.gate()
                .may_see(viewer, Asked::to_read("repeated contacts"), "p.id", 3);
        let sql = format!(
            "select p.id as person_id, p.given, p.family_name, count(distinct c.id) as contacts, \
             count(distinct case when cast(d.indicators as text) like '%neglect%' then c.id end) as neglect \
             from contact c join contact_child cc on cc.contact_id = c.id \
             join person p on p.id = cc.person_id \
             left join decision d on d.contact_id = c.id and d.kind = 'threshold' \
             where c.received_at >= $1 and not exists (select 1 from step s \
               join step_subject x on x.step_id = s.id where x.person_id = p.id \
               and s.kind = 'child-and-family-assessment' and s.state <> 'skipped' \
               and s.started_on >= $2) and {condition} \
             group by p.id, p.given, p.family_name having count(distinct c.id) >= {} \
             order by contacts desc, p.family_name limit 100",
            most.amount
        );
        let mut all = record::args![since, time::local(since).date()];
        all.append(&mut values);
        let rows: Vec<Repeated> = self.store().read_db().all(AssertSqlSafe(sql), all).await?;
        let listed = self
            .gate()
            .listed(viewer, "repeated contacts", rows, |row| {
                vec![format!("person:{}", row.person_id)]
            })
            .await?;
        Ok((
            format!("{} {}", most.rule, window.rule),
            listed.into_iter().collect(),
        ))
    }
}
