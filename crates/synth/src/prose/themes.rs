//! What brings families to a council, with the words that go with it.
//!
//! Shares are plausible, not copied from a published table: domestic abuse and a parent's mental
//! health lead, then neglect, housing and money. Data only; `themes_more` goes on.

use super::themes_more::{CARER, DISABILITY, EXPECTED, EXPLOITED, UNACCOMPANIED};
use super::{Line, a, b, k, t};
use crate::Agency::{
    self, EarlyHelp, Family, Health, Housing, Police, School, SocialCare, Voluntary,
};

/// An action that plans of this theme draw on.
pub(crate) struct Step {
    pub(crate) what: &'static str,
    pub(crate) agency: Agency,
    pub(crate) owner: &'static str,
    pub(crate) measure: &'static str,
}

pub(crate) const fn step(
    what: &'static str,
    agency: Agency,
    owner: &'static str,
    measure: &'static str,
) -> Step {
    Step {
        what,
        agency,
        owner,
        measure,
    }
}

/// A theme: codes for the returns, and words.
pub(crate) struct Theme {
    /// Primary need code of the census.
    pub(crate) need: &'static str,
    /// Assessment factors of the census.
    pub(crate) factors: &'static [&'static str],
    /// Category of abuse, when it comes to a protection plan.
    pub(crate) category: &'static str,
    pub(crate) indicators: &'static [&'static str],
    /// What callers say.
    pub(crate) contact: &'static [Line],
    pub(crate) worries: &'static [Line],
    pub(crate) goals: &'static [(&'static str, &'static [Step])],
}

/// Themes of families at home, by share.
pub(crate) static AT_HOME: &[(&Theme, u32)] = &[
    (&ABUSE_BETWEEN_ADULTS, 30),
    (&PARENTS_HEALTH, 21),
    (&NEGLECT, 18),
    (&STRESS, 14),
    (&EXPLOITED, 7),
    (&CARER, 5),
    (&DISABILITY, 5),
];
/// For the disabled children's team.
pub(crate) static DISABLED: &[(&Theme, u32)] = &[(&DISABILITY, 1)];
/// For the adolescent team.
pub(crate) static ADOLESCENT: &[(&Theme, u32)] = &[(&EXPLOITED, 8), (&CARER, 2)];
/// Before a birth.
pub(crate) static BEFORE_BIRTH: &[(&Theme, u32)] = &[(&EXPECTED, 1)];
/// For children who came alone.
pub(crate) static ALONE: &[(&Theme, u32)] = &[(&UNACCOMPANIED, 1)];

pub(crate) static ABUSE_BETWEEN_ADULTS: Theme = Theme {
    need: "N1",
    factors: &["3B", "17A"],
    category: "EMO",
    indicators: &[
        "A child lives where one adult frightens another",
        "The child hears or sees it",
        "A parent asks for help to stay safe",
    ],
    contact: &[
        a(
            "Officers went to the home at half past eleven at night after a neighbour heard shouting and something break. {carer} had a cut to the hand and said it was an accident.",
        ),
        a(
            "{carer} told the receptionist at the surgery that going home did not feel safe tonight.",
        ),
        a(
            "The caller has heard arguments through the wall for weeks, and last night a child calling out.",
        ),
        k(
            "{child} told the class teacher that {he} sleeps in {his} uniform so as to be ready to go.",
        ),
        t("{child} told the head of year that {he} stays up until the adults are asleep, in case."),
        b(
            "The health visitor saw {carer} flinch when the front door opened; {child} was in the high chair.",
        ),
        a(
            "No arrest was made. The other adult had left before the officers came and was spoken to by telephone.",
        ),
        a("{other} was said to have been at the address, which he is not meant to visit."),
    ],
    worries: &[
        a(
            "Three calls to the police in two months, each a little worse than the last, each with children in the home.",
        ),
        a(
            "{carer} plays it down afterwards and we understand why; it makes it harder to know what tonight will be like.",
        ),
        k("{child} has begun to flinch at loud voices and to ask who is coming."),
        t("{child} stands between the adults when it starts and was pushed once."),
        b("{child} has been in arms when things were thrown."),
        a("The agreement that he stays away has been broken at least twice."),
        a("Money is held by one adult and has to be asked for."),
    ],
    goals: &[
        (
            "Nobody in our home is frightened of anybody in it",
            &[
                step(
                    "Make a safety plan with {carer} that works at night and without a telephone",
                    Voluntary,
                    "Domestic abuse adviser, Lantern",
                    "{carer} can say what happens first, second and third",
                ),
                step(
                    "Put a marker on the address so that calls are answered at once",
                    Police,
                    "Public protection officer",
                    "Marker seen on the next check",
                ),
                step(
                    "Speak with {other} about the effect on the children and what he will do",
                    SocialCare,
                    "Social worker",
                    "He can describe it from the child's side",
                ),
            ],
        ),
        (
            "{child} has somebody to tell",
            &[
                step(
                    "Name one adult at school and agree a signal",
                    School,
                    "Designated safeguarding lead",
                    "{child} says who it is and has used it once",
                ),
                step(
                    "Meet {child} alone every two weeks",
                    SocialCare,
                    "Social worker",
                    "{child}'s words are in each visit note",
                ),
            ],
        ),
    ],
};

pub(crate) static PARENTS_HEALTH: Theme = Theme {
    need: "N3",
    factors: &["4B"],
    category: "NEG",
    indicators: &[
        "A parent's mental health affects daily care",
        "Other adults share the care at times",
        "School notices a change",
    ],
    contact: &[
        a(
            "{carer} rang in tears and said that getting up has become too much. A friend is staying tonight.",
        ),
        a(
            "The GP saw {carer} this morning: low mood for months, not sleeping, and worried about the children more than about anything else.",
        ),
        a("The crisis team will visit tomorrow. They asked who is with the children."),
        k(
            "{school} rang: {child} has been late nine times this month and says that {carer} does not wake up.",
        ),
        t(
            "{child} has missed most Mondays and told the form tutor that somebody has to stay with {carer}.",
        ),
        b(
            "The health visitor found the curtains closed at noon and {child} in last night's nappy. {carer} agreed to the call.",
        ),
        a(
            "A friend of the family rang because messages have gone unanswered for two days, which is not like {carer}.",
        ),
    ],
    worries: &[
        a("On bad days nobody cooks, nobody answers the door, and the children fill the gaps."),
        a(
            "{carer} stopped the tablets in the summer without telling anyone, and has started again now.",
        ),
        k("{child} checks on {carer} through the night and is tired at school."),
        t("{child} keeps the worst from us, out of loyalty and out of fear of what we would do."),
        b("{child} spends long stretches in the cot on days when {carer} cannot manage."),
        a("There is no adult who could step in for more than one night."),
        a("The last time support ended it was six weeks before anyone noticed things slipping."),
    ],
    goals: &[
        (
            "Bad days have a plan that does not rest on the children",
            &[
                step(
                    "Write down who comes, who cooks and who takes the children to school on a bad day",
                    Family,
                    "{carer} and friends",
                    "The plan is on the wall and was used without a call to us",
                ),
                step(
                    "Review of treatment and a number to ring between appointments",
                    Health,
                    "Community mental health nurse",
                    "{carer} has rung it once",
                ),
            ],
        ),
        (
            "School mornings happen",
            &[
                step(
                    "Breakfast place and a welcome for late arrivals",
                    School,
                    "Head of pastoral care",
                    "On time four days of five for a half term",
                ),
                step(
                    "Young carer's assessment if {child} still takes on too much",
                    SocialCare,
                    "Social worker",
                    "Decision recorded and explained to {child}",
                ),
            ],
        ),
    ],
};

pub(crate) static NEGLECT: Theme = Theme {
    need: "N1",
    factors: &["16A"],
    category: "NEG",
    indicators: &[
        "Daily needs are not met over time",
        "Health appointments are missed",
        "Earlier help did not last",
    ],
    contact: &[
        a(
            "Officers called about another matter and found little food, a broken cooker and mattresses without sheets. They took no further action and asked us to help.",
        ),
        k(
            "{school} is worried: {child} comes in hungry, in the same clothes, and hides food in {his} bag.",
        ),
        k("{child} has had head lice for a month and other children have begun to move away."),
        t("{child} asked the school nurse for washing powder and would not say why."),
        b(
            "{child} has missed three weighing clinics and was below the expected line when seen in the chemist's by chance.",
        ),
        a("The dentist reports a third appointment missed; two teeth will now have to come out."),
        a(
            "A neighbour rang: the children play out until ten and the younger ones cry at the door.",
        ),
        a("The housing officer could not get past the rubbish in the hall."),
    ],
    worries: &[
        a(
            "It improves when people visit and slips when they stop; this is the third time in four years.",
        ),
        a("The home is cold, and the meter was empty on two of three visits."),
        k(
            "{child} is often hungry by ten in the morning and has started to take food from others.",
        ),
        t("{child} washes {his} own things by hand at night and hides that {he} does."),
        b("{child} has a sore nappy rash that was there on each visit."),
        a("{carer} does not see what others see, and hears it as criticism."),
        a("Appointments that matter are missed without a call."),
    ],
    goals: &[
        (
            "{child} is warm, clean and fed every day, not only on visiting days",
            &[
                step(
                    "Clear the hall and the kitchen together over two Saturdays",
                    EarlyHelp,
                    "Family support practitioner",
                    "Kitchen used to cook on an unannounced visit",
                ),
                step(
                    "Replace the cooker and set up the meter on a plan",
                    Housing,
                    "Housing officer",
                    "Cooker works; meter not empty for a month",
                ),
                step(
                    "Free school meals and breakfast club from Monday",
                    School,
                    "School office",
                    "{child} eats before nine on every school day",
                ),
            ],
        ),
        (
            "Teeth, eyes and growth are looked after",
            &[
                step(
                    "Book and go to the dentist, with somebody alongside",
                    Health,
                    "School nurse",
                    "Treatment finished",
                ),
                step(
                    "Keep one list of appointments on the fridge",
                    Family,
                    "{carer}",
                    "None missed in eight weeks",
                ),
            ],
        ),
    ],
};

pub(crate) static STRESS: Theme = Theme {
    need: "N4",
    factors: &["20"],
    category: "EMO",
    indicators: &[
        "Money or housing puts family life under strain",
        "Parents ask for help",
        "Children's routines are disturbed",
    ],
    contact: &[
        a(
            "{carer} asked for help: notice to leave the flat by the end of the month, two jobs, and nobody to mind the children in the evening.",
        ),
        a(
            "The family has moved three times this year and is now in one room. {carer} says that everyone is cross with everyone.",
        ),
        a(
            "The food bank's volunteer rang with {carer}'s agreement. This was the fourth visit in six weeks.",
        ),
        k(
            "{school} says {child} has changed since the move: quick to tears, slow to leave at the end of the day.",
        ),
        t(
            "{child} has started to stay out and told {school} that there is no room at home to do anything.",
        ),
        a(
            "{other} rang, worried about the children, and wants to know how he can help without making it worse.",
        ),
        a("{carer} and {other} argue about money on the doorstep when the children change homes."),
    ],
    worries: &[
        a("Everyone's patience is used up by bedtime, and that is when the shouting happens."),
        a("The notice runs out in four weeks and nothing else has been found."),
        k("{child} has had three schools in two years and has stopped trying to make friends."),
        t("{child} does homework in the stairwell, where the light is."),
        b("{child} has learnt to sleep through the television because there is nowhere else."),
        a("Debts are being paid with other debts."),
    ],
    goals: &[
        (
            "We have a home that we can stay in",
            &[
                step(
                    "Homelessness application and a named officer",
                    Housing,
                    "Housing options officer",
                    "Written decision received",
                ),
                step(
                    "Benefits check and a plan for the arrears",
                    Voluntary,
                    "Money adviser, Stepping Stones",
                    "Arrears go down two months running",
                ),
            ],
        ),
        (
            "Evenings are calmer",
            &[
                step(
                    "Parenting group at the family centre, with a crèche",
                    EarlyHelp,
                    "Family centre worker",
                    "Six sessions attended; {carer} names one thing that changed",
                ),
                step(
                    "{other} has the children on two fixed evenings",
                    Family,
                    "{other}",
                    "Happened every week for six weeks",
                ),
            ],
        ),
    ],
};
