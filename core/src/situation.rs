//! Situations: devices of which exactly so much is known, to ask a policy what it says of each.

use jiff::civil::Date;
use serde::Serialize;

use crate::{
    Policies, assess,
    assessment::Assessment,
    deployment::Deployment,
    explain::{Explanation, explain},
    facts::{Fact, Ownership, OwnershipStatement, Share, ShareStatement, Source},
    names::{AppId, Language, Platform},
    observation::{Observation, Probe, Seen, SeenApp},
    policy::{Document, Entry, Group, Policy, Rule},
    read::{Entries, NonEmpty},
    record::{Impediment, Record},
    time::{Day, Instant},
};

/// What is known of a device and its holder. An app that is not named is known to be absent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Situation {
    /// Whether each fact makes a service device, in the order of [`Fact::ALL`]; `None` where nobody said.
    pub(crate) facts: [Option<bool>; Fact::ALL.len()],
    pub(crate) apps: Vec<(AppId, Sight)>,
    pub(crate) impediment: Hindrance,
    pub(crate) role: Option<NonEmpty>,
}

/// What is known of an app that is not known to be absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sight {
    There { since: Instant },
    Unknown,
}

/// Whether something prevents the holder from removing the apps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Hindrance {
    /// Nothing that was declared.
    #[default]
    None,
    /// Something, and the supervisor was not informed.
    Declared,
    /// Something, and the supervisor was informed.
    Reported,
}

impl Hindrance {
    pub(crate) const ALL: [Hindrance; 3] =
        [Hindrance::None, Hindrance::Declared, Hindrance::Reported];
}

/// A policy that is asked about situations.
///
/// Its catalogue is another: each app is recognised by its own id and nothing else. So one situation can be put to policies that
/// recognise an app differently, or not at all. What is asked is what follows once it is known which apps are there.
pub(crate) struct Stage {
    policy: Policy,
    policies: Policies,
    deployment: Deployment,
}

impl Stage {
    pub(crate) fn new(policy: &Policy) -> Self {
        Self::holding(policy, |_| true)
    }

    /// A stage on which an app is called by another name.
    pub(crate) fn calling(policy: &Policy, app: &AppId, name: Option<NonEmpty>) -> Self {
        let mut document = policy.document().clone();
        if let (Some(entry), Some(name)) = (document.catalogue.0.get_mut(app), name) {
            entry.name = name;
        }
        Self::new(&Policy::of(document))
    }

    /// A stage on which these apps are, and the policy regulates no other.
    pub(crate) fn holding(policy: &Policy, is_here: impl Fn(&AppId) -> bool) -> Self {
        let document = policy.document();
        let entries = document.catalogue.0.iter();
        let entries = entries.filter(|(app, _)| is_here(app));
        let catalogue = entries.map(|(app, entry)| (app.clone(), by_its_own_id(app, entry)));
        let mut rules = document.rules.clone();
        for rule in &mut rules {
            rule.apps.retain(|app| is_here(app));
        }
        let policy = Policy::of(Document {
            catalogue: Entries(catalogue.collect()),
            rules,
            scenarios: Vec::new(),
            ..document.clone()
        });
        Self {
            policies: policy.clone().into(),
            policy,
            deployment: Deployment::default(),
        }
    }

    pub(crate) fn document(&self) -> &Document {
        self.policy.document()
    }

    pub(crate) fn assess(&self, record: &Record<'_>, at: Instant) -> Assessment {
        assess(&self.policies, record, &self.deployment, at)
    }

    pub(crate) fn explain(&self, assessment: &Assessment, language: Language) -> Explanation {
        explain(assessment, &self.policies, &self.deployment, language)
    }

    pub(crate) fn starts(&self, day: Day) -> Instant {
        self.document().time_zone.start_of(day)
    }

    /// From when on an installation of the app counts as new, if that makes a difference.
    pub(crate) fn new_from(&self, app: &AppId) -> Option<Instant> {
        self.rule(app)?.removal.as_ref()?;
        Some(self.starts(self.document().notified_on.plus_days(1)))
    }

    /// From when on its removal is overdue, if it has a term.
    pub(crate) fn overdue_from(&self, app: &AppId) -> Option<Instant> {
        let term = self.rule(app)?.removal.as_ref()?.term;
        let due = self.policy.due_day(term, &self.deployment);
        Some(self.starts(due.plus_days(1)))
    }

    fn rule(&self, app: &AppId) -> Option<&Rule> {
        let mut rules = self.document().rules.iter();
        rules.find(|rule| rule.apps.contains(app))
    }

    pub(crate) fn record(&self, situation: &Situation) -> Record<'static> {
        let mut record = Record::new(Platform::Android);
        let [ownership, purchase, subscription, usage] = situation.facts;
        record.device.ownership = ownership.into_iter().map(owned).collect();
        record.device.purchase = purchase.into_iter().map(paid).collect();
        record.device.subscription = subscription.into_iter().map(paid).collect();
        record.device.usage = usage.into_iter().map(paid).collect();
        record.roles.extend(situation.role.clone());

        let mut seen = Observation::default();
        for app in self.document().catalogue.0.keys() {
            let Some(id) = NonEmpty::new(app.as_str()) else {
                continue;
            };
            let known = situation.apps.iter().find(|(named, _)| named == app);
            match known.map(|(_, sight)| *sight) {
                None => seen.absent.push(Probe::Id(id.into())),
                Some(Sight::Unknown) => {}
                Some(Sight::There { since }) => seen.apps.push(SeenApp {
                    seen: Seen::Id {
                        id: id.into(),
                        name: None,
                        signers: Vec::new(),
                    },
                    first_installed: Some(since),
                    version: None,
                }),
            }
            let reason = None;
            let supervisor_informed_on = match situation.impediment {
                Hindrance::None => continue,
                Hindrance::Declared => None,
                Hindrance::Reported => Some(Day(Date::MIN)),
            };
            let impediment = Impediment {
                reason,
                supervisor_informed_on,
            };
            record.impediments.insert(app.clone(), impediment);
        }
        record.observations.push(seen);
        record
    }
}

fn by_its_own_id(app: &AppId, entry: &Entry) -> Entry {
    let group = Group {
        platforms: vec![Platform::Android],
        ids: NonEmpty::new(app.as_str()).into_iter().collect(),
        schemes: Vec::new(),
        developer_signers: Vec::new(),
        learnt_from: entry.name.clone(),
        interpretation: None,
    };
    Entry {
        name: entry.name.clone(),
        display_names: Vec::new(),
        identifiers: vec![group],
        not_published: Vec::new(),
        signers: Entries::default(),
    }
}

const fn owned(by_authority: bool) -> OwnershipStatement {
    OwnershipStatement {
        value: if by_authority {
            Ownership::Organization
        } else {
            Ownership::Personal
        },
        source: Source::Mdm,
    }
}

const fn paid(by_authority: bool) -> ShareStatement {
    ShareStatement {
        value: if by_authority {
            Share::Full
        } else {
            Share::None
        },
        source: Source::Mdm,
    }
}
