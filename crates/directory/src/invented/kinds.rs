//! What the invented services are, where and whose.

/// One kind of service: name, category, group, ages, what happens there.
pub(super) type Kind = (
    &'static str,
    &'static str,
    &'static str,
    Option<(u8, u8)>,
    &'static str,
);

pub(super) const KINDS: &[Kind] = &[
    (
        "Stay and play",
        "Parent, baby and toddler groups",
        "Activities, clubs and groups",
        Some((0, 4)),
        "Toys, songs and a snack for babies and toddlers, and a warm room for whoever brings them.",
    ),
    (
        "Swimming for beginners",
        "Sports and recreation",
        "Activities, clubs and groups",
        Some((5, 11)),
        "Small lessons in the shallow pool with a teacher in the water.",
    ),
    (
        "Football after school",
        "Before and after school clubs",
        "Activities, clubs and groups",
        Some((7, 13)),
        "Games and training on the school field until parents finish work.",
    ),
    (
        "Holiday club",
        "Holiday clubs and schemes",
        "Activities, clubs and groups",
        Some((5, 14)),
        "Days out, crafts and a cooked lunch in every school holiday.",
    ),
    (
        "Community pantry",
        "Money, benefits and housing",
        "Family support",
        None,
        "A weekly shop of fresh groceries for a small sum, and a cup of tea.",
    ),
    (
        "Debt advice",
        "Debt and welfare advice",
        "Family support",
        Some((16, 120)),
        "A trained adviser goes through bills and benefits and writes to whoever is owed.",
    ),
    (
        "Parenting course",
        "Parenting support",
        "Family support",
        Some((18, 120)),
        "Ten evenings with other parents about bedtimes, tempers and talking.",
    ),
    (
        "Safe at home",
        "Domestic abuse",
        "Family support",
        Some((16, 120)),
        "Someone to talk to about a partner who frightens you, and a plan to be safe.",
    ),
    (
        "Talking therapy for young people",
        "Mental health, social and emotional support",
        "Health",
        Some((11, 19)),
        "Six to ten meetings with a counsellor about worry, low mood or anger.",
    ),
    (
        "Infant feeding drop-in",
        "Infant feeding support (including breastfeeding)",
        "Pregnancy, birth and early years",
        Some((0, 2)),
        "Help with breastfeeding and bottles from someone who has done it.",
    ),
    (
        "Speech and language play",
        "Early years language and learning",
        "Pregnancy, birth and early years",
        Some((1, 4)),
        "Games that help small children to talk, led by a therapist.",
    ),
    (
        "Short breaks",
        "Breaks and respite",
        "Special educational needs and disabilities (SEND)",
        Some((5, 18)),
        "Evenings and weekends for disabled children, and a rest for those who care for them.",
    ),
    (
        "Autism parents' circle",
        "Autistic Spectrum Disorder (ASD)",
        "Special educational needs and disabilities (SEND)",
        None,
        "Parents of autistic children meet, with a speaker every other month.",
    ),
    (
        "Signing for families",
        "Hearing impairment",
        "Special educational needs and disabilities (SEND)",
        None,
        "British Sign Language for the whole family of a deaf child.",
    ),
    (
        "Youth club",
        "Activities",
        "Activities, clubs and groups",
        Some((11, 18)),
        "Pool, music, cooking and workers who listen.",
    ),
    (
        "Young carers' evenings",
        "Targeted youth support",
        "Family support",
        Some((8, 17)),
        "Time out for children who look after somebody at home.",
    ),
    (
        "Stop smoking and vaping",
        "Stopping smoking",
        "Family support",
        Some((12, 120)),
        "Weekly help to stop, with patches when they are needed.",
    ),
    (
        "English for parents",
        "Activities",
        "Activities, clubs and groups",
        Some((18, 120)),
        "Learn English together while the children play next door.",
    ),
];

pub(super) const PLACES: &[&str] = &[
    "Otterbrook",
    "Millrace",
    "Kiln Heath",
    "Saltgate",
    "Fenwick Row",
    "Tanners Reach",
    "Lark Hill",
    "Eastmere",
    "Quay Side",
    "Northfold",
];
pub(super) const OWNERS: &[&str] = &[
    "Larkmere council",
    "Otterbrook Family Trust",
    "Stepping Stones",
    "The Millrace Project",
    "Saltgate Community Centre",
    "Kiln Heath Church Hall",
    "Lark Hill Sports",
    "Clearwater Young People",
];
pub(super) const LANGUAGES: &[(&str, &str)] = &[
    ("Urdu", "ur"),
    ("Polish", "pl"),
    ("Arabic", "ar"),
    ("Somali", "so"),
];
