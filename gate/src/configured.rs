//! What is decided under: the deployment, what the management says in its place, and the policies that both name.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use octroi_core::{Deployment, Policies, PolicyId, PolicyRef};
use octroi_updates::Current;

use crate::{error::GateError, managed::Managed, state::Under};

/// What is decided under, as it was at one moment.
#[derive(Clone)]
pub(crate) struct Configured {
    pub(crate) rules: Arc<Rules>,
    pub(crate) managed: Managed,
    /// What came from a repository, or ships.
    pub(crate) arrived: Arc<Current>,
    /// Why the deployment that came cannot be used: it names policies that are not there. Nothing is decided until they come, and the
    /// hosts that it names are guarded.
    pub(crate) unusable: Option<GateError>,
    /// A wrong configuration: nothing is decided under another one.
    pub(crate) wrong: Option<Wrong>,
}

/// Under what is assessed.
pub(crate) struct Rules {
    pub(crate) policies: Policies,
    pub(crate) under: Under,
}

/// A managed configuration that is wrong.
#[derive(Clone)]
pub(crate) struct Wrong {
    pub(crate) error: GateError,
    /// What it says: it may be right as soon as a policy that it names has come.
    entries: BTreeMap<String, String>,
    /// The internal hosts that it names all the same: a slip in one key opens no host of another.
    guarded: Deployment,
}

/// The same as it changes. Threads that draw ask for it, so it has a lock of its own, and nobody who holds that waits for a file.
pub(crate) struct Configuration {
    /// What the app was given; the management may say otherwise.
    given: Deployment,
    now: Mutex<Arc<Configured>>,
}

impl Configuration {
    pub(crate) fn new(given: Deployment, arrived: Current) -> Result<Self, GateError> {
        let managed = Managed::default();
        let (rules, unusable) = Rules::over(&given, &managed, &arrived)?;
        let configured = Configured {
            rules: Arc::new(rules),
            managed,
            arrived: Arc::new(arrived),
            unusable,
            wrong: None,
        };
        let now = Mutex::new(Arc::new(configured));
        Ok(Self { given, now })
    }

    /// Takes over what came from a repository.
    pub(crate) fn renew(&self, arrived: Current) -> Result<(), GateError> {
        let mut now = self.lock();
        let (rules, unusable) = Rules::over(&self.given, &now.managed, &arrived)?;
        let mut renewed = Configured {
            rules: Arc::new(rules),
            arrived: Arc::new(arrived),
            unusable,
            ..Configured::clone(&now)
        };
        if let Some(wrong) = &now.wrong
            && let Ok(right) = self.read(&wrong.entries, &renewed)
        {
            renewed = right;
        }
        *now = Arc::new(renewed);
        Ok(())
    }

    /// As it is now. Who holds it does not see what changes.
    pub(crate) fn now(&self) -> Arc<Configured> {
        Arc::clone(&self.lock())
    }

    /// Takes over what the management says.
    pub(crate) fn configure(&self, entries: &BTreeMap<String, String>) -> Result<(), GateError> {
        let mut now = self.lock();
        match self.read(entries, &now) {
            Ok(configured) => {
                *now = Arc::new(configured);
                Ok(())
            }
            Err(error) => {
                let wrong = Wrong {
                    error: error.clone(),
                    entries: Managed::ours(entries),
                    guarded: Deployment {
                        internal_hosts: Managed::hosts(entries),
                        ..Deployment::default()
                    },
                };
                *now = Arc::new(Configured {
                    wrong: Some(wrong),
                    ..Configured::clone(&now)
                });
                Err(error)
            }
        }
    }

    /// The policies that somebody names, whether they are there or not: what counts, what came from a repository and what the management
    /// says may name one that has yet to come.
    pub(crate) fn wanted(&self) -> Vec<PolicyId> {
        let now = self.lock();
        let arrived = now.arrived.deployment.iter();
        let wrong = now.wrong.iter();
        let mut wanted = now.rules.under.deployment.policies.clone();
        wanted.extend(arrived.flat_map(|arrived| arrived.policies.clone()));
        wanted.extend(wrong.flat_map(|wrong| Managed::policies(&wrong.entries)));
        wanted.sort_unstable();
        wanted.dedup();
        wanted
    }

    fn read(
        &self,
        entries: &BTreeMap<String, String>,
        now: &Configured,
    ) -> Result<Configured, GateError> {
        let managed = Managed::read(entries)?;
        let (rules, unusable) = Rules::over(&self.given, &managed, &now.arrived)?;
        let is_same = rules.under == now.rules.under;
        Ok(Configured {
            rules: if is_same {
                Arc::clone(&now.rules)
            } else {
                Arc::new(rules)
            },
            managed,
            arrived: Arc::clone(&now.arrived),
            unusable,
            wrong: None,
        })
    }

    /// Nobody who holds it waits for a file.
    fn lock(&self) -> MutexGuard<'_, Arc<Configured>> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Configured {
    /// Whether a host is one that only a permitted device may reach. The hosts that a wrong configuration names are, too.
    pub(crate) fn is_internal(&self, host: &str) -> bool {
        let wrong = self.wrong.iter().map(|wrong| &wrong.guarded);
        let unusable = self.unusable.as_ref();
        let unusable = unusable.and(self.arrived.deployment.as_ref());
        let mut all = wrong.chain(unusable).chain([&self.rules.under.deployment]);
        all.any(|deployment| deployment.is_internal(host))
    }

    /// Why nothing is decided, and no earlier verdict counts: who mistyped must not run on under rules that nobody set.
    pub(crate) fn refusal(&self) -> Option<&GateError> {
        let wrong = self.wrong.as_ref().map(|wrong| &wrong.error);
        wrong.or(self.unusable.as_ref())
    }
}

impl Rules {
    /// What the management says comes before what came from a repository, and that before what the app was given. Where what came
    /// cannot be used, the rules without it, and why.
    fn over(
        given: &Deployment,
        managed: &Managed,
        arrived: &Current,
    ) -> Result<(Self, Option<GateError>), GateError> {
        let came = arrived.deployment.as_ref();
        let came = came.map(|came| Self::new(managed.deployment_over(came), managed, arrived));
        let unusable = match came {
            Some(Ok(rules)) => return Ok((rules, None)),
            Some(Err(error)) => Some(error),
            None => None,
        };
        let rules = Self::new(managed.deployment_over(given), managed, arrived)?;
        Ok((rules, unusable))
    }

    fn new(
        deployment: Deployment,
        managed: &Managed,
        arrived: &Current,
    ) -> Result<Self, GateError> {
        let policies = Policies::select(&deployment, &arrived.policies)?;
        let versions = policies.iter().map(|policy| PolicyRef {
            id: policy.id().clone(),
            version: policy.document().version,
        });
        let under = Under {
            octroi: env!("CARGO_PKG_VERSION").to_owned(),
            policies: versions.collect(),
            deployment,
            managed: managed.print(),
        };
        Ok(Self { policies, under })
    }
}
