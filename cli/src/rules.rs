//! Which rules are applied, as the command line says.

#[cfg(feature = "publish")]
use octroi_core::PolicyId;
use octroi_core::{Day, Deployment, Instant, NotifiedOn, Policies, Policy};

use crate::{
    arguments::{Rules, Selection},
    authored::Authored,
    failure::Failure,
    policy,
};

/// What the clock of this machine says.
pub(crate) fn now() -> Instant {
    Instant::from_unix_seconds(jiff::Timestamp::now().as_second())
}

impl Rules {
    /// The instant for which to assess.
    pub(crate) fn instant(&self, now: Instant) -> Instant {
        self.at.unwrap_or(now)
    }

    pub(crate) fn select(&self) -> Result<(Deployment, Policies), Failure> {
        self.selection.select(self.notified_on)
    }
}

impl Selection {
    /// The deployment, with that day of notification if one is given, and its policies.
    pub(crate) fn select(
        &self,
        notified_on: Option<Day>,
    ) -> Result<(Deployment, Policies), Failure> {
        let mut deployment = match &self.deployment {
            Some(path) => Authored::read(path)?.parse(Deployment::from_json)?,
            None => Deployment::default(),
        };
        let arrived = self.arrived(&deployment)?;
        let mut available = match &arrived {
            Some(arrived) => arrived.clone(),
            None => policy::embedded()?.to_vec(),
        };
        if !self.policy.is_empty() {
            let find = |name: &String| {
                let mut arrived = arrived.iter().flatten();
                let found = arrived.find(|policy| policy.id().as_str() == name);
                found.map_or_else(|| policy::find(name), |policy| Ok(policy.clone()))
            };
            available = self.policy.iter().map(find).collect::<Result<_, _>>()?;
            deployment.policies = available.iter().map(|policy| policy.id().clone()).collect();
        }
        if let Some(day) = notified_on {
            deployment.notified_on = Some(NotifiedOn::All(day));
        }
        let place = self
            .deployment
            .as_deref()
            .map_or_else(|| "--policy".into(), |path| path.display().to_string());
        let policies = Policies::select(&deployment, &available)
            .map_err(|error| Failure::policies(&place, &error))?;
        Ok((deployment, policies))
    }

    /// What a repository says of the policies that are named.
    #[cfg(feature = "publish")]
    fn arrived(&self, deployment: &Deployment) -> Result<Option<Vec<Policy>>, Failure> {
        let named = self.policy.iter();
        let named: Vec<_> = named.filter_map(|name| PolicyId::new(name)).collect();
        let is_named = !self.policy.is_empty();
        self.repository.policies(match is_named {
            true => named,
            false => deployment.policies.clone(),
        })
    }

    #[cfg(not(feature = "publish"))]
    fn arrived(&self, _: &Deployment) -> Result<Option<Vec<Policy>>, Failure> {
        match self.repo.is_empty() {
            true => Ok(None),
            false => Err(Failure::not_built_in("--repo")),
        }
    }
}
