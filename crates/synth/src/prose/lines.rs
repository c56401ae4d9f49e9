//! Sentences that fit any family, by what they are for. Data only.

use super::{Line, a, b, k, t, u};

macro_rules! pools {
    ($($(#[$doc:meta])* $name:ident = [$($line:expr),* $(,)?];)*) => {
        $($(#[$doc])* pub(crate) static $name: &[Line] = &[$($line),*];)*
        /// Every pool with its name, for the check that none runs dry.
        #[cfg(test)]
        pub(crate) fn all() -> Vec<(&'static str, &'static [Line])> {
            vec![$((stringify!($name), $name)),*]
        }
    };
}

pools! {
    /// What is going well.
    STRENGTHS = [
        a("{carer} opened the door on every visit and rang ahead when one had to move."),
        a("The home was warm, there was food in the cupboards and everyone knew where things were kept."),
        a("{gran} has the children to stay most weekends and is somebody {child} trusts."),
        a("{carer} knows what a hard day looks like and has started to ask for help before it gets there."),
        k("{child} is proud of {his} reading and has a certificate on the kitchen wall."),
        k("{child} has two good friends and is asked to birthday parties."),
        k("{child} runs to {carer} at the school gate and tells the whole day in one breath."),
        t("{child} has kept up drama club through everything and has a part in the winter show."),
        t("{child} can say what {he} needs and did so clearly, twice, to people {he} had only just met."),
        t("{child} gets up alone and is at school before the bell on most days."),
        b("{child} settles quickly in {carer}'s arms and looks for {carer} when a stranger speaks."),
        b("{child} is up to date with immunisations and is growing along the same line."),
        u("{carer} has kept every antenatal appointment since the twelfth week."),
        u("The things a newborn needs have been bought or borrowed, and the cot is up."),
        a("The adults spoke about each other with respect, even where they disagree."),
        a("There are people nearby who would notice and would say something."),
        a("The family had a plan for bad days and could tell us when it was last used."),
        a("{other} sends money each month and rings when he says he will."),
    ];
    /// What we do not know yet.
    GREY = [
        a("We have two accounts of the same evening and neither is complete."),
        a("We do not yet know how often this happens when nobody is visiting."),
        a("{other} has been seen once and we have not heard his side in full."),
        a("We have not been able to read the records from the council where the family lived before."),
        a("It is not clear whether the change in the last month will hold once the pressure returns."),
        a("{carer} says money is managed, but the rent letters tell another story and we have not asked about it together."),
        a("We have not met everybody who spends time in the home."),
        k("{child} goes quiet when bedtime is mentioned and we do not know what that means."),
        t("{child} did not want to talk about last summer and we have not pressed {him}."),
        b("We have only seen {child} fed once, and the visit was expected."),
        u("We do not know what it will be like when the birth and the tenancy come in the same week."),
    ];
    /// What the child says, or what we see.
    VOICE = [
        k("\"I like it when it is just us and nobody is cross.\""),
        k("\"I would make the house have a garden and a lock on my drawer.\""),
        k("\"You can tell them what I said about the shouting but not the other thing.\""),
        k("\"On Sundays we make pancakes. That is the best day.\""),
        k("\"I get a tummy ache when it is time to go home.\""),
        k("\"{sib} gets into my bed when it is noisy.\""),
        k("\"I have a worry box. It is quite full. You can read two.\""),
        k("\"Can you come on a day when it is not football?\""),
        k("\"Nothing bad happened this week. I thought you should write that too.\""),
        t("\"Everybody asks me the same questions. Nobody tells me what happens next.\""),
        t("\"I am not saying it is perfect. I am saying do not move me.\""),
        t("\"I look after them because somebody has to, and I am good at it.\""),
        t("\"I want to be the one who decides who reads this.\""),
        t("\"If you say you will ring on Thursday, ring on Thursday.\""),
        t("\"It was a good week. Put that down as well.\""),
        t("\"I will talk about it. Not here and not yet.\""),
        t("\"You are the fourth person. I am counting.\""),
        b("Observation: {child} watched the door, then crawled to the box of bricks and brought one back to show."),
        b("Observation: {child} startled at the raised voice from the flat above and was soothed by being picked up."),
        b("Observation: {child} babbled through the whole visit, with long looks at the dog."),
        b("Observation: {child} was asleep on arrival, woke hungry, and was fed without hurry."),
        u("Observation: the parents talked to the bump while we spoke and have chosen two names."),
        u("Observation: the scan picture is on the fridge, next to the appointment card."),
        u("Observation: the room for the baby is painted and the window now closes."),
    ];
    /// The child's health, learning and growing up.
    NEEDS = [
        k("{child} reads above {his} age and finds sums hard when the room is loud."),
        k("{school} says {he} is on time on four days of five and tired on Mondays."),
        k("{child} had missed two dental appointments; the third was kept and three teeth need care."),
        k("{he} plays well with one other child and falls out when there are three."),
        t("{school} puts {his} attendance at a little under nine days in ten, lower since the spring."),
        t("{child} sleeps badly and is on the phone until late; {he} says it is the only quiet time."),
        t("{he} has {his} own GP appointment next week and wants to go without an adult."),
        t("{child} is predicted good grades in art and history and has thought about college."),
        b("{child} walks along the furniture and has four clear words in the home language."),
        b("The health visitor's two-year review found speech a little behind and growth as expected."),
        b("{child} has eczema that flares when the flat is damp; the cream is used as told."),
        a("Health needs are known to the surgery and nothing is overdue except an eye test."),
        a("The family's first language is spoken at home, which is a strength and should stay one."),
        a("Appointments are easier to keep when the letter comes by text message as well."),
        u("The midwife is content with the baby's growth and has booked an extra scan."),
    ];
    /// How the parents look after the child.
    PARENTING = [
        a("{carer} sets a bedtime and mostly keeps to it; on late shifts the evening falls apart."),
        a("Warmth is easy for {carer}; saying no and meaning it is harder, and {carer} says so."),
        a("Meals are cooked, eaten together at weekends and taken in front of the television in the week."),
        a("{carer} can name what each child needs and does not compare them."),
        a("When worn out, {carer} shouts, and is sorry afterwards; everyone in the home described it the same way."),
        a("{carer} had little to copy from as a child and has read, asked and tried things since."),
        a("Both parents want the same for the children and disagree on how to get there."),
        k("Homework is done at the kitchen table with {carer} nearby, not always with help."),
        t("{carer} knows where {child} is most evenings and has the numbers of {his} friends' parents."),
        b("{carer} reads {child}'s cues for hunger and sleep and answers them before the crying starts."),
    ];
    /// Family, home, money and the people around.
    ENVIRONMENT = [
        a("The family rents two rooms on a second floor; the lift was out of order on both visits."),
        a("Housing have been told of the damp three times and have promised a date."),
        a("Rent is six weeks behind after the change of hours at work."),
        a("The move last year took them away from the mosque, the market and an aunt who helped."),
        a("A neighbour, known to the family for years, does the school run when shifts clash."),
        a("There is a family centre ten minutes' walk away; nobody had told them of it."),
        a("The tenancy is secure until next summer and the landlord answers calls."),
        a("Two wages come in and almost all of the second goes on childcare."),
        a("The family has no car and the hospital is two buses away."),
        a("Cousins live close by and the children are in and out of each other's homes."),
    ];
    /// The parent who lives elsewhere, or whom services tend to leave out.
    OTHER_PARENT = [
        a("{other} lives across the borough, works days, and asked to be written to as well as spoken to."),
        a("{other} was invited to the school meeting for the first time and came early."),
        a("{other} has the children every second weekend and wants that to be in the plan, not only promised."),
        a("{other} said that nobody had asked him before what he could offer."),
        a("{other} knows the children's bedtimes, shoe sizes and fears, and is worried about the same things we are."),
        a("We spoke by telephone with an interpreter's help; a visit to his home is booked."),
        a("The father is not named on the birth certificate and the family would rather not say; we have explained why we ask."),
        a("We have written to the last address we have and have asked the school for another."),
        a("Relatives on the other parent's side have been named and one of them has offered to help."),
    ];
    /// What it all means for the child.
    ANALYSIS = [
        a("Taken together, there is more care here than harm, and the harm comes at known times that can be planned for."),
        a("The pattern matters more than any one evening: it follows money, sleep and who is in the home."),
        a("What protects {child} is mostly people; what worries us is mostly what happens when they are not there."),
        a("If nothing changes, {child} will learn that this is what home is like."),
        a("The family has changed something real in the last two months and should have the credit for it."),
        a("Help has been offered before and stopped too soon; this time the end should depend on what is different, not on a date."),
        a("We have asked whether this could be managed with less from us, and on balance not yet."),
        a("The grey areas are named above; two of them can be settled by the next visit."),
    ];
    /// What follows.
    NEXT = [
        a("We will make a plan with the family within ten working days and hold it at a time when both parents can come."),
        a("The next visit will be to see the children on their own, away from the home if they prefer."),
        a("The school's lead will ring on the day of any absence."),
        a("We will write to the child in plain words about what was decided and why."),
        a("Housing will be asked for a date in writing, and we will chase it on the family's behalf."),
    ];
    /// What happened on a visit.
    VISITS = [
        a("I arrived at four as agreed. {carer} had made tea and turned the television off before I asked."),
        a("{carer} had slept after nights and apologised for it more than was needed."),
        a("We went through the plan line by line. {carer} disagreed with one action and we rewrote it together."),
        a("The kitchen had been cleared since last time and the broken window is boarded."),
        a("I asked about sleep, money and who had been round. Answers came readily and matched what the school says."),
        k("{other} was there when I came and stayed for the first half. {child} moved between both adults easily."),
        k("I saw the bedrooms. There was bedding on every bed and a night light by the door."),
        k("{child} showed me {his} room, then the hamster, then a drawing of all of us with very long arms."),
        k("We played the three houses. The house of worries had one big cloud and {he} named it."),
        t("{child} and I walked round the block, because {he} talks better when {he} does not have to look at me."),
        t("{child} was on {his} way out and gave me ten minutes, which was seven more than last time."),
        b("{child} was weighed by the health visitor while I was there and has put on weight."),
        b("I watched a feed and a nap. {carer} noticed the tired signs before I did."),
        u("The birth plan was on the table and {carer} had written questions on the back."),
    ];
    /// What happened on a visit away from home.
    VISITS_ELSEWHERE = [
        a("We met in the small room by the office, as agreed with the family beforehand."),
        a("There was an hour before the next appointment and we used all of it."),
        k("{child} brought a friend as far as the door and then came in alone."),
        k("We drew a map of the week; {he} coloured the days by how they feel."),
        t("{child} chose the room and the chair by the window, and talked more than at home."),
        t("{he} asked what would be written down. I showed {him} my notes at the end and we changed one line."),
        b("{child} played on the mat within reach of {carer} and looked back often."),
        u("{carer} had come to the group early and stayed to talk."),
        a("I explained again who reads these notes and what happens next."),
    ];
    /// What is next after a visit.
    AFTER = [
        a("Ring the surgery about the missed appointment; visit again in two weeks."),
        a("Bring the form for the bus pass; ask the school how Monday went."),
        a("Speak to housing before Friday and tell the family what they said, whatever it is."),
        a("See the children at school next time."),
        a("Ask {other} for a day that suits his shifts."),
        a("Book the same interpreter for the next visit."),
    ];
    /// Case notes.
    NOTES = [
        a("{carer} rang to say the appointment letter had come and asked what it was for. I explained, and we agreed to go through it on Thursday."),
        a("Call from the landlord's office: the repair is booked for next week. I told {carer} by text."),
        a("{other} rang during his lunch break. He wants to know the date of the next meeting and to see the plan before it."),
        a("Email from the health visitor: no new concerns, next review in six weeks."),
        a("No answer on either number. I left a message that gave my name and number only, as agreed with the family."),
        a("{gran} rang to say that the weekend had gone well and that everyone slept."),
        k("Spoke with the class teacher at {school}: {child} has been brighter since half term and has joined the gardening club."),
        k("{school} rang: {child} came in without a coat. They lent one. {carer} was more upset about it than anyone."),
        t("Message from {child}: can the meeting be after four, because of rehearsal. Moved it."),
        t("Head of year at {school} rang: {child} left at lunch and came back by the last lesson. {he} would not say where."),
        a("Supervision: we talked through the pattern rather than the last event. Agreed what would have to be different before we step back."),
        a("The benefits adviser has confirmed the missing payment; arrears will be covered next month."),
        a("Checked with the police: no calls to the address since the last note."),
        u("The midwife rang after the scan: all well, next appointment in two weeks."),
    ];
    /// What a review meeting said.
    REVIEWS = [
        a("Everyone had the plan in front of them. Four actions are done, two are late and one no longer makes sense and was struck out."),
        a("{carer} spoke first, which made for a different meeting."),
        a("The school sent its views in writing and they were read out."),
        a("{other} joined by telephone and asked for the next meeting to be in the evening."),
        a("We agreed what would need to be true before the plan could end, in words the family chose."),
        a("The two professionals who disagreed said so openly; the difference is recorded."),
        a("It was agreed that things are moving, slowly, and mostly because of the family's own work."),
    ];
    /// What a meeting decided.
    DECISIONS = [
        a("The plan continues; next review in twelve weeks; two actions have new dates and reasons."),
        a("The plan continues with one new goal about school mornings."),
        a("Visits stay as they are; the family centre takes over the morning routine."),
        a("All agreed that the level of help is right for now."),
        a("The housing action goes to the team manager to raise with the housing manager."),
    ];
    /// Why work could end.
    DIFFERENT = [
        a("School mornings are calm and nobody is late; the family did that themselves, with a chart and an aunt."),
        a("{child} says the shouting has stopped and that there is somebody to tell if it starts."),
        a("The rent is paid up, the damp is treated and {carer} sleeps."),
        a("There are now three adults whom {child} would ring, and each of them knows it."),
        a("Both parents come to the same meetings and have a way to settle disagreements without us."),
        a("The family knows where to go next time and has said that they would."),
    ];
    /// Advice where no more was needed.
    ADVICE = [
        a("The caller was told about the family centre and how to ring again; the family agreed to be sent its timetable."),
        a("The school will keep the lead and has a clear idea of what would make them ring again."),
        a("The worry was real and small, and the people around the family have it in hand."),
        a("The family was rung, knew of the call, and did not want more than the number they were given."),
    ];
    /// A manager's words when work is authorised.
    AUTHORISED = [
        a("I agree with the analysis. The father's view is in, the grey areas are honest, and the next steps follow."),
        a("Read in full and talked through in supervision. I agree; please make sure that the child hears it from you first."),
        a("Clear and fair. I would add the aunt to the network. Authorised."),
        a("Authorised. The strengths are specific, which will help the family recognise themselves in it."),
    ];
    /// A manager's words when work goes back.
    SENT_BACK = [
        a("The other parent is named and not spoken to. Please see him, or say what you tried, before this comes back."),
        a("The worries are clear and the child's own words are missing. One more visit, then send it again."),
        a("I cannot see how the analysis leads to the next steps. Please say what would have to be different."),
    ];
    /// The end of a threshold rationale, after what was heard.
    WEIGHED = [
        a("I weighed that against what is already in place and who would notice if it got worse."),
        a("There was no sign of immediate danger, and nobody should wait for one."),
        a("The family should hear of this decision from us, in plain words and before anybody else."),
                a("What was seen and what was guessed are kept apart here; the decision rests on what was seen."),
        a("We spoke to the caller again to be sure what was seen and what was heard from others."),
    ];
}
