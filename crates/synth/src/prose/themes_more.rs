//! More of what brings families to a council: see `themes`. Data only.

use super::themes::{Step, Theme, step};
use super::{a, k, t, u};
use crate::Agency::{
    EarlyHelp, Family, Health, Housing, Police, School, SocialCare, Voluntary, Youth,
};

pub(crate) static EXPLOITED: Theme = Theme {
    need: "N1",
    factors: &["24A", "10A", "13A"],
    category: "MUL",
    indicators: &[
        "Goes missing and will not say where",
        "Older people offer money or gifts",
        "School attendance drops",
    ],
    contact: &[
        t(
            "{child} was reported missing at one in the morning and came home at six with a second phone and new trainers.",
        ),
        t(
            "Officers stopped {child} at a coach station forty miles away with two older boys. {he} said they were cousins.",
        ),
        t(
            "{school} found a sum of money in {child}'s bag. {he} would not say whose it was and asked twice whether anyone had been told.",
        ),
        t(
            "{carer} rang: a man in a car waits at the corner, and {child} goes when he flashes the lights.",
        ),
        t(
            "A youth worker heard from another young person that {child} owes somebody and is frightened.",
        ),
        k(
            "{school} is worried about {child}'s older brother's friends, who wait at the gate and have given {him} sweets and errands.",
        ),
        a("The family has had a brick through the window and did not report it."),
    ],
    worries: &[
        t("Four times missing since the summer, longer each time, and no account of where."),
        t("{child} is treated as a suspect by some and as a victim by others, and trusts neither."),
        t("{he} believes there is a debt and that leaving would put the family at risk."),
        a("{carer} is frightened to report and does not want officers seen at the door."),
        k("{child} has been asked to carry things and thinks that it is a game."),
        a("The people behind this know where the family lives."),
    ],
    goals: &[
        (
            "{child} is safe on the way to and from the places {he} likes",
            &[
                step(
                    "Agree a travel and check-in plan that {child} helped to write",
                    SocialCare,
                    "Social worker",
                    "No missing night in six weeks",
                ),
                step(
                    "Disruption: visit the address and warn the adults",
                    Police,
                    "Exploitation team officer",
                    "Car not seen at the corner for a month",
                ),
                step(
                    "Report {child}'s position to the national referral mechanism",
                    SocialCare,
                    "Social worker",
                    "Decision received and explained to {child}",
                ),
            ],
        ),
        (
            "{child} has reasons to be elsewhere",
            &[
                step(
                    "Place at the boxing gym with a lift home",
                    Youth,
                    "Youth worker",
                    "Went to six of eight sessions",
                ),
                step(
                    "A timetable {child} can manage",
                    School,
                    "Head of year",
                    "In school four days a week",
                ),
            ],
        ),
    ],
};

pub(crate) static CARER: Theme = Theme {
    need: "N3",
    factors: &["7A", "6B"],
    category: "NEG",
    indicators: &[
        "A child looks after an adult",
        "School work suffers from care at home",
        "The adult's own care has gaps",
    ],
    contact: &[
        k(
            "{child} told a dinner lady that {he} cannot stay for club because {he} has to do {carer}'s legs.",
        ),
        t(
            "{child} has been collecting the prescriptions, cooking, and getting two younger ones to bed since {carer}'s last hospital stay.",
        ),
        a(
            "The hospital will discharge {carer} on Friday. They asked who is at home, and the answer was the children.",
        ),
        a(
            "Adult social care rang: {carer}'s package has been cut by two visits and the children fill the gap.",
        ),
        t("{school} found out at parents' evening, when {child} came in {carer}'s place."),
    ],
    worries: &[
        k("{child} lifts and carries more than is safe at {his} age."),
        t("{child} has given up football and friends and says that {he} does not mind."),
        a("Nobody has told the children what the illness is and what will happen."),
        a("Adult services and children's services each believe that the other is doing it."),
        a("There is no plan for a night when {carer} has to go to hospital."),
    ],
    goals: &[
        (
            "{child} can be a child first",
            &[
                step(
                    "Restore the evening care visit for {carer}",
                    Health,
                    "Adult social care, community team",
                    "Visit happens seven days a week",
                ),
                step(
                    "Young carers' group, with transport",
                    Voluntary,
                    "Young carers' worker",
                    "{child} chose to go back",
                ),
                step(
                    "Someone whom {school} rings instead of {child}",
                    School,
                    "Pastoral lead",
                    "{child} has not been called out of a lesson",
                ),
            ],
        ),
        (
            "Everyone knows what happens if {carer} is ill",
            &[step(
                "Write the hospital plan and give a copy to school, surgery and family",
                Family,
                "{carer}",
                "{child} can say who comes",
            )],
        ),
    ],
};

pub(crate) static DISABILITY: Theme = Theme {
    need: "N2",
    factors: &["5A", "6A"],
    category: "NEG",
    indicators: &[
        "A child's disability needs more than universal services",
        "The family's sleep and work suffer",
        "A short break has been asked for",
    ],
    contact: &[
        a(
            "{carer} asked for a short break: nobody has slept a whole night since the spring, and the shifts at work are at risk.",
        ),
        k(
            "{school} supports a request: {child} needs two adults to be safe near roads and the family has one.",
        ),
        t(
            "{child} is taller than {carer} now and moving {him} has become unsafe; the hoist is on a waiting list.",
        ),
        a(
            "The paediatrician wrote: new medication, more seizures at night, and a family that does not complain.",
        ),
        a(
            "The family has had four letters from four services this month, each asking for the same things.",
        ),
        a(
            "{carer} rang about the holidays: six weeks without school and no club that will take {child}.",
        ),
    ],
    worries: &[
        a("The family has stopped asking, because asking has not led to anything."),
        a("Brothers and sisters get what is left of the day and have begun to say so."),
        a("The equipment that would make the bathroom safe was agreed last year and has not come."),
        t("{child} turns eighteen in not so long and nobody has spoken with adult services."),
        k("{child} has no way yet to tell a stranger that something hurts."),
        a("{carer}'s back is injured from lifting."),
    ],
    goals: &[
        (
            "We sleep, and {child} has people {he} enjoys",
            &[
                step(
                    "Two nights a month with the same short-break carers",
                    SocialCare,
                    "Short breaks coordinator",
                    "Four stays, and {child} goes in smiling",
                ),
                step(
                    "Hoist and bathroom rail fitted",
                    Housing,
                    "Occupational therapist, adaptations",
                    "{carer} bathes {child} without lifting",
                ),
            ],
        ),
        (
            "{child} can tell people what {he} wants",
            &[
                step(
                    "Communication book used at home and school alike",
                    Health,
                    "Speech and language therapist",
                    "{child} chooses from it without a prompt",
                ),
                step(
                    "One review instead of four",
                    School,
                    "Special needs coordinator",
                    "One date, everyone there",
                ),
            ],
        ),
    ],
};

pub(crate) static EXPECTED: Theme = Theme {
    need: "N1",
    factors: &["4B", "2B"],
    category: "NEG",
    indicators: &[
        "An earlier child needed protection",
        "Care in pregnancy came late",
        "Parents are very young or alone",
    ],
    contact: &[
        u(
            "The midwife rang with {carer}'s agreement: first appointment at twenty-two weeks, no fixed address, and an earlier child who was brought up by an aunt.",
        ),
        u("{carer} asked the midwife what she would have to do to bring this baby home."),
        u(
            "The baby's father, who is very young, came to the scan and asked what help there is for him.",
        ),
        u("Probation rang about the household into which the baby will be born."),
        u(
            "The family nurse says that {carer} has worked hard and that the tenancy is what worries everyone.",
        ),
    ],
    worries: &[
        u("The birth is close and the home is not settled."),
        u("What went wrong before began in the third week, when visits became fewer."),
        u("Both parents are using less than before and neither has stopped."),
        u("There is no agreement yet on who will be there at night in the first month."),
    ],
    goals: &[
        (
            "The baby comes home to somewhere safe and ready",
            &[
                step(
                    "Tenancy signed and keys in hand before week thirty-six",
                    Housing,
                    "Housing options officer",
                    "Keys seen",
                ),
                step(
                    "Birth plan, discharge plan and who rings whom",
                    Health,
                    "Specialist midwife",
                    "On the ward and with the parents",
                ),
                step(
                    "Weekly tests and a place in the parents' group",
                    Voluntary,
                    "Recovery worker, Clearwater",
                    "Eight weeks without a gap",
                ),
            ],
        ),
        (
            "Both parents are part of it",
            &[
                step(
                    "Invite the father to each appointment in his own name",
                    SocialCare,
                    "Social worker",
                    "He came to three of four",
                ),
                step(
                    "Baby group at the family centre from the second week",
                    EarlyHelp,
                    "Family centre worker",
                    "Went twice before the review",
                ),
            ],
        ),
    ],
};

pub(crate) static UNACCOMPANIED: Theme = Theme {
    need: "N8",
    factors: &["9A", "12A"],
    category: "MUL",
    indicators: &[
        "No parent or carer in this country",
        "Travelled alone",
        "May have been trafficked",
    ],
    contact: &[
        t(
            "Officers found {child} at the lorry park at dawn with two others. {he} gave {his} age through an interpreter and asked for water and a charger.",
        ),
        t(
            "{child} walked into the police station alone, gave a name and an age, and said that {he} has nobody in this country.",
        ),
        t(
            "The national transfer scheme has asked Larkmere to look after {child}, who has been in a reception centre for nine days.",
        ),
    ],
    worries: &[
        t(
            "{child} has a number in {his} phone that {he} was told to ring on arrival, and is frightened of it.",
        ),
        t("{he} has bad dreams and a knee that was never treated."),
        t("{child} does not know whether {his} younger brother is alive."),
        t("The papers have three spellings of {his} name and two dates of birth."),
        a("A decision on the claim may take a year, and waiting is its own harm."),
    ],
    goals: &[
        (
            "{child} is safe, well and learning",
            &[
                step(
                    "Health assessment with an interpreter of {his} choice",
                    Health,
                    "Nurse for children in care",
                    "Knee seen; sleep spoken of",
                ),
                step(
                    "College place with English from the next intake",
                    School,
                    "Virtual school",
                    "Timetable in hand",
                ),
                step(
                    "Solicitor for the claim",
                    SocialCare,
                    "Social worker",
                    "First statement read back in {his} language",
                ),
            ],
        ),
        (
            "{child} has people",
            &[
                step(
                    "Family tracing request",
                    Voluntary,
                    "Tracing service",
                    "Answer received",
                ),
                step(
                    "Football on Thursdays with others who speak {his} language",
                    Youth,
                    "Youth worker",
                    "Went three times of {his} own accord",
                ),
            ],
        ),
    ],
};

/// Goals of care plans of children in care.
pub(crate) static CARE_GOALS: &[(&str, &[Step])] = &[
    (
        "{child} has one home to stay in and knows the plan",
        &[
            step(
                "Settle with {child} what the plan is and write it as a letter to {him}",
                SocialCare,
                "Social worker",
                "{child} can say what happens next and why",
            ),
            step(
                "Match the long-term home at panel",
                SocialCare,
                "Supervising social worker, fostering",
                "Decision told to {child} the same day",
            ),
        ],
    ),
    (
        "{child} stays close to the people who matter to {him}",
        &[
            step(
                "Family time at a place {child} likes, with somebody {he} trusts",
                Family,
                "{carer}",
                "Happened as planned six times running",
            ),
            step(
                "See friends from the last school",
                Family,
                "{carer}",
                "{child} names two friends seen this month",
            ),
        ],
    ),
    (
        "{child} is well and learning",
        &[
            step(
                "Health assessment, dentist and a list of who holds what",
                Health,
                "Nurse for children in care",
                "All three in date",
            ),
            step(
                "Education plan with one thing {child} asked for",
                School,
                "Virtual school",
                "The one thing is happening",
            ),
        ],
    ),
];

/// Goals of pathway plans of care leavers.
pub(crate) static PATHWAY_GOALS: &[(&str, &[Step])] = &[
    (
        "I have a home that is mine and that I can afford",
        &[
            step(
                "Bid with priority for a one-bedroom flat and look at it together",
                Housing,
                "Housing officer",
                "{child} has viewed two",
            ),
            step(
                "Setting-up grant and a list that {child} wrote",
                SocialCare,
                "Personal adviser",
                "Paid before the move",
            ),
        ],
    ),
    (
        "I am in college or work and it is going somewhere",
        &[
            step(
                "Bursary form and travel card",
                School,
                "College welfare officer",
                "Both in hand before term",
            ),
            step(
                "Two visits to apprenticeship employers",
                Youth,
                "Careers adviser",
                "{child} says yes or no to each",
            ),
        ],
    ),
    (
        "I have people to ring",
        &[step(
            "Keep in touch with the last foster carers",
            SocialCare,
            "Personal adviser",
            "A date in both diaries",
        )],
    ),
];
