//! The assessment: what was decided, and everything that it rests on (`docs/forms.md`).

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeStruct};

use crate::{
    code::{Code, CodeSet},
    facts::{Fact, FactSet},
    names::{AppId, BasisId, PolicyId},
    read::{self, NonEmpty, ReadError, parsed},
    record::Format,
    time::{Day, Instant},
};

/// What was decided for one device at one instant, under one policy or several.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(from = "Document")]
pub struct Assessment {
    /// The record's `device.id`, as it was given.
    pub device_id: Option<NonEmpty>,
    /// The instant for which it was decided.
    pub assessed_at: Instant,
    /// The first later instant at which the same record would give another decision or status; `None` if there is none.
    pub valid_until: Option<Instant>,
    /// The verdict under all policies together.
    pub access: Access,
    /// Its status.
    pub status: Status,
    /// What each policy says by itself, in the order in which the policies were given.
    pub assessments: Vec<PolicyAssessment>,
}

impl Serialize for Assessment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Assessment", 7)?;
        fields.serialize_field("format", &Format)?;
        fields.serialize_field("device_id", &self.device_id)?;
        fields.serialize_field("assessed_at", &self.assessed_at)?;
        fields.serialize_field("valid_until", &self.valid_until)?;
        fields.serialize_field("access", &self.access)?;
        fields.serialize_field("status", &self.status)?;
        fields.serialize_field("assessments", &self.assessments)?;
        fields.end()
    }
}

impl Assessment {
    /// Reads the JSON form: what was kept or sent, by this version.
    ///
    /// # Errors
    ///
    /// Anything that is not the form to the letter, and a code that this version does not know.
    pub fn from_json(json: &[u8]) -> Result<Self, ReadError> {
        read::from_json(json)
    }

    /// Adds a reason that lies in no policy but in the state of whoever keeps the assessment: every policy's reasons then hold it.
    pub fn note(&mut self, code: Code) {
        for policy in &mut self.assessments {
            let reasons = &mut policy.reasons;
            let at = reasons.partition_point(|reason| reason.code < code);
            if reasons.get(at).is_none_or(|reason| reason.code != code) {
                let reason = Reason {
                    code,
                    basis: None,
                    interpretation: false,
                };
                reasons.insert(at, reason);
            }
        }
    }

    /// The JSON form, indented.
    pub fn to_json(&self) -> String {
        // Nothing in an assessment can fail to be written: every key is a string and nothing is written to but memory.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(rename = "format")]
    _format: Format,
    device_id: Option<NonEmpty>,
    assessed_at: Instant,
    valid_until: Option<Instant>,
    access: Access,
    status: Status,
    assessments: Vec<PolicyAssessment>,
}

impl From<Document> for Assessment {
    fn from(document: Document) -> Self {
        Self {
            device_id: document.device_id,
            assessed_at: document.assessed_at,
            valid_until: document.valid_until,
            access: document.access,
            status: document.status,
            assessments: document.assessments,
        }
    }
}

/// What one policy says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyAssessment {
    /// Which policy.
    pub policy: PolicyRef,
    /// As in [`Assessment::valid_until`], for this policy alone.
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyRef {
    /// The policy's id.
    pub id: PolicyId,
    /// Its version.
    pub version: u32,
}

/// A verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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

/// Whether a device may reach the administration's internal networks and systems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// It may.
    Permit,
    /// It may not.
    Deny,
}

/// Which network a device belongs on. The narrower comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NetworkZone {
    /// None of them.
    None,
    /// The one for personal devices.
    Personal,
    /// The one for service devices.
    Service,
}

/// The verdict in one word, as fleet consoles know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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

/// An unknown fact on which a verdict hangs: `funding.purchase`, `app.tiktok`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// A fact of the device.
    Fact(Fact),
    /// Whether an app is there.
    App(AppId),
}

impl Serialize for Missing {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Missing::Fact(fact) => fact.serialize(serializer),
            Missing::App(app) => serializer.collect_str(&format_args!("app.{app}")),
        }
    }
}

impl<'de> Deserialize<'de> for Missing {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(
            deserializer,
            "a fact, or `app.` and an app",
            |text| match text.strip_prefix("app.") {
                Some(app) => AppId::new(app).map(Missing::App),
                None => Fact::from_name(text).map(Missing::Fact),
            },
        )
    }
}

/// The class of a device under one policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceClass {
    /// The class.
    pub class: ClassName,
    /// The facts that make a service device of it.
    #[serde(deserialize_with = "facts")]
    pub because: FactSet,
    /// The facts that are unknown, while the class is undetermined.
    #[serde(deserialize_with = "facts")]
    pub missing: FactSet,
}

fn facts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<FactSet, D::Error> {
    let facts = Vec::<Fact>::deserialize(deserializer)?;
    Ok(facts.into_iter().collect())
}

/// A class of devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClassName {
    /// A service device.
    Service,
    /// A personal device.
    Personal,
    /// One of the two.
    Undetermined,
}

/// What is known of one regulated app.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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

/// Whether an app is on the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Presence {
    /// It is.
    Present,
    /// It is not.
    Absent,
    /// We could not see.
    Unknown,
}

/// Whether an app was there before the notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Install {
    /// It was, or nobody knows since when it is there.
    Existing,
    /// It was installed later, or the policy makes no difference.
    New,
}

/// What the holder must do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Obligation {
    /// What.
    pub kind: ObligationKind,
    /// With which app.
    pub app: AppId,
    /// The last day on which it is done in time, in the policy's time zone; `None` where it is due at once.
    pub due: Option<Day>,
    /// How it stands.
    pub state: ObligationState,
    /// The directive that asks for it.
    pub basis: BasisId,
}

/// What must be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObligationKind {
    /// Remove the app.
    RemoveApp,
    /// Inform the functional supervisor of what prevents it.
    InformSupervisor,
}

/// How an obligation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// The reason.
    pub code: Code,
    /// The directive that it rests on, if it rests on one.
    pub basis: Option<BasisId>,
    /// Whether it was decided by a reading of ours, where the text leaves something open.
    pub interpretation: bool,
}

/// What is advised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advice {
    /// The advice.
    pub code: Code,
    /// The directive that it rests on, if it rests on one.
    pub basis: Option<BasisId>,
}
