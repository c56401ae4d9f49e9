//! The events of the program that clocks can start and stop with.

/// What can start or stop a clock, with what it means. Casework raises these.
pub const TRIGGERS: &[(&str, &str)] = &[
    ("contact.received", "A contact reached the front door"),
    (
        "contact.immediate_risk",
        "A contact said that someone is in danger now",
    ),
    ("contact.seen", "A screener opened a contact"),
    (
        "contact.decided",
        "A threshold decision was made on a contact",
    ),
    (
        "contact.referrer_told",
        "The person who made contact was told the outcome",
    ),
    (
        "cross_border.passed",
        "A contact was passed to another council",
    ),
    (
        "cross_border.acknowledged",
        "The other council said that it has it",
    ),
    ("referral.made", "A contact became a referral"),
    ("assessment.started", "An assessment was started"),
    (
        "assessment.checkpoint",
        "A manager looked at an assessment on its way",
    ),
    (
        "assessment.submitted",
        "An assessment was sent to a manager",
    ),
    (
        "assessment.authorised",
        "A manager authorised an assessment",
    ),
    ("step.submitted", "Any work was sent to a manager"),
    ("step.authorised", "A manager authorised it or sent it back"),
    ("plan.started", "A plan began"),
    ("plan.closed", "A plan was closed"),
    ("meeting.first_held", "The first meeting of a plan was held"),
    ("meeting.review_held", "A review meeting of a plan was held"),
    (
        "meeting.held",
        "A meeting of a plan was held, the first or a later one",
    ),
    ("visit.made", "A child was visited"),
    ("visit.recorded", "A visit was written up"),
    ("action.agreed", "An action was agreed"),
    ("action.answered", "The owner of an action answered"),
    ("care.started", "A child came into care"),
    ("care.schooled", "A child of school age came into care"),
    ("care_plan.made", "The care plan was written"),
    (
        "placement.started",
        "A child in care began to live in a home",
    ),
    (
        "placement.outside",
        "A child in care began to live outside our area",
    ),
    (
        "placement.relatives",
        "A child went to relatives or friends before they were approved",
    ),
    (
        "placement.emergency",
        "A child went to carers outside their terms, in an emergency",
    ),
    ("placement.short_break", "A short break began"),
    (
        "placement.secure",
        "A child was placed in locked accommodation",
    ),
    (
        "placement.ended",
        "A child left a home, or its terms were put right",
    ),
    ("placement_plan.made", "The plan for a home was written"),
    (
        "placement.all_told",
        "Everybody who must know of the new home was told",
    ),
    (
        "placement.area_told",
        "The council of the area was told of the new home",
    ),
    (
        "legal_status.police_protection",
        "A child in care came under police protection",
    ),
    (
        "legal_status.emergency_order",
        "An emergency protection order began",
    ),
    (
        "legal_status.emergency_extended",
        "An emergency protection order was extended",
    ),
    (
        "legal_status.assessment_order",
        "A child assessment order began",
    ),
    (
        "legal_status.changed",
        "The legal status of a child in care changed",
    ),
    (
        "care_visit.first_year",
        "A child in care was visited in the first year of the stay",
    ),
    (
        "care_visit.to_18",
        "A child in care was visited, after the first year of a stay to 18",
    ),
    (
        "care_visit.later",
        "A child in care was visited, after the first year of another stay",
    ),
    (
        "care_visit.parents_before_review",
        "A child with parents not yet assessed was visited, before the first review",
    ),
    (
        "care_visit.parents_after_review",
        "A child with parents not yet assessed was visited, after the first review",
    ),
    (
        "care_visit.relatives_before_review",
        "A child with relatives not yet approved, or at home on an interim order, was visited before the first review",
    ),
    (
        "care_visit.relatives_after_review",
        "A child with relatives not yet approved, or at home on an interim order, was visited after the first review",
    ),
    (
        "care_visit.order_made",
        "A care order was made for a child at home with parents",
    ),
    (
        "care_visit.order_at_home",
        "A child at home on a care order was visited",
    ),
    ("care_review.first", "The first review in care was held"),
    ("care_review.later", "A later review in care was held"),
    ("care_review.held", "A review in care was held, any of them"),
    ("permanence.planned", "There is a plan for a permanent home"),
    ("health.assessed", "A child in care had a health assessment"),
    (
        "health.assessed_under_5",
        "A child in care had a health assessment before the age of 5",
    ),
    (
        "health.assessed_from_5",
        "A child in care had a health assessment at 5 or later",
    ),
    (
        "health.questionnaire_wanted",
        "A year begins in which a questionnaire of strengths and difficulties is due",
    ),
    (
        "health.questionnaire",
        "The questionnaire of strengths and difficulties came back, or cannot come",
    ),
    (
        "health.dentist_wanted",
        "A year begins in which a check at the dentist is due",
    ),
    ("health.dentist", "A child in care went to the dentist"),
    (
        "education.planned",
        "A personal education plan was made or reviewed",
    ),
    ("secure_review.held", "A locked stay was reviewed"),
    (
        "leave.expires_in_180_days",
        "Leave to remain ends in 180 days",
    ),
    ("leave.renewed", "Leave to remain was renewed or settled"),
    (
        "private_fostering.told",
        "The council was told of a private fostering arrangement",
    ),
    (
        "private_fostering.visited",
        "A privately fostered child was visited and seen",
    ),
    (
        "private_fostering.visited_first_year",
        "A privately fostered child was seen in the first year of the arrangement",
    ),
    (
        "private_fostering.visited_later",
        "A privately fostered child was seen after the first year of the arrangement",
    ),
    (
        "private_fostering.decided",
        "It was decided whether a private fostering arrangement is suitable",
    ),
    (
        "private_fostering.ended",
        "A private fostering arrangement ended",
    ),
    ("missing.returned", "A missing child came back or was found"),
    (
        "missing.interviewed",
        "A return interview was held, refused, or decided against with a reason",
    ),
    (
        "panel.referred",
        "A child was put on the list of the exploitation panel",
    ),
    ("panel.decided", "The exploitation panel decided"),
    (
        "leaver.eligible",
        "A young person turned 16 in care, or became eligible later",
    ),
    (
        "leaver.assessed",
        "What a young person needs to leave care was assessed",
    ),
    (
        "pathway_plan.made",
        "A pathway plan was written or reviewed",
    ),
    (
        "leaver.housed",
        "A care leaver moved into a home that we provide",
    ),
    ("adviser.visited", "The personal adviser visited"),
    ("leaver.reached", "We and a care leaver were in touch"),
    ("leaver.seventeen", "A young person in care turned 17"),
    (
        "leaver.offered",
        "The whole offer to a care leaver was made",
    ),
    ("court.gateway", "A legal gateway meeting decided"),
    ("court.letter_sent", "A letter before proceedings was sent"),
    (
        "court.meeting_held",
        "A meeting before proceedings was held",
    ),
    (
        "court.pre_proceedings_ended",
        "Pre-proceedings ended, in court or without",
    ),
    ("court.issued", "Proceedings were issued"),
    (
        "court.case_management_held",
        "The case management hearing was held",
    ),
    (
        "court.ended",
        "Proceedings ended with a final order or none",
    ),
    (
        "deprivation.review_in_28_days",
        "A deprivation of liberty is to be reviewed in 28 days",
    ),
    (
        "deprivation.reviewed",
        "A deprivation of liberty was reviewed or ended",
    ),
    (
        "conference.arranged",
        "A conference has its day and its guests",
    ),
    (
        "outline_plan.given",
        "The family and the core group have the outline plan",
    ),
    ("child.born", "A child who was expected was born"),
    ("step_down.decided", "A plan was stepped down"),
    ("watch.first", "The first look after a step-down"),
    ("watch.second", "The second look after a step-down"),
    ("watch.third", "The third look after a step-down"),
    ("watch.ended", "Nobody needs to look any more"),
    ("mash.check_asked", "A partner was asked what it knows"),
    ("mash.check_returned", "A partner answered"),
    ("mash.check_withdrawn", "The question was taken back"),
    ("service.asked", "A family was referred to a service"),
    ("service.answered", "The service said yes, no, or wait"),
    (
        "service.result_known",
        "It is known if the family got help from the service",
    ),
    ("package.started", "A package of support began"),
    (
        "package.reviewed",
        "A package of support was looked at with the family",
    ),
    ("package.ended", "A package of support ended"),
    ("early_help.started", "Early help was started for a family"),
    (
        "early_help.asked",
        "It was started before the family had said whether it agrees",
    ),
    (
        "early_help.consent_settled",
        "The family agreed to early help, or did not",
    ),
    (
        "early_help.consent_withdrawn",
        "The family took its consent back",
    ),
    ("early_help.lead_agreed", "A lead practitioner was agreed"),
    ("early_help.ended", "Early help for a family ended"),
    (
        "break_glass.used",
        "Someone opened a record by breaking the glass",
    ),
    ("break_glass.reviewed", "That use was reviewed"),
    ("worker.changed", "A child got another worker"),
    (
        "handover.finished",
        "The handover to the next worker is finished",
    ),
    ("carer.enquired", "Somebody asked about fostering"),
    (
        "carer.visited",
        "People who want to foster or adopt were visited",
    ),
    ("carer.applied", "An application to foster was accepted"),
    ("carer.approved", "Foster carers were approved"),
    (
        "carer.reviewed",
        "The approval of foster carers was reviewed",
    ),
    (
        "carer.first_reviewed",
        "It was the first review after the approval",
    ),
    (
        "carer.supervised",
        "Foster carers were visited by their supervising social worker",
    ),
    (
        "carer.unannounced",
        "Foster carers were visited unannounced",
    ),
    (
        "carer.standards_met",
        "Carers met the training, support and development standards",
    ),
    ("carer.allegation", "An allegation was made about carers"),
    (
        "carer.officer_told",
        "The designated officer was told of it",
    ),
    (
        "carer.concern_closed",
        "An allegation or a concern was closed",
    ),
    ("carer.ended", "Carers or adopters ended, or did not go on"),
    (
        "carer_check.dbs",
        "A criminal records check of a carer was done",
    ),
    ("carer_check.medical", "A health check of a carer was done"),
    (
        "carer_check.home_safety",
        "The safety of a carer’s home was checked",
    ),
    (
        "sitting.recommended_approval",
        "A panel recommended on new foster carers",
    ),
    (
        "sitting.recommended_review",
        "A panel recommended on the review of foster carers",
    ),
    (
        "sitting.minutes_sent",
        "The decision-maker had the final minutes of a panel",
    ),
    ("sitting.decided", "The agency decision-maker decided"),
    (
        "sitting.decided_adopters",
        "The agency decision-maker decided on adopters",
    ),
    (
        "sitting.told_in_person",
        "They were told the decision in person",
    ),
    ("sitting.told", "They were told the decision in writing"),
    (
        "sitting.determination_sent",
        "They were told in writing that the decision goes against them",
    ),
    (
        "sitting.answered",
        "They answered a determination, or the time for it ended",
    ),
    (
        "sitting.independent_review",
        "They asked for an independent review",
    ),
    ("sitting.finished", "The last decision on it was made"),
    (
        "adopter.registered",
        "A registration of interest in adoption was accepted",
    ),
    ("adopter.stage_1_decided", "Stage 1 of adopters was decided"),
    ("adopter.stage_1_passed", "Adopters may go on to stage 2"),
    (
        "adopter.stage_2_began",
        "Adopters said that they want stage 2",
    ),
    ("adopter.approved", "Adopters were approved"),
    ("adopter.reviewed", "The approval of adopters was reviewed"),
    (
        "match.recommended",
        "A panel recommended on a match with adopters",
    ),
    ("match.decided", "A match with adopters was decided"),
    ("match.agreed", "A match with adopters was agreed"),
    ("match.placed", "A child moved in with adopters"),
    ("match.visited", "A child placed for adoption was visited"),
    (
        "match.visited_before_review",
        "A child placed for adoption was visited before the first review",
    ),
    ("match.reviewed", "An adoption review was held"),
    ("match.first_reviewed", "The first adoption review was held"),
    (
        "match.later_reviewed",
        "A second or later adoption review was held",
    ),
    ("match.ordered", "An adoption order was made"),
    (
        "match.ended",
        "A match with adopters ended without an order",
    ),
    (
        "allegation.known",
        "Somebody came to know of an allegation against a person who works with children",
    ),
    (
        "allegation.told",
        "The designated officer was told of an allegation",
    ),
    (
        "allegation.evaluated",
        "It was decided what happens with an allegation",
    ),
    (
        "allegation.meeting_wanted",
        "It was decided to meet about an allegation",
    ),
    ("allegation.met", "An allegations meeting was held"),
    (
        "allegation.reviewed",
        "Somebody looked at where an allegation stands",
    ),
    (
        "allegation.closed",
        "An allegation was settled with an outcome",
    ),
    ("complaint.made", "A complaint was made"),
    (
        "complaint.stage_1_extended",
        "More time was agreed for stage 1 of a complaint",
    ),
    (
        "complaint.stage_1_answered",
        "Stage 1 of a complaint was answered",
    ),
    (
        "complaint.stage_2_asked",
        "Stage 2 of a complaint was asked for",
    ),
    (
        "complaint.stage_2_extended",
        "More time was agreed for stage 2 of a complaint",
    ),
    (
        "complaint.stage_2_answered",
        "Stage 2 of a complaint was answered",
    ),
    (
        "complaint.stage_3_asked",
        "Stage 3 of a complaint was asked for",
    ),
    ("complaint.panel_met", "The review panel of a complaint met"),
    (
        "complaint.panel_reported",
        "The review panel of a complaint reported",
    ),
    (
        "complaint.responded",
        "The council answered the review panel of a complaint",
    ),
    ("complaint.ended", "A complaint ended"),
    (
        "incident.known",
        "The council came to know of a serious incident",
    ),
    (
        "incident.leaver_died",
        "The council came to know that a care leaver died",
    ),
    (
        "incident.notified",
        "The national panel was told of a serious incident",
    ),
    (
        "incident.reviewed",
        "The rapid review of a serious incident was sent",
    ),
    ("incident.settled", "A serious incident was settled"),
];
