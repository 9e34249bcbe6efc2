//! Playing scenarios: what an author expects against what the policy says.

use core::fmt;

use serde::Serialize;

use crate::{
    assess,
    assessment::{Assessment, ObligationKind},
    code::Code,
    deployment::{DeclaredAbsence, Deployment, NotifiedOn},
    facts::{OwnershipStatement, Share, ShareStatement, Source},
    names::Platform,
    observation::{Observation, Seen, SeenApp},
    policy::{Entry, Policies, Policy, Scenario},
    read::NonEmpty,
    record::{Declaration, Declared, Impediment, Record},
};

/// Where an assessment is not what the author expects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The key of the expectation.
    pub key: &'static str,
    /// What the author expects.
    pub expected: String,
    /// What the policy says.
    pub found: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: expected {}, found {}",
            self.key, self.expected, self.found
        )
    }
}

impl Scenario {
    /// Plays the scenario under the policy and says where the outcome is another than expected.
    pub fn play(&self, policy: &Policy) -> Vec<Mismatch> {
        let deployment = Deployment {
            declared_absence: DeclaredAbsence::Accepted,
            notified_on: self.notified_on.map(NotifiedOn::All),
            ..Deployment::default()
        };
        let policies = Policies::from(policy.clone());
        self.compare(&assess(
            &policies,
            &self.record(policy),
            &deployment,
            self.at,
        ))
    }

    /// A device on which exactly that is known, on the first platform where every app can be recognised: the author does not
    /// say on which.
    fn record(&self, policy: &Policy) -> Record<'static> {
        let entries: Vec<_> = policy.document().catalogue.0.values().collect();
        let platforms = Platform::ALL.into_iter();
        let mut fit = platforms.filter(|platform| {
            entries
                .iter()
                .all(|entry| sighting(entry, *platform).is_some())
        });
        let platform = fit.next().unwrap_or(Platform::Android);
        let mut record = Record::new(platform);
        let source = Source::default();
        let share = |value: Option<Share>| {
            value
                .map(|value| ShareStatement { value, source })
                .into_iter()
                .collect()
        };
        let owner = self
            .device
            .ownership
            .map(|value| OwnershipStatement { value, source });
        record.device.ownership = owner.into_iter().collect();
        record.device.purchase = share(self.device.purchase);
        record.device.subscription = share(self.device.subscription);
        record.device.usage = share(self.device.usage);
        record.roles = self.roles.clone();
        let mut apps = Vec::new();
        for (app, value) in &self.apps.0 {
            let first_installed = self.installed.0.get(app).copied();
            let seen = policy
                .entry(app)
                .and_then(|entry| sighting(entry, platform));
            match (value, seen) {
                (Declared::Present, Some(seen)) => apps.push(SeenApp {
                    seen,
                    first_installed,
                    version: None,
                }),
                _ => {
                    record.declarations.insert(
                        app.clone(),
                        Declaration {
                            value: *value,
                            declared_at: None,
                        },
                    );
                }
            }
        }
        if !apps.is_empty() {
            record.observations = vec![Observation {
                apps,
                ..Observation::default()
            }];
        }
        let supervisor_informed_on = self.supervisor_informed_on;
        for app in &self.prevented {
            record.impediments.insert(
                app.clone(),
                Impediment {
                    reason: None,
                    supervisor_informed_on,
                },
            );
        }
        record
    }

    fn compare(&self, assessment: &Assessment) -> Vec<Mismatch> {
        let Some(said) = assessment.assessments.first() else {
            return Vec::new();
        };
        let mut mismatches = Vec::new();
        let mut compare = |key, expected: Option<String>, found: String| {
            if let Some(expected) = expected.filter(|expected| *expected != found) {
                mismatches.push(Mismatch {
                    key,
                    expected,
                    found,
                });
            }
        };
        let expect = &self.expect;
        compare(
            "decision",
            Some(word(&expect.decision)),
            word(&said.access.decision),
        );
        compare(
            "class",
            expect.class.as_ref().map(word),
            word(&said.device_class.class),
        );
        compare(
            "zone",
            expect.zone.as_ref().map(word),
            word(&said.access.zone),
        );
        compare(
            "certain",
            expect.certain.as_ref().map(word),
            word(&said.access.certain),
        );
        compare(
            "status",
            expect.status.as_ref().map(word),
            word(&said.status),
        );
        compare(
            "missing",
            expect.missing.as_ref().map(word),
            word(&said.access.missing),
        );
        for (app, day) in &expect.due.0 {
            let mut removals = said
                .obligations
                .iter()
                .filter(|duty| duty.kind == ObligationKind::RemoveApp);
            let due = removals
                .find(|duty| duty.app == *app)
                .and_then(|duty| duty.due);
            compare(
                "due",
                Some(format!("{app}: {day}")),
                format!(
                    "{app}: {}",
                    due.map_or("none".into(), |due| due.to_string())
                ),
            );
        }
        let lacking = |wanted: &[Code], given: Vec<Code>| {
            let lacking = wanted.iter().any(|code| !given.contains(code));
            (lacking.then(|| list(wanted)), list(&given))
        };
        let (expected, found) = lacking(
            &expect.reasons,
            said.reasons.iter().map(|reason| reason.code).collect(),
        );
        compare("reasons", expected, found);
        let (expected, found) = lacking(
            &expect.advice,
            said.advice.iter().map(|advice| advice.code).collect(),
        );
        compare("advice", expected, found);
        mismatches
    }
}

/// How the app is seen where it is: by its first identifier, or by the signer that names it.
fn sighting(entry: &Entry, platform: Platform) -> Option<Seen<'static>> {
    let groups = || {
        entry
            .identifiers
            .iter()
            .filter(|group| group.platforms.contains(&platform))
    };
    let id = |id: &NonEmpty, signers| Seen::Id {
        id: id.clone().into(),
        name: None,
        signers,
    };
    let by_id = groups().find_map(|group| Some(id(group.ids.first()?, Vec::new())));
    by_id.or_else(|| {
        groups().find_map(|group| Some(id(&entry.name, vec![*group.developer_signers.first()?])))
    })
}

/// A value as its JSON form writes it, without quotes.
fn word(value: &impl Serialize) -> String {
    serde_json::to_string(value)
        .unwrap_or_default()
        .replace('"', "")
}

fn list(codes: &[Code]) -> String {
    codes
        .iter()
        .map(|code| code.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use crate::embedded;

    #[test]
    fn the_embedded_packs_say_what_their_authors_expect() {
        for policy in embedded().unwrap() {
            assert!(!policy.document().scenarios.is_empty());
            for scenario in &policy.document().scenarios {
                assert_eq!(
                    scenario.play(policy),
                    [],
                    "{}: {}",
                    policy.id(),
                    scenario.situation
                );
            }
        }
    }
}
