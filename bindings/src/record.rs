//! The device record.

use std::collections::{BTreeMap, HashMap};

use octroi_core::{
    AppId, Day, Declaration, Declared, Device, Impediment, Instant, NonEmpty, OwnershipStatement,
    Platform, ShareStatement,
};

type Record = octroi_core::Record<'static>;
type Observation = octroi_core::Observation<'static>;
type Declarations = BTreeMap<AppId, Declaration>;
type Impediments = BTreeMap<AppId, Impediment>;

/// What is known of one device.
#[uniffi::remote(Record)]
pub struct Record {
    /// The device itself.
    pub device: Device,
    /// Roles of the person who holds it, as the policies' exemptions name them.
    #[uniffi(default)]
    pub roles: Vec<NonEmpty>,
    /// Who saw which apps, when, and how far they could see.
    #[uniffi(default)]
    pub observations: Vec<Observation>,
    /// What the holder says of apps.
    #[uniffi(default)]
    pub declarations: Declarations,
    /// What prevents the holder from removing an app.
    #[uniffi(default)]
    pub impediments: Impediments,
}

/// A device: its platform and the facts that make its class. No statement means that nobody said.
#[uniffi::remote(Record)]
pub struct Device {
    /// A name that means nothing to octroi; given back in the assessment.
    #[uniffi(default = None)]
    pub id: Option<NonEmpty>,
    /// The system that it runs.
    pub platform: Platform,
    /// Who owns it.
    #[uniffi(default)]
    pub ownership: Vec<OwnershipStatement>,
    /// Who paid for it.
    #[uniffi(default)]
    pub purchase: Vec<ShareStatement>,
    /// Who pays for its subscription.
    #[uniffi(default)]
    pub subscription: Vec<ShareStatement>,
    /// Who pays for its usage.
    #[uniffi(default)]
    pub usage: Vec<ShareStatement>,
}

/// A system that a device runs.
#[uniffi::remote(Enum)]
pub enum Platform {
    /// Android.
    Android,
    /// iOS and iPadOS.
    Ios,
    /// macOS.
    Macos,
    /// Windows.
    Windows,
    /// Linux on a computer.
    Linux,
    /// ChromeOS, which runs Android's apps.
    Chromeos,
}

/// What the holder says of an app.
#[uniffi::remote(Record)]
pub struct Declaration {
    /// Whether it is there.
    pub value: Declared,
    /// When that was said. Without it, a declared absence counts only where the deployment sets no limit.
    #[uniffi(default = None)]
    pub declared_at: Option<Instant>,
}

/// Whether an app is there, in the holder's words.
#[uniffi::remote(Enum)]
pub enum Declared {
    /// It is not.
    Absent,
    /// It is.
    Present,
}

/// What prevents the holder from removing an app.
#[uniffi::remote(Record)]
pub struct Impediment {
    /// The reason, in the holder's words.
    #[uniffi(default = None)]
    pub reason: Option<NonEmpty>,
    /// The day on which the supervisor was informed, in the policies' time zone.
    #[uniffi(default = None)]
    pub supervisor_informed_on: Option<Day>,
}

uniffi::custom_type!(
    /// What the holder says, app by app. An app that no policy regulates is passed over, one that no catalogue knows is refused.
    Declarations, HashMap<AppId, Declaration>, {
        remote,
        lower: |map| map.into_iter().collect(),
        try_lift: |map| Ok(map.into_iter().collect()),
    }
);

uniffi::custom_type!(
    /// What prevents the removal, app by app. An app that no policy regulates is passed over, one that no catalogue knows is refused.
    Impediments, HashMap<AppId, Impediment>, {
        remote,
        lower: |map| map.into_iter().collect(),
        try_lift: |map| Ok(map.into_iter().collect()),
    }
);
