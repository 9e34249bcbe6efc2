//! What is decided under: the deployment, what the management says in its place, and the policies that both name.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use octroi_core::{Deployment, Policies, PolicyRef, embedded};

use crate::{error::GateError, managed::Managed, state::Under};

/// What is decided under, as it was at one moment.
#[derive(Clone)]
pub(crate) struct Configured {
    pub(crate) rules: Arc<Rules>,
    pub(crate) managed: Managed,
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
    pub(crate) fn new(given: Deployment) -> Result<Self, GateError> {
        let configured = Configured {
            rules: Arc::new(Rules::new(given.clone())?),
            managed: Managed::default(),
            wrong: None,
        };
        let now = Mutex::new(Arc::new(configured));
        Ok(Self { given, now })
    }

    /// As it is now. Who holds it does not see what changes.
    pub(crate) fn now(&self) -> Arc<Configured> {
        let now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&now)
    }

    /// Takes over what the management says.
    pub(crate) fn configure(&self, entries: &BTreeMap<String, String>) -> Result<(), GateError> {
        let configured = self.read(entries, &self.now().rules);
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        match configured {
            Ok(configured) => {
                *now = Arc::new(configured);
                Ok(())
            }
            Err(error) => {
                let wrong = Wrong {
                    error: error.clone(),
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

    /// With these rules, where the deployment is still theirs.
    fn read(
        &self,
        entries: &BTreeMap<String, String>,
        rules: &Arc<Rules>,
    ) -> Result<Configured, GateError> {
        let managed = Managed::read(entries)?;
        let deployment = managed.deployment_over(&self.given)?;
        let rules = match rules.under.deployment == deployment {
            true => Arc::clone(rules),
            false => Arc::new(Rules::new(deployment)?),
        };
        Ok(Configured {
            rules,
            managed,
            wrong: None,
        })
    }
}

impl Configured {
    /// Whether a host is one that only a permitted device may reach. The hosts that a wrong configuration names are, too.
    pub(crate) fn is_internal(&self, host: &str) -> bool {
        let wrong = self.wrong.as_ref();
        self.rules.under.deployment.is_internal(host)
            || wrong.is_some_and(|wrong| wrong.guarded.is_internal(host))
    }
}

impl Rules {
    fn new(deployment: Deployment) -> Result<Self, GateError> {
        let policies = Policies::select(&deployment, embedded().map_err(GateError::Embedded)?)?;
        let versions = policies.iter().map(|policy| PolicyRef {
            id: policy.id().clone(),
            version: policy.document().version,
        });
        let under = Under {
            octroi: env!("CARGO_PKG_VERSION").to_owned(),
            policies: versions.collect(),
            deployment,
        };
        Ok(Self { policies, under })
    }
}
