//! The assessment.

use octroi_core::{
    Access, Advice, AppId, Assessment, BasisId, ClassName, Code, CodeSet, Day, Decision,
    DeviceClass, Fact, FactSet, Finding, Install, Instant, Missing, NetworkZone, NonEmpty,
    Obligation, ObligationKind, ObligationState, PolicyAssessment, PolicyId, PolicyRef, Presence,
    Reason, Status,
};

use crate::errors::OctroiError;

/// What was decided for one device at one instant, under one policy or several.
#[uniffi::remote(Record)]
pub struct Assessment {
    /// The record's device id, as it was given.
    pub device_id: Option<NonEmpty>,
    /// The instant for which it was decided.
    pub assessed_at: Instant,
    /// The first later instant at which the same record would give another decision or status; none if there is none. Ask again then.
    pub valid_until: Option<Instant>,
    /// The verdict under all policies together.
    pub access: Access,
    /// Its status.
    pub status: Status,
    /// What each policy says by itself, in the order in which the policies were given.
    pub assessments: Vec<PolicyAssessment>,
}

/// What one policy says.
#[uniffi::remote(Record)]
pub struct PolicyAssessment {
    /// Which policy.
    pub policy: PolicyRef,
    /// The first later instant at which this policy alone would give another decision or status; none if there is none.
    pub valid_until: Option<Instant>,
    /// What class of device it is under this policy.
    pub device_class: DeviceClass,
    /// The verdict.
    pub access: Access,
    /// Its status.
    pub status: Status,
    /// One finding for each app that the policy regulates, in its order.
    pub findings: Vec<Finding>,
    /// What the holder must do; known only where the class and the presence are.
    pub obligations: Vec<Obligation>,
    /// Why, in the order of the codes.
    pub reasons: Vec<Reason>,
    /// What is advised, in the order of the codes.
    pub advice: Vec<Advice>,
}

/// A policy and its version.
#[uniffi::remote(Record)]
pub struct PolicyRef {
    /// The policy's id.
    pub id: PolicyId,
    /// Its version, from 1.
    pub version: u32,
}

/// A verdict.
#[uniffi::remote(Record)]
pub struct Access {
    /// Whether the device may reach the administration's internal networks and systems.
    pub decision: Decision,
    /// Which network it belongs on.
    pub zone: NetworkZone,
    /// Whether the decision is the same however the unknown facts turn out.
    pub certain: bool,
    /// The unknown facts on which it hangs, if it is not certain.
    pub missing: Vec<Missing>,
}

/// Whether a device may reach the administration's internal networks and systems. A closed list.
#[uniffi::remote(Enum)]
pub enum Decision {
    /// It may.
    Permit,
    /// It may not.
    Deny,
}

/// Which network a device belongs on. A closed list.
#[uniffi::remote(Enum)]
pub enum NetworkZone {
    /// None of them.
    None,
    /// The one for personal devices.
    Personal,
    /// The one for service devices.
    Service,
}

/// The verdict in one word, as fleet consoles know it. A closed list.
#[uniffi::remote(Enum)]
pub enum Status {
    /// A permit that nothing qualifies.
    Compliant,
    /// A permit with a removal pending.
    InGracePeriod,
    /// A certain denial.
    Noncompliant,
    /// A verdict that is not certain.
    Unknown,
    /// No policy is in force for this device and person.
    NotApplicable,
}

/// An unknown fact on which a verdict hangs.
#[uniffi::remote(Enum)]
pub enum Missing {
    /// A fact of the device.
    Fact(Fact),
    /// Whether an app is there.
    App(AppId),
}

/// The class of a device under one policy.
#[uniffi::remote(Record)]
pub struct DeviceClass {
    /// The class.
    pub class: ClassName,
    /// The facts that make a service device of it.
    pub because: FactSet,
    /// The facts that are unknown, while the class is undetermined.
    pub missing: FactSet,
}

/// A class of devices. A closed list.
#[uniffi::remote(Enum)]
pub enum ClassName {
    /// A service device.
    Service,
    /// A personal device.
    Personal,
    /// One of the two.
    Undetermined,
}

/// What is known of one regulated app.
#[uniffi::remote(Record)]
pub struct Finding {
    /// The app.
    pub app: AppId,
    /// Whether it is there.
    pub presence: Presence,
    /// How that is known, or why it is not.
    pub evidence: CodeSet,
    /// Whether it was there before the notification; only of an app that is present.
    pub install: Option<Install>,
}

/// Whether an app is on the device. A closed list.
#[uniffi::remote(Enum)]
pub enum Presence {
    /// It is.
    Present,
    /// It is not.
    Absent,
    /// We could not see.
    Unknown,
}

/// Whether an app was there before the notification. A closed list.
#[uniffi::remote(Enum)]
pub enum Install {
    /// It was, or nobody knows since when it is there.
    Existing,
    /// It was installed later, or the policy makes no difference.
    New,
}

/// What the holder must do.
#[uniffi::remote(Record)]
pub struct Obligation {
    /// What.
    pub kind: ObligationKind,
    /// With which app.
    pub app: AppId,
    /// The last day on which it is done in time, in the policy's time zone; none where it is due at once.
    pub due: Option<Day>,
    /// How it stands.
    pub state: ObligationState,
    /// The directive that asks for it.
    pub basis: BasisId,
}

/// What must be done. A closed list.
#[uniffi::remote(Enum)]
pub enum ObligationKind {
    /// Remove the app.
    RemoveApp,
    /// Inform the functional supervisor of what prevents it.
    InformSupervisor,
}

/// How an obligation stands. A closed list.
#[uniffi::remote(Enum)]
pub enum ObligationState {
    /// The due day has not passed.
    Pending,
    /// The due day has passed.
    Overdue,
    /// It is due at once.
    DueNow,
    /// It was done.
    Done,
}

/// Why something was decided.
#[uniffi::remote(Record)]
pub struct Reason {
    /// The reason.
    pub code: Code,
    /// The directive that it rests on, if it rests on one.
    pub basis: Option<BasisId>,
    /// Whether it was decided by a reading of ours, where the text leaves something open.
    pub interpretation: bool,
}

/// What is advised.
#[uniffi::remote(Record)]
pub struct Advice {
    /// The advice.
    pub code: Code,
    /// The directive that it rests on, if it rests on one.
    pub basis: Option<BasisId>,
}

uniffi::custom_type!(
    /// Why something was decided, how it was known, or what is advised: `removal_term_passed`. `Codes` has a constant for each.
    /// A later version may add codes, so be ready for one that is not among them.
    Code, String, {
        remote,
        lower: |code| code.as_str().to_owned(),
        try_lift: |text| Ok(OctroiError::checked(
            Code::from_name(&text), "Code", &text, "a code of this version",
        )?),
    }
);

uniffi::custom_type!(
    /// Codes, each once, in the order of `Codes`.
    CodeSet, Vec<Code>, {
        remote,
        lower: |set| set.iter().collect(),
        try_lift: |codes| Ok(codes.into_iter().collect()),
    }
);

/// The JSON form of an assessment (`docs/forms.md`), indented; instants are in UTC.
///
/// Errors: `Value`, if the assessment was not made by this version and holds what it does not know.
#[uniffi::export]
pub fn assessment_to_json(assessment: Assessment) -> Result<String, OctroiError> {
    Ok(assessment.to_json())
}
