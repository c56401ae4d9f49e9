//! The statement behind the timeline: everything that happened to a child, from
//! every table, as rows of one shape, behind the same conditions of access.
//!
//! `k` is when it happened, as text that sorts: a day (`2026-11-21`) when only
//! the day is known, else a moment in UTC (`2026-11-21T14:05:00`).

use access::{Purpose, Section};
use record::db::Dialect;
use record::{Asked, Gate, Value, Viewer, args};
use vocabulary::{Id, ids};

/// The common table expressions up to `e`, the events, and their values.
/// `$1` is the person; later values start at `values.len() + 1`.
pub(super) struct Events {
    /// `with ... e as (...)`, to be followed by a select from `e`.
    pub with: String,
    /// The values bound so far.
    pub values: Vec<Value>,
}

/// All events of a person, or with `family` those of everyone in the family
/// whom the viewer may see. What belongs to someone whom the viewer may not
/// see is not there: not in the list, not in a count.
pub(super) fn events(
    gate: &Gate,
    dialect: Dialect,
    viewer: &Viewer,
    person: Id<ids::Person>,
    family: bool,
) -> Events {
    let mut values = args![person];
    let mut may = |section: Section| {
        let asked = Asked {
            purpose: Purpose::Look,
            section,
            page: "story",
        };
        let (sql, more) = gate.may_see(viewer, asked, "p.id", values.len() + 1);
        values.extend(more);
        sql
    };
    let (sees, sensitive, protected) = (
        may(Section::Record),
        may(Section::Sensitive),
        may(Section::ProtectedAddress),
    );
    let whose = if family {
        "select id, sens, prot from seen where id = $1 or id in (select person_id from folk)"
    } else {
        "select id, sens, prot from seen where id = $1"
    };
    let branches: Vec<String> = [
        NOTES, CONTACTS, TOLD, DECISIONS, STEPS, PLANS, MEETINGS, PEOPLE,
    ]
    .iter()
    .map(|branch| written_for(dialect, branch))
    .collect();
    let with = format!(
        "with kin as (select family_id from family_member where person_id = $1 and left_on is null), \
         folk as (select m.person_id from family_member m join kin on kin.family_id = m.family_id \
           where m.left_on is null), \
         told_with as (select b.person_id from contact_child a \
           join contact_child b on b.contact_id = a.contact_id where a.person_id = $1), \
         seen as (select p.id, case when {sensitive} then 1 else 0 end as sens, \
           case when {protected} then 1 else 0 end as prot from person p \
           where (p.id = $1 or p.id in (select person_id from folk) \
             or p.id in (select person_id from told_with)) and {sees}), \
         whose as ({whose}), \
         calls as (select c.id, case when exists (select 1 from contact_child x \
             where x.contact_id = c.id and x.person_id is not null \
             and x.person_id not in (select id from seen)) then 0 else 1 end as clear \
           from contact c where c.id in (select cc.contact_id from contact_child cc \
             join whose w on w.id = cc.person_id)), \
         work as (select distinct s.step_id as id from step_subject s join whose w on w.id = s.person_id), \
         plans as (select distinct s.plan_id as id from plan_subject s join whose w on w.id = s.person_id), \
         e as ({})",
        branches.join(" union all ")
    );
    Events { with, values }
}

/// Puts in how each database writes a moment and a day as text: `@at(x)` and
/// `@day(x)`.
fn written_for(dialect: Dialect, branch: &str) -> String {
    let (at, day) = match dialect {
        Dialect::Sqlite => (("substr(", ", 1, 19)"), ("(", ")")),
        Dialect::Postgres => (
            (
                "(to_char(",
                " at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS') collate \"C\")",
            ),
            ("(to_char(", ", 'YYYY-MM-DD') collate \"C\")"),
        ),
    };
    let mut sql = String::with_capacity(branch.len() + 200);
    let mut rest = branch;
    while let Some(start) = rest.find('@') {
        let (open, close, skip) = match &rest[start..] {
            text if text.starts_with("@at(") => (at.0, at.1, 4),
            _ => (day.0, day.1, 5),
        };
        let inner = &rest[start + skip..];
        let end = inner.find(')').unwrap_or(inner.len());
        sql.push_str(&rest[..start]);
        sql.push_str(open);
        sql.push_str(&inner[..end]);
        sql.push_str(close);
        rest = &inner[(end + 1).min(inner.len())..];
    }
    sql.push_str(rest);
    sql
}

// The columns of every branch: k, kind, src, id, path, about, what, detail,
// words, here, who, recorded, flags. `src` is the kind of record for the
// chronology; `what` and `detail` are codes for the title.

/// Notes and visits, one for all copies; sensitive ones only where the viewer
/// may see them.
const NOTES: &str = "\
    select @at(n.happened_at) as k, n.kind as kind, 'note' as src, n.id as id, '/notes/' || n.id as path, \
      n.about as about, case when n.seen is null then '' when n.seen and n.seen_alone then 'alone' \
        when n.seen then 'seen' else 'not_seen' end as what, '' as detail, \
      substr(n.words, 1, 700) as words, n.only_here as here, a.name as who, @at(n.recorded_at) as recorded, \
      case when n.sensitive then 's' else '' end || case when n.corrected_at is null then '' else 'c' end as flags \
    from (select n.*, row_number() over (partition by n.group_id order by n.person_id) as nth, \
        string_agg(n.person_id, ',') over (partition by n.group_id) as about \
      from note n join whose w on w.id = n.person_id where not n.sensitive or w.sens = 1) n \
    join worker a on a.id = n.author_id where n.nth = 1";

/// Contacts. What was said stays away while it also names a child whom the
/// viewer may not see.
const CONTACTS: &str = "\
    select @at(c.received_at), 'contact', 'contact', c.id, '/contacts/' || c.id, '', c.route, coalesce(c.outcome, c.state), \
      case when x.clear = 1 then substr(c.concern, 1, 700) else '' end, cast(null as text), \
      coalesce(case when x.clear = 1 then c.referrer_name end, c.referrer_agency, ''), cast(null as text), '' \
    from contact c join calls x on x.id = c.id";

/// Who was told about a decision.
const TOLD: &str = "\
    select @at(t.told_at), 'told', 'contact', t.id, '/contacts/' || t.contact_id, '', t.how, \
      case when x.clear = 1 then t.who else '' end, \
      case when x.clear = 1 then substr(t.words, 1, 700) else '' end, cast(null as text), w.name, cast(null as text), '' \
    from told t join calls x on x.id = t.contact_id join worker w on w.id = t.told_by";

/// Decisions about the child, about a contact, or about a step.
const DECISIONS: &str = "\
    select @at(d.decided_at), 'decision', 'decision', d.id, \
      case when d.contact_id is not null then '/contacts/' || d.contact_id \
        when d.step_id is not null then '/steps/' || d.step_id else '' end, \
      coalesce(d.person_id, ''), d.kind, d.outcome, \
      case when coalesce(x.clear, 1) = 1 then substr(d.rationale, 1, 700) else '' end, cast(null as text), \
      w.name, cast(null as text), '' \
    from decision d join worker w on w.id = d.decided_by left join calls x on x.id = d.contact_id \
    where d.id in (select d1.id from decision d1 join whose o on o.id = d1.person_id \
        union select d2.id from decision d2 join calls c on c.id = d2.contact_id \
        union select d3.id from decision d3 join kin on kin.family_id = d3.family_id \
          where d3.step_id in (select id from work)) \
      and (d.person_id is null or d.person_id in (select id from whose))";

/// Steps: begun, sent for authorisation, and settled by someone else.
const STEPS: &str = "\
    select @day(s.started_on), 'step', 'step', s.id, '/steps/' || s.id, '', 'started', s.kind, '', \
      cast(null as text), coalesce(w.name, ''), cast(null as text), '' \
    from step s join work on work.id = s.id left join worker w on w.id = s.worker_id \
    union all \
    select @at(s.submitted_at), 'step', 'step', s.id, '/steps/' || s.id, '', 'submitted', s.kind, '', \
      cast(null as text), coalesce(w.name, ''), cast(null as text), '' \
    from step s join work on work.id = s.id left join worker w on w.id = s.submitted_by \
    where s.submitted_at is not null \
    union all \
    select @at(s.settled_at), 'step', 'step', s.id, '/steps/' || s.id, '', s.state, s.kind, \
      substr(coalesce(s.settled_words, ''), 1, 700), cast(null as text), coalesce(w.name, ''), cast(null as text), '' \
    from step s join work on work.id = s.id left join worker w on w.id = s.settled_by \
    where s.settled_at is not null and not exists (select 1 from decision d \
      where d.family_id = s.family_id and d.step_id = s.id and d.decided_at >= s.settled_at)";

/// Plans begun and ended, and what was said about their actions.
const PLANS: &str = "\
    select @day(p.started_on), 'plan', 'plan', p.id, '/plans/' || p.id, '', 'started', p.kind, \
      substr(coalesce(p.summary, ''), 1, 700), cast(null as text), coalesce(w.name, ''), cast(null as text), '' \
    from plan p join plans x on x.id = p.id left join worker w on w.id = p.worker_id \
    union all \
    select @day(p.ended_on), 'plan', 'plan', p.id, '/plans/' || p.id, '', 'ended', p.kind, \
      substr(coalesce(p.different, ''), 1, 700), cast(null as text), coalesce(w.name, ''), cast(null as text), '' \
    from plan p join plans x on x.id = p.id left join worker w on w.id = p.worker_id where p.ended_on is not null \
    union all \
    select @at(u.said_at), 'action', 'plan', u.id, '/actions/' || a.id, '', u.state, substr(a.what, 1, 140), \
      substr(u.words, 1, 700), cast(null as text), u.said_by, cast(null as text), '' \
    from action_update u join action a on a.id = u.action_id join plans x on x.id = a.plan_id";

/// Meetings of a plan that is about the child, and of the family.
const MEETINGS: &str = "\
    select @at(m.held_at), 'meeting', 'meeting', m.id, '/meetings/' || m.id, '', m.state, m.kind, \
      substr(coalesce(m.decision, m.purpose, ''), 1, 700), cast(null as text), coalesce(m.chaired_by, ''), \
      cast(null as text), '' \
    from meeting m join kin on kin.family_id = m.family_id \
    where m.plan_id is null or m.plan_id in (select id from plans)";

/// Who came to work with the child and who left, where the child lived, and
/// the life before us that was written into the chronology by hand.
const PEOPLE: &str = "\
    select @day(i.started_on), 'worker', 'involvement', i.id, '', i.person_id, 'started', \
      case when i.lead then 'allocated' else 'other' end, i.name || ', ' || i.job_title, cast(null as text), '', cast(null as text), \
      case when i.sensitive then 's' else '' end \
    from involvement i join whose w on w.id = i.person_id where not i.sensitive or w.sens = 1 \
    union all \
    select @day(i.ended_on), 'worker', 'involvement', i.id, '', i.person_id, 'ended', i.role, \
      i.name || ', ' || i.job_title || coalesce('. ' || i.change_reason, ''), cast(null as text), '', cast(null as text), \
      case when i.sensitive then 's' else '' end \
    from involvement i join whose w on w.id = i.person_id \
    where i.ended_on is not null and (not i.sensitive or w.sens = 1) \
    union all \
    select @at(q.asked_at), 'question', 'question', q.id, '/questions/' || q.id, q.person_id, q.waits_for, '', \
      substr(q.topic, 1, 700), cast(null as text), q.asked_as, cast(null as text), '' \
    from question q join whose w on w.id = q.person_id \
    union all \
    select @at(s.decided_at), 'sharing', 'sharing', s.id, '/people/' || s.person_id || '/sharing', s.person_id, \
      case when s.shared then 'shared' else 'not_shared' end, s.with_whom, substr(s.what, 1, 700), \
      cast(null as text), v.name, cast(null as text), '' \
    from sharing s join whose w on w.id = s.person_id join worker v on v.id = s.decided_by \
    union all \
    select @day(a.started_on), 'address', 'address', a.id, '', a.person_id, a.kind, '', \
      a.line1 || coalesce(', ' || a.town, '') || coalesce(', ' || a.postcode, ''), cast(null as text), '', \
      cast(null as text), '' \
    from address a join whose w on w.id = a.person_id \
    where a.started_on is not null and (not a.protected or w.prot = 1) \
    union all \
    select @day(c.happened_on), 'life', 'chronology', c.id, '/chronology/' || c.id, c.person_id, c.kind, '', \
      c.wording, cast(null as text), coalesce(c.reported_by, ''), cast(null as text), '' \
    from chronology c join whose w on w.id = c.person_id where c.state = 'accepted' and c.source_id is null";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_database_writes_moments_in_its_own_way() {
        let branch = "select @at(n.x), @day(n.y) from n";
        assert_eq!(
            written_for(Dialect::Sqlite, branch),
            "select substr(n.x, 1, 19), (n.y) from n"
        );
        assert_eq!(
            written_for(Dialect::Postgres, branch),
            "select (to_char(n.x at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS') collate \"C\"), \
             (to_char(n.y, 'YYYY-MM-DD') collate \"C\") from n"
        );
    }
}
