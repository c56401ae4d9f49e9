//! Who holds what: the open work cut into family-sized slots, so that every
//! worker's count and every figure of the number register come out exactly.

use crate::dice::Dice;
use crate::posts::HOLDINGS;
use crate::staff::{Worker, waiting};
use crate::{Size, Standing};

/// A family to be made, with who holds it.
pub(crate) struct Slot {
    pub(crate) team: &'static str,
    pub(crate) worker: Option<String>,
    pub(crate) standing: Standing,
    pub(crate) size: u8,
    pub(crate) story: Option<&'static str>,
    pub(crate) unaccompanied: bool,
    /// For children in care: which of them live outside the borough.
    pub(crate) outside: Vec<bool>,
    pub(crate) in_court: bool,
}

/// Jo's nine families: 15 children, two families in court (persona 5).
const JO: [(Option<&str>, Standing, u8, bool); 9] = [
    (Some("maya"), Standing::Assessment, 4, false),
    (Some("twins"), Standing::ChildInNeed, 2, false),
    (Some("protected-address"), Standing::ProtectionPlan, 2, true),
    (Some("baby-expected"), Standing::Assessment, 1, false),
    (Some("three-referrals"), Standing::ChildInNeed, 1, false),
    (None, Standing::ProtectionPlan, 2, true),
    (None, Standing::ChildInNeed, 1, false),
    (None, Standing::ChildInNeed, 1, false),
    (None, Standing::Assessment, 1, false),
];

/// Children known to the council, and how many of those in care live outside.
pub(crate) fn known(size: Size) -> u32 {
    match size {
        Size::Full => 12_000,
        Size::Large => 20_000,
        Size::County => 26_000,
        Size::Small => 400,
    }
}

/// Children in care: all, who came alone, who live outside the borough.
pub(crate) fn in_care(size: Size) -> (u32, u32, u32) {
    match size {
        Size::Full | Size::Large => (236, 59, 166),
        Size::County => (495, 124, 348),
        Size::Small => (24, 6, 17),
    }
}

/// All slots: the front door first, then each worker's families, then those closed.
pub(crate) fn slots(size: Size, workers: &[Worker], dice: &mut Dice) -> Vec<Slot> {
    let mut slots = Vec::new();
    front_door(size, &mut slots, dice);
    let mut cared = 0;
    for holding in &HOLDINGS {
        let team: Vec<&Worker> = workers
            .iter()
            .filter(|w| w.team == Some(holding.team) && w.holds > 0)
            .collect();
        for (i, worker) in team.iter().enumerate() {
            if worker.username == "jo.socialworker" {
                for (story, standing, children, in_court) in JO {
                    slots.push(Slot {
                        story,
                        in_court,
                        ..slot(worker, standing, children)
                    });
                }
                continue;
            }
            let mut left = worker.holds;
            let special = match (holding.team, i) {
                ("south", 0) => Some(("restricted", Standing::ChildInNeed, 1)),
                ("early-help-north", 0) => Some(("early-help", Standing::EarlyHelp, 3)),
                _ => None,
            };
            if let Some((story, standing, children)) = special {
                left -= u16::from(children);
                slots.push(Slot {
                    story: Some(story),
                    ..slot(worker, standing, children)
                });
            }
            while left > 0 {
                let standing = dice.weighted(holding.standings);
                let next = if standing == Standing::InCare {
                    care_slot(size, worker, left, &mut cared, dice)
                } else {
                    let wanted = if standing == Standing::CareLeaver {
                        1
                    } else {
                        family_size(dice)
                    };
                    slot(worker, standing, u16::from(wanted).min(left) as u8)
                };
                left -= u16::from(next.size);
                slots.push(next);
            }
        }
    }
    // One child has the story of the twelve professionals, not each who could.
    let told = slots
        .iter()
        .position(|s| s.story == Some("twelve-professionals"));
    for (i, slot) in slots.iter_mut().enumerate() {
        if slot.standing == Standing::InCare && Some(i) != told {
            slot.story = None;
        }
    }
    let open: u32 = slots.iter().map(|s| u32::from(s.size)).sum();
    let mut left = known(size).saturating_sub(open);
    while left > 0 {
        let children = u32::from(family_size(dice)).min(left);
        left -= children;
        slots.push(Slot {
            team: "",
            worker: None,
            standing: Standing::Closed,
            size: children as u8,
            story: None,
            unaccompanied: false,
            outside: Vec::new(),
            in_court: false,
        });
    }
    slots
}

fn slot(worker: &Worker, standing: Standing, size: u8) -> Slot {
    Slot {
        team: worker.team.unwrap_or(""),
        worker: Some(worker.username.clone()),
        standing,
        size,
        story: None,
        unaccompanied: false,
        outside: Vec::new(),
        in_court: false,
    }
}

fn family_size(dice: &mut Dice) -> u8 {
    dice.weighted(&[(1, 45), (2, 30), (3, 15), (4, 7), (5, 3)])
}

/// Exactly as many contacts and children waiting as the front door should show.
fn front_door(size: Size, slots: &mut Vec<Slot>, dice: &mut Dice) {
    let (children, contacts) = waiting(size);
    let mut sizes = vec![1u8; usize::from(contacts)];
    let mut more = children - contacts;
    while more > 0 {
        let i = dice.below(sizes.len());
        if sizes[i] < 4 {
            sizes[i] += 1;
            more -= 1;
        }
    }
    for size in sizes {
        slots.push(Slot {
            team: "front-door",
            worker: None,
            standing: Standing::ContactWaiting,
            size,
            story: None,
            unaccompanied: false,
            outside: Vec::new(),
            in_court: false,
        });
    }
}

/// The next children in care: every fourth came alone, and the share outside is
/// spread evenly, so that the totals are those of [`in_care`].
fn care_slot(size: Size, worker: &Worker, left: u16, cared: &mut u32, dice: &mut Dice) -> Slot {
    let (all, alone, outside) = in_care(size);
    let due = |n: u32, share: u32| (n + 1) * share / all > n * share / all;
    let came_alone = due(*cared, alone);
    let mut wanted = 1;
    if !came_alone {
        let brothers_and_sisters = dice.weighted(&[(1u16, 70), (2, 22), (3, 8)]);
        while wanted < brothers_and_sisters.min(left) && !due(*cared + u32::from(wanted), alone) {
            wanted += 1;
        }
    }
    let first = *cared;
    *cared += u32::from(wanted);
    let outside: Vec<bool> = (first..*cared).map(|n| due(n, outside)).collect();
    let story = (!came_alone && outside == [true]).then_some("twelve-professionals");
    Slot {
        unaccompanied: came_alone,
        outside,
        story,
        ..slot(worker, Standing::InCare, wanted as u8)
    }
}
