-- Children in care, in the terms of the SSDA903 return.

-- One time in care, from its first to its last day. Its episodes follow one
-- another without a gap.
create table care (
    id          text primary key,
    person_id   text not null references person (id),
    family_id   text references family (id),
    started_on  date not null,
    ended_on    date,
    iro_id      text references worker (id),
    permanence  text not null,     -- codes/care-permanence
    permanence_on date,            -- the day it was settled
    previous    text,              -- codes/care-previous-permanence (PREV_PERM)
    previous_council text,         -- LA_PERM
    previous_on text,              -- DATE_PERM, parts may be unknown
    no_upn      text,              -- UN1 to UN5
    mother      boolean,           -- MOTHER
    mother_on   date,              -- MC_DOB
    why         text not null,
    version     bigint not null
);
create index care_person on care (person_id, started_on);
create index care_open on care (ended_on);
create index care_iro on care (iro_id);

-- A home that a child in care lives in. A new one begins where the one before ends.
create table placement (
    id          text primary key,
    care_id     text not null references care (id),
    person_id   text not null references person (id),
    started_on  date not null,
    ended_on    date,
    home        text not null,     -- codes/care-home (PLACE)
    provider    text not null,     -- codes/care-provider (PLACE_PROVIDER)
    carer       text not null,
    address_id  text references address (id),
    postcode    text,              -- PL_POST
    hidden      boolean not null,  -- the address is kept from somebody
    outside     boolean,           -- outside our area; unknown without a postcode
    area        text,              -- the council of the area
    miles       bigint,            -- from the home the child came from
    urn         text,              -- URN
    registered  boolean not null,
    rule        text not null,     -- codes/care-rule
    agreed_by   text,
    move_reason text,              -- codes/care-move-reason: why the child left (REASON_PLACE_CHANGE)
    planned_on  date,              -- the plan for this home
    version     bigint not null
);
create index placement_care on placement (care_id, started_on);
create index placement_person on placement (person_id, ended_on);

-- A change of legal status or of home closes one episode and opens the next.
create table care_episode (
    id          text primary key,
    care_id     text not null references care (id),
    person_id   text not null references person (id),
    placement_id text not null references placement (id),
    started_on  date not null,     -- DECOM
    began       text not null,     -- RNE: S, L, P, T, B, U
    legal_status text not null,    -- LS
    need        text not null,     -- CIN
    ended_on    date,              -- DEC
    ended_why   text,              -- REC
    home_postcode text,            -- HOME_POST
    corrected_at timestamptz,
    correction_reason text,
    version     bigint not null
);
create index care_episode_care on care_episode (care_id, started_on);
create index care_episode_person on care_episode (person_id, started_on);
create index care_episode_placement on care_episode (placement_id);

-- Who was told of a new home (SI 2010/959 regulation 13).
create table placement_told (
    id          text primary key,
    placement_id text not null references placement (id),
    person_id   text not null references person (id),
    whom        text not null,     -- codes/care-told
    told_on     date not null,
    how         text not null,
    words       text,
    told_by     text not null references worker (id),
    version     bigint not null
);
create index placement_told_placement on placement_told (placement_id);

-- A review in care, and what was decided on the permanent home.
create table care_review (
    id          text primary key,
    care_id     text not null references care (id),
    person_id   text not null references person (id),
    meeting_id  text references meeting (id),
    number      bigint not null,   -- 1 for the first of this time in care
    held_on     date not null,     -- REVIEW
    part        text not null,     -- REVIEW_CODE
    permanence  text not null,     -- codes/care-permanence
    decided     text not null,
    not_done    text,
    early       text,              -- iro, ending, detained
    chaired_by  text references worker (id),
    made_by     text not null references worker (id),
    version     bigint not null
);
create index care_review_care on care_review (care_id, held_on);
create index care_review_person on care_review (person_id, held_on);

-- Health and school of a child in care, one row for each thing done.
create table care_check (
    id          text primary key,
    person_id   text not null references person (id),
    kind        text not null,     -- assessment, dentist, immunisations, development, questionnaire, substance, convicted, plan, review
    happened_on date not null,
    done        text not null,     -- yes, no, refused
    score       bigint,            -- of the questionnaire, 0 to 40
    no_score    text,              -- codes/care-sdq-reason
    help        text,              -- received, offered, none
    place       text,              -- school
    who         text,
    words       text,
    childs_words text,
    made_by     text not null references worker (id),
    version     bigint not null
);
create index care_check_person on care_check (person_id, kind, happened_on);

-- A child who seeks asylum without parents (R000-41).
create table unaccompanied (
    id          text primary key,
    person_id   text not null references person (id),
    since       date not null,
    ceased_on   date,              -- DUC
    arrived_on  date,
    age         text,              -- not_needed, under_way, agreed, different
    age_on      date,
    leave_kind  text,
    leave_ends  date,
    transferred boolean not null,
    transfer_from text,
    words       text,
    version     bigint not null
);
create index unaccompanied_person on unaccompanied (person_id);

-- People who matter to a child, kept after a move (R004-10).
create table important_person (
    id          text primary key,
    person_id   text not null references person (id),
    name        text not null,
    who         text not null,
    in_touch    text,              -- how they stay in touch
    no_plan_why text,              -- why there is no plan yet
    childs_words text,
    placement_id text references placement (id), -- the home they are from
    since       date not null,
    made_by     text not null references worker (id),
    version     bigint not null
);
create index important_person_person on important_person (person_id);

-- A plan for adoption: the child's side, as the return asks for it.
create table adoption_plan (
    id          text primary key,
    person_id   text not null references person (id),
    decided_on  date not null,     -- DATE_PLACED
    ended_on    date,              -- DATE_PLACED_CEASED
    ended_why   text,              -- REASON_PLACED_CEASED
    matched_on  date,              -- DATE_MATCH
    intended_on date,              -- DATE_INT
    foster      text,              -- FOSTER_CARE
    adopters    bigint,            -- NB_ADOPTR
    adopters_sex text,             -- SEX_ADOPTR
    adopters_status text,          -- LS_ADOPTR
    version     bigint not null
);
create index adoption_plan_person on adoption_plan (person_id);

create index if not exists clock_person_running on clock (person_id, done_at);
