//! States and dates of actions, goals and meetings as pages say them.

use chrono::{DateTime, Utc};
use record::model::{Action, ActionState, GoalState, MeetingState};
use vocabulary::plain;

use crate::time;

/// Whether an action waits for someone.
pub fn is_open(state: ActionState) -> bool {
    matches!(state, ActionState::ToDo | ActionState::UnderWay)
}

/// The state of an action's date, and the date with what is left of the time.
pub fn due_words(action: &Action) -> (&'static str, String) {
    let today = time::today();
    let day = plain::date(action.due_on);
    if !is_open(action.state) {
        return ("done", day);
    }
    let left = (action.due_on - today).num_days();
    let state = match left {
        i64::MIN..=-1 => "late",
        0 => "due-today",
        1..=7 => "due-soon",
        _ => "on-time",
    };
    let words = match left {
        57.. => day,
        _ => format!("{day}, {}", plain::days_left(left)),
    };
    (state, words)
}

/// The state of an action in words.
pub fn state_words(state: ActionState) -> &'static str {
    match state {
        ActionState::ToDo => "To do",
        ActionState::UnderWay => "Under way",
        ActionState::Done => "Done",
        ActionState::Cannot => "Cannot be done",
    }
}

/// The state of a goal in words.
pub fn goal_words(state: GoalState) -> &'static str {
    match state {
        GoalState::Working => "Being worked on",
        GoalState::Achieved => "Reached",
        GoalState::Partly => "Partly reached",
        GoalState::NotAchieved => "Not reached",
    }
}

/// The state of a meeting in words.
pub fn meeting_words(state: MeetingState) -> &'static str {
    match state {
        MeetingState::Planned => "Planned",
        MeetingState::Held => "Held",
        MeetingState::Cancelled => "Called off",
    }
}

/// A meeting's day and time. Midnight means that only the day is known.
pub fn when_words(at: DateTime<Utc>) -> String {
    let local = time::local(at);
    let day = plain::date_with_day(local.date());
    if local.time() == chrono::NaiveTime::MIN {
        return format!("{day}, time to be agreed");
    }
    format!("{day} at {}", plain::time(local.time()))
}
