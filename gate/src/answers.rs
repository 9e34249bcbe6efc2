//! What the person said, kept until it is taken back.

use std::collections::BTreeMap;

use octroi_core::{
    AppId, Declaration, Declared, Fact, Impediment, Instant, Ownership, OwnershipStatement, Record,
    Share, ShareStatement, Source,
};
use serde::{Deserialize, Serialize};

/// Something that the person says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statement {
    /// Who owns the device.
    Ownership(Ownership),
    /// The administration's share in its purchase.
    Purchase(Share),
    /// The administration's share in its subscription.
    Subscription(Share),
    /// The administration's share in its usage.
    Usage(Share),
    /// Whether an app is on it.
    App {
        /// Which app.
        app: AppId,
        /// Whether it is there.
        value: Declared,
    },
    /// What prevents the person from removing an app.
    Impediment {
        /// Which app.
        app: AppId,
        /// Why, and when the supervisor was informed.
        impediment: Impediment,
    },
}

/// What a statement is about. A later statement about the same takes its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Topic {
    /// A fact of the device.
    Fact(Fact),
    /// Whether an app is on it.
    App(AppId),
    /// What prevents the removal of an app.
    Impediment(AppId),
}

impl Statement {
    /// The app that it is about, if it is about one.
    pub(crate) fn app(&self) -> Option<&AppId> {
        match self {
            Statement::App { app, .. } | Statement::Impediment { app, .. } => Some(app),
            _ => None,
        }
    }
}

/// All that the person said and did not take back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answers {
    /// Who owns the device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ownership: Option<Ownership>,
    /// The administration's share in its purchase.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purchase: Option<Share>,
    /// The administration's share in its subscription.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription: Option<Share>,
    /// The administration's share in its usage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Share>,
    /// Which apps are there.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub apps: BTreeMap<AppId, Declaration>,
    /// What prevents the removal of apps.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub impediments: BTreeMap<AppId, Impediment>,
}

impl Answers {
    pub(crate) fn declare(&mut self, statement: Statement, at: Instant) {
        match statement {
            Statement::Ownership(value) => self.ownership = Some(value),
            Statement::Purchase(share) => self.purchase = Some(share),
            Statement::Subscription(share) => self.subscription = Some(share),
            Statement::Usage(share) => self.usage = Some(share),
            Statement::App { app, value } => {
                let declaration = Declaration {
                    value,
                    declared_at: Some(at),
                };
                self.apps.insert(app, declaration);
            }
            Statement::Impediment { app, impediment } => {
                self.impediments.insert(app, impediment);
            }
        }
    }

    pub(crate) fn withdraw(&mut self, topic: &Topic) {
        match topic {
            Topic::Fact(Fact::Ownership) => self.ownership = None,
            Topic::Fact(Fact::Purchase) => self.purchase = None,
            Topic::Fact(Fact::Subscription) => self.subscription = None,
            Topic::Fact(Fact::Usage) => self.usage = None,
            Topic::App(app) => drop(self.apps.remove(app)),
            Topic::Impediment(app) => drop(self.impediments.remove(app)),
        }
    }

    /// Adds what the person said to what else is known of the device. What the record already declares of an app stays.
    pub(crate) fn add_to(&self, record: &mut Record<'_>) {
        let source = Source::SelfDeclared;
        let device = &mut record.device;
        device.ownership.extend(
            self.ownership
                .map(|value| OwnershipStatement { value, source }),
        );
        let shares = [
            (&mut device.purchase, self.purchase),
            (&mut device.subscription, self.subscription),
            (&mut device.usage, self.usage),
        ];
        for (statements, share) in shares {
            statements.extend(share.map(|value| ShareStatement { value, source }));
        }
        for (app, declaration) in &self.apps {
            let declarations = record.declarations.entry(app.clone());
            declarations.or_insert(*declaration);
        }
        for (app, impediment) in &self.impediments {
            let impediments = record.impediments.entry(app.clone());
            impediments.or_insert_with(|| impediment.clone());
        }
    }
}
