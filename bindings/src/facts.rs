//! Who owns a device and who pays for it.

use octroi_core::{
    Fact, FactSet, Ownership, OwnershipStatement, SelfDeclaredFacts, Share, ShareStatement, Source,
};

/// Who owns the device.
#[uniffi::remote(Enum)]
pub enum Ownership {
    /// An authority that the policy addresses.
    Organization,
    /// Anyone else, third parties included.
    Personal,
    /// Nobody said.
    Unknown,
}

/// The administration's share in a cost.
#[uniffi::remote(Enum)]
pub enum Share {
    /// It pays nothing.
    None,
    /// It pays a part.
    Partial,
    /// It pays all.
    Full,
    /// Nobody said.
    Unknown,
}

/// Who says so.
#[uniffi::remote(Enum)]
pub enum Source {
    /// The management of the device.
    Mdm,
    /// The configuration that the management gave to the app.
    ManagedConfig,
    /// The system of the device.
    Platform,
    /// The holder.
    SelfDeclared,
}

/// What somebody said of the owner.
#[uniffi::remote(Record)]
pub struct OwnershipStatement {
    /// What was said.
    pub value: Ownership,
    /// Who said it.
    pub source: Source,
}

/// What somebody said of a cost.
#[uniffi::remote(Record)]
pub struct ShareStatement {
    /// What was said.
    pub value: Share,
    /// Who said it.
    pub source: Source,
}

/// A fact of the device that a policy may count.
#[uniffi::remote(Enum)]
pub enum Fact {
    /// Who owns the device.
    Ownership,
    /// Who paid for the purchase.
    Purchase,
    /// Who pays for the subscription.
    Subscription,
    /// Who pays for the usage.
    Usage,
}

uniffi::custom_type!(
    /// Facts, each once, in the order in which they are declared.
    FactSet, Vec<Fact>, {
        remote,
        lower: |set| set.iter().collect(),
        try_lift: |facts| Ok(facts.into_iter().collect()),
    }
);

/// Whether a person's own word may clear a fact, or only incriminate.
#[uniffi::remote(Enum)]
pub enum SelfDeclaredFacts {
    /// It may clear: nobody else knows who pays.
    Accepted,
    /// A self-declared `Personal` or `None` says nothing.
    IncriminatingOnly,
}
