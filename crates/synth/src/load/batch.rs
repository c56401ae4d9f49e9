//! Rows that wait to be written together, in an order that no row refers to
//! one after it.

use chrono::{DateTime, Utc};
use record::model::*;
use record::{Actor, Entity, Recorded, Result, Tx};

macro_rules! batch {
    ($($field:ident: $row:ty),* $(,)?) => {
        /// All rows of a few families.
        #[derive(Default)]
        pub(crate) struct Batch {
            $(pub(crate) $field: Vec<Recorded<$row>>,)*
        }

        impl Batch {
            /// Writes every row with its events.
            pub(crate) async fn write(&self, tx: &mut Tx) -> Result<()> {
                $(tx.insert_recorded(&self.$field).await?;)*
                Ok(())
            }
        }
    };
}

batch! {
    people: Person,
    names: PersonName,
    addresses: Address,
    reaches: Reach,
    relationships: Relationship,
    families: Family,
    members: FamilyMember,
    involvements: Involvement,
    restrictions: Restriction,
    allowed: RestrictionAllow,
    complexities: Complexity,
    contacts: Contact,
    contact_children: ContactChild,
    steps: Step,
    step_subjects: StepSubject,
    sections: StepSection,
    decisions: Decision,
    told: Told,
    plans: Plan,
    plan_subjects: PlanSubject,
    early_helps: EarlyHelp,
    early_help_children: EarlyHelpChild,
    consents: Consent,
    goals: Goal,
    actions: Action,
    updates: ActionUpdate,
    meetings: Meeting,
    attendances: MeetingPerson,
    step_meetings: StepMeeting,
    protections: Protection,
    notes: Note,
    profiles: Profile,
    asks: FamilyAsk,
    letters: Letter,
    cares: Care,
    placements: Placement,
    episodes: CareEpisode,
    placement_told: PlacementTold,
    care_reviews: CareReview,
    care_checks: CareCheck,
    unaccompanied: Unaccompanied,
    missing: Missing,
    missing_links: MissingLink,
    panel_referrals: PanelReferral,
    support_packages: SupportPackage,
    support_parts: SupportPart,
    support_reviews: SupportReview,
    service_referrals: ServiceReferral,
    unmet_needs: UnmetNeed,
    private_fostering: PrivateFostering,
    private_fostering_visits: PrivateFosteringVisit,
    leavers: Leaver,
    leaver_contacts: LeaverContact,
    leaver_offers: LeaverOffer,
    court_cases: CourtCase,
    court_children: CourtChild,
    hearings: Hearing,
    court_delays: CourtDelay,
    court_tasks: CourtTask,
    deprivations: Deprivation,
    clocks: Clock,
    chronology: Chronology,
}

impl Batch {
    /// Writes the search keys of the people, so that they can be found.
    pub(crate) async fn index(&self, tx: &mut Tx) -> casework::Result<()> {
        let names = |person: &Person| -> Vec<PersonName> {
            let theirs = self.names.iter().filter(|n| n.row.person_id == person.id);
            theirs.map(|n| n.row.clone()).collect()
        };
        let people: Vec<(&Person, Vec<PersonName>)> = self
            .people
            .iter()
            .map(|p| (&p.row, names(&p.row)))
            .collect();
        let people: Vec<(&Person, &[PersonName])> = people
            .iter()
            .map(|(person, names)| (*person, names.as_slice()))
            .collect();
        casework::find::index_new(tx, &people).await
    }
}

/// A row with who recorded it and when.
pub(crate) fn told<E: Entity>(by: &Actor, at: DateTime<Utc>, row: E) -> Recorded<E> {
    Recorded::new(row, by, at)
}
