//! Which rules are applied, as the command line says.

use std::path::Path;

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
        let mut deployment = deployment(self.deployment.as_deref())?;
        let arrived = self.arrived(&deployment)?;
        if let Some(day) = notified_on {
            deployment.notified_on = Some(NotifiedOn::All(day));
        }
        let place = place(self.deployment.as_deref());
        choose(deployment, &self.policy, arrived.as_deref(), &place)
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

/// What the administration sets, or what is set where nothing is.
pub(crate) fn deployment(path: Option<&Path>) -> Result<Deployment, Failure> {
    match path {
        Some(path) => Authored::read(path)?.parse(Deployment::from_json),
        None => Ok(Deployment::default()),
    }
}

/// Where the choice of policies is wrong, if it is.
fn place(deployment: Option<&Path>) -> String {
    deployment.map_or_else(|| "--policy".into(), |path| path.display().to_string())
}

/// The policies of those names, or the deployment's where none is named: from what arrived, or what ships with octroi.
fn choose(
    mut deployment: Deployment,
    names: &[String],
    arrived: Option<&[Policy]>,
    place: &str,
) -> Result<(Deployment, Policies), Failure> {
    let mut available = match arrived {
        Some(arrived) => arrived.to_vec(),
        None => policy::embedded()?.to_vec(),
    };
    if !names.is_empty() {
        let find = |name: &String| {
            let mut arrived = arrived.iter().copied().flatten();
            let found = arrived.find(|policy| policy.id().as_str() == name);
            found.map_or_else(|| policy::find(name), |policy| Ok(policy.clone()))
        };
        available = names.iter().map(find).collect::<Result<_, _>>()?;
        deployment.policies = available.iter().map(|policy| policy.id().clone()).collect();
    }
    let policies = Policies::select(&deployment, &available)
        .map_err(|error| Failure::policies(place, &error))?;
    Ok((deployment, policies))
}

/// What is compared: the rules of a deployment under policies of those names, and under others.
pub(crate) fn choose_two(
    path: Option<&Path>,
    notified_on: Option<Day>,
    new: &[String],
    old: &[String],
) -> Result<[(Deployment, Policies); 2], Failure> {
    let mut deployment = deployment(path)?;
    let days = match (notified_on, deployment.notified_on.take()) {
        (Some(day), _) => Some(NotifiedOn::All(day)),
        (None, days) => days,
    };
    let place = place(path);
    let chosen = [new, old].map(|names| choose(deployment.clone(), names, None, &place));
    let [new, old] = chosen;
    let mut both = [new?, old?];
    if let Some(NotifiedOn::Each(days)) = &days {
        let known: Vec<_> = both.iter().flat_map(|(of, _)| &of.policies).collect();
        if let Some(id) = days.keys().find(|id| !known.contains(id)) {
            let found = format!("a day of notification for `{id}`");
            let expected = "days for policies of either side only";
            return Err(Failure::new(place, found, expected));
        }
    }
    for (deployment, _) in &mut both {
        let known = &deployment.policies;
        deployment.notified_on = match &days {
            Some(NotifiedOn::Each(days)) => {
                // Each side knows of its own policies only.
                let days = days.iter().filter(|(id, _)| known.contains(id));
                Some(NotifiedOn::Each(
                    days.map(|(id, day)| (id.clone(), *day)).collect(),
                ))
            }
            all => all.clone(),
        };
    }
    Ok(both)
}
