//! A package of support on its page and on the page of its plan: its services,
//! where each stands, what is due, and every look that was taken.

use record::model::{SupportPackage, SupportPart, SupportReview};
use record::{Asked, AssertSqlSafe, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::{KIND, PackageForm, PackageSeen, has_outcome};
use crate::clocks::ClockView;
use crate::plans::{PlanSeen, columns, goals};
use crate::{Casework, Result};

/// Everything on the page of a package.
#[derive(Debug, Clone)]
pub struct PackagePage {
    /// The package and its plan.
    pub seen: PackageSeen,
    /// The goals that it serves, in a line each.
    pub goals: Vec<String>,
    /// Its services.
    pub parts: Vec<PartLine>,
    /// Every look, the last one first.
    pub reviews: Vec<SupportReview>,
    /// Running clocks.
    pub clocks: Vec<ClockView>,
    /// How it ended, if it did.
    pub ended: Option<String>,
    /// The pages that may be opened now.
    pub forms: Vec<PackageForm>,
}

impl PackagePage {
    /// How many services have an outcome.
    pub fn settled(&self) -> usize {
        self.parts.iter().filter(|p| p.settled).count()
    }
}

/// A service of a package as a line.
#[derive(Debug, Clone)]
pub struct PartLine {
    /// The service.
    pub id: Id<ids::Part>,
    /// "Homework club".
    pub service: String,
    /// "Larkfield family centre, two hours a week".
    pub by: String,
    /// "Under way, since 3 March 2026".
    pub stands: String,
    /// Whether it has an outcome.
    pub settled: bool,
    /// "It helped a little."
    pub helped: Option<&'static str>,
    /// What was said last.
    pub words: Option<String>,
}

/// The packages of one plan.
#[derive(Debug, Clone)]
pub struct PackagesPage {
    /// The plan and its children.
    pub seen: PlanSeen,
    /// Its packages, those that go on first.
    pub packages: Vec<PackageLine>,
    /// Whether the viewer may put together another one.
    pub writes: bool,
}

/// A package on the page of its plan.
#[derive(Debug, Clone)]
pub struct PackageLine {
    /// The package.
    pub id: Id<ids::Package>,
    /// Its name.
    pub name: String,
    /// "Since 3 March 2026", or from when to when.
    pub when: String,
    /// Whether it goes on.
    pub open: bool,
    /// Its services.
    pub parts: Vec<PartLine>,
}

#[derive(sqlx::FromRow)]
struct Joined {
    #[sqlx(flatten)]
    part: SupportPart,
    name: String,
    starts_on: chrono::NaiveDate,
    ended_on: Option<chrono::NaiveDate>,
}

impl Casework {
    /// The page of one package.
    ///
    /// # Errors
    /// As [`Casework::package_seen`].
    pub async fn package_page(&self, viewer: &Viewer, id: Id<ids::Package>) -> Result<PackagePage> {
        let seen = self
            .package_seen(viewer, id, Asked::to_read("package"))
            .await?;
        let parts: Vec<SupportPart> = self
            .rows_of("package_id = $1 order by id", args![id])
            .await?;
        let reviews: Vec<SupportReview> = self
            .rows_of(
                "package_id = $1 order by reviewed_on desc, id desc",
                args![id],
            )
            .await?;
        let serves = |goal: &str| {
            let list = seen.row.goals.as_array();
            list.is_some_and(|all| all.iter().any(|g| g.as_str() == Some(goal)))
        };
        let goals = self.goals_of(&seen.plan.plan).await?;
        let goals = goals.into_iter().filter(|g| serves(g.id.as_str()));
        let goals = goals.map(|g| goals::short(&g.wording));
        let writes = seen.row.state == "open"
            && seen.plan.is_open()
            && self.may_plan(viewer, &seen.plan.child);
        Ok(PackagePage {
            goals: goals.collect(),
            parts: parts.into_iter().map(|p| self.part_line(p)).collect(),
            reviews,
            clocks: self.clocks_about(KIND, id).await?,
            ended: self.package_end_words(&seen.row),
            forms: match writes {
                true => PackageForm::ALL.to_vec(),
                false => Vec::new(),
            },
            seen,
        })
    }

    /// The page of a plan's packages.
    ///
    /// # Errors
    /// As [`Casework::plan_seen`].
    pub async fn packages_page(
        &self,
        viewer: &Viewer,
        plan: Id<ids::Plan>,
    ) -> Result<PackagesPage> {
        let seen = self
            .plan_seen(viewer, plan, Asked::to_read("packages"), None)
            .await?;
        Ok(PackagesPage {
            packages: self.packages_of(plan).await?,
            writes: seen.is_open() && self.may_plan(viewer, &seen.child),
            seen,
        })
    }

    /// The packages of a plan that was shown, those that go on first: one
    /// statement.
    pub(crate) async fn packages_of(&self, plan: Id<ids::Plan>) -> Result<Vec<PackageLine>> {
        let sql = format!(
            "select {}, k.name, k.starts_on, k.ended_on from support_part s \
             join support_package k on k.id = s.package_id where k.plan_id = $1 \
             order by case when k.ended_on is null then 0 else 1 end, k.starts_on desc, k.id, s.id",
            columns::<SupportPart>("s")
        );
        let db = self.store().read_db();
        let rows: Vec<Joined> = db.all(AssertSqlSafe(sql), args![plan]).await?;
        let mut lines: Vec<PackageLine> = Vec::new();
        for row in rows {
            let id = row.part.package_id;
            if lines.last().is_none_or(|l| l.id != id) {
                let from = plain::date(row.starts_on);
                lines.push(PackageLine {
                    id,
                    name: row.name,
                    when: match row.ended_on {
                        None => format!("Since {from}"),
                        Some(to) => format!("{from} to {}", plain::date(to)),
                    },
                    open: row.ended_on.is_none(),
                    parts: Vec::new(),
                });
            }
            if let Some(line) = lines.last_mut() {
                line.parts.push(self.part_line(row.part));
            }
        }
        Ok(lines)
    }

    fn part_line(&self, part: SupportPart) -> PartLine {
        let state = self.label("package-part-state", &part.state);
        PartLine {
            id: part.id,
            settled: has_outcome(&part),
            stands: format!("{state}, since {}", plain::date(part.since)),
            by: match &part.how_much {
                Some(much) => format!("{}, {much}", part.provider),
                None => part.provider,
            },
            helped: match part.helped.as_deref() {
                Some("yes") => Some("It helped."),
                Some("some") => Some("It helped a little."),
                Some("no") => Some("It did not help."),
                _ => None,
            },
            service: part.service,
            words: part.words,
        }
    }

    fn package_end_words(&self, row: &SupportPackage) -> Option<String> {
        let day = plain::date(row.ended_on?);
        let words = row.end_words.as_deref().unwrap_or_default();
        Some(match &row.outcome {
            Some(outcome) => {
                let label = self.label("package-outcome", outcome);
                format!("{label} on {day}. {words}")
            }
            None => format!("Ended on {day}. {words}"),
        })
    }
}
