//! octroi decides whether a phone may reach an administration's internal network.
//!
//! The core is one pure function, [`assess`]: from [`Policies`], a [`Record`] of a device, a [`Deployment`] and an [`Instant`] to an
//! [`Assessment`]. It asks nothing of the system: no clock, no file, no network, no time zone data. What exists as one of
//! these types is right; what is wrong is refused when it is read, with its place ([`ReadError`]).
//!
//! ```
//! use octroi_core::{Decision, Deployment, Instant, Policies, Record, assess, embedded};
//!
//! let deployment = Deployment::default();
//! let policies = Policies::select(&deployment, embedded()?)?;
//! let record = Record::from_json(br#"{ "device": { "platform": "android", "ownership": "organization" },
//!     "declarations": { "tiktok": "present" } }"#, &policies)?;
//! let at = Instant::parse("2023-04-04T00:00:00+02:00").ok_or("not an instant")?;
//!
//! let assessment = assess(&policies, &record, &deployment, at);
//! assert_eq!(assessment.access.decision, Decision::Deny);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod assess;
mod assessment;
mod calendar;
mod code;
mod compare;
mod deployment;
mod duration;
mod explain;
mod facts;
mod host;
mod judge;
mod names;
mod observation;
mod place;
mod play;
mod policy;
mod presence;
mod read;
mod record;
mod reduce;
mod report;
mod sieve;
mod situation;
mod strict;
mod table;
mod time;
mod verdict;
mod view;
mod visible;
mod watchlist;
mod wording;
mod written;

pub use assess::assess;
pub use assessment::{
    Access, Advice, Assessment, ClassName, Decision, DeviceClass, Finding, Install, Missing,
    NetworkZone, Obligation, ObligationKind, ObligationState, PolicyAssessment, PolicyRef,
    Presence, Reason, Status,
};
pub use calendar::{Holiday, MonthDay, WorkingWeek};
pub use code::{Code, CodeSet};
pub use compare::{
    Change, Comparison, Difference, DueDays, Duty, Recognition, Sign, Span, Subject, Told, Turned,
    compare,
};
pub use deployment::{Contacts, DeclaredAbsence, Deployment, NotifiedOn, ZoneNames};
pub use duration::Duration;
pub use explain::{
    Citation, Explanation, Headings, PolicyExplanation, Question, Sentence, explain, written_code,
    written_day, written_instant, written_month, written_month_day, written_strength,
};
pub use facts::{
    Fact, FactSet, Ownership, OwnershipStatement, SelfDeclaredFacts, Share, ShareStatement, Source,
};
pub use host::HostPattern;
pub use names::{AppId, BasisId, Identifier, Label, Language, Platform, PolicyId, Signer, Text};
pub use observation::{Observation, Probe, Scope, Seen, SeenApp};
pub use play::Mismatch;
pub use policy::{
    Directive, Document, Entry, Exemption, Expectation, Group, IdentifierForm, ImpedimentDirective,
    InForce, Interpretation, LegalDocument, Lint, LintCode, NotPublished, OnPersonal, OnService,
    Point, Policies, PoliciesError, Policy, PolicyAdvice, PolicyCalendar, Removal, Review, Rule,
    Scenario, ServiceDevice, Strength, Term, Zones, embedded,
};
pub use read::{NonEmpty, Path, ReadError, Step, ValueError, from_json};
pub use record::{Declaration, Declared, Device, Impediment, Record};
pub use situation::Hindrance;
pub use table::{DecisionRow, DecisionTable, decision_tables};
pub use time::{Day, Instant, Zone};
pub use visible::visible;
pub use watchlist::{SchemeLimit, Watched, Watchlist};
