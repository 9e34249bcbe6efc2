//! Several policies, prepared for looking up what was seen.

use super::{
    Entry, Policy, embedded,
    index::{FxHashMap, Needs, PlatformIndex, Run},
};
use crate::{
    assessment::Decision,
    deployment::{Deployment, NotifiedOn},
    names::{AppId, Platform, PolicyId},
    time::Instant,
};

/// Policies to assess devices under, in an order, each once; prepared, so that looking up an app costs one probe.
///
/// Where several policies know the same app, what they know of it is put together.
#[derive(Clone, Debug)]
pub struct Policies {
    prepared: Vec<Prepared>,
    apps: Vec<AppId>,
    numbers: FxHashMap<AppId, usize>,
    names: FxHashMap<String, Vec<usize>>,
    platforms: [PlatformIndex; Platform::ALL.len()],
}

/// Why policies do not go together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PoliciesError {
    /// There is none.
    #[error("no policy is given")]
    Empty,
    /// One is given twice.
    #[error("the policy `{id}` is given twice")]
    Twice {
        /// The policy that is given twice.
        id: PolicyId,
    },
    /// The deployment names a policy that is not available.
    #[error("the policy `{id}` is not among those available: {available}")]
    NotAvailable {
        /// The policy that the deployment names.
        id: PolicyId,
        /// The policies that are available, as a list for people.
        available: String,
    },
    /// The deployment's `notified_on` names a policy that is not among its policies.
    #[error("`notified_on` names the policy `{id}`, which is not among those given: {given}")]
    NotifiedUnknown {
        /// The policy that `notified_on` names.
        id: PolicyId,
        /// The policies that are given, as a list for people.
        given: String,
    },
}

impl Policies {
    /// The policies in this order.
    ///
    /// # Errors
    ///
    /// If there is none, or one twice.
    pub fn new(policies: Vec<Policy>) -> Result<Self, PoliciesError> {
        if policies.is_empty() {
            return Err(PoliciesError::Empty);
        }
        let mut ids = policies
            .iter()
            .enumerate()
            .map(|(at, policy)| (at, policy.id()));
        if let Some((_, id)) =
            ids.find(|(at, id)| policies.iter().take(*at).any(|known| known.id() == *id))
        {
            return Err(PoliciesError::Twice { id: id.clone() });
        }
        Ok(Self::prepared_from(policies))
    }

    fn prepared_from(policies: Vec<Policy>) -> Self {
        let mut set = Self {
            prepared: Vec::with_capacity(policies.len()),
            apps: Vec::new(),
            numbers: FxHashMap::default(),
            names: FxHashMap::default(),
            platforms: Default::default(),
        };
        for policy in policies {
            set.add(policy);
        }
        for (platform, index) in Platform::ALL.iter().zip(&mut set.platforms) {
            index.windows = *platform == Platform::Windows;
            index.needs.resize_with(set.apps.len(), Needs::default);
            // One policy may know an identifier, another its signers.
            index.learn_signers(&set.prepared, &set.apps);
            index.finish();
        }
        for prepared in &mut set.prepared {
            prepared.places.resize(set.apps.len(), None);
            for (index, runs) in set.platforms.iter().zip(&mut prepared.runs) {
                *runs = index.runs(&prepared.regulated);
            }
        }
        set
    }

    /// The policies that the deployment names, in its order, from those available.
    ///
    /// # Errors
    ///
    /// If one is not available, or if the deployment's `notified_on` names another.
    pub fn select(deployment: &Deployment, available: &[Policy]) -> Result<Self, PoliciesError> {
        let list = |ids: &mut dyn Iterator<Item = &PolicyId>| {
            ids.map(|id| format!("`{id}`"))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let mut policies = Vec::new();
        for id in &deployment.policies {
            let Some(policy) = available.iter().find(|policy| policy.id() == id) else {
                let available = list(&mut available.iter().map(Policy::id));
                return Err(PoliciesError::NotAvailable {
                    id: id.clone(),
                    available,
                });
            };
            policies.push(policy.clone());
        }
        if let Some(NotifiedOn::Each(days)) = &deployment.notified_on
            && let Some(id) = days.keys().find(|id| !deployment.policies.contains(id))
        {
            let given = list(&mut deployment.policies.iter());
            return Err(PoliciesError::NotifiedUnknown {
                id: id.clone(),
                given,
            });
        }
        Self::new(policies)
    }

    /// The policies, in their order.
    pub fn iter(&self) -> impl Iterator<Item = &Policy> {
        self.prepared.iter().map(|prepared| &prepared.policy)
    }

    /// The apps that any of them regulates, in the order in which they are first named.
    pub fn apps(&self) -> &[AppId] {
        &self.apps
    }

    /// Whether a record may speak of the app: one of the policies regulates it, or the embedded catalogue knows it.
    pub fn knows(&self, app: &str) -> bool {
        self.known().any(|known| known.as_str() == app)
    }

    /// The apps that a record may speak of, for an error.
    pub fn known_apps(&self) -> String {
        let mut apps: Vec<_> = self.known().map(|app| format!("`{app}`")).collect();
        apps.sort_unstable();
        apps.dedup();
        format!(
            "an app that the policies or the catalogue know: {}",
            apps.join(", ")
        )
    }

    fn known(&self) -> impl Iterator<Item = &AppId> {
        let packs = embedded().unwrap_or_default();
        self.apps.iter().chain(
            packs
                .iter()
                .flat_map(|pack| pack.document().catalogue.0.keys()),
        )
    }

    /// The number of an app that any of them regulates.
    pub(crate) fn number(&self, app: &AppId) -> Option<usize> {
        self.numbers.get(app).copied()
    }

    pub(crate) fn prepared(&self) -> &[Prepared] {
        &self.prepared
    }

    pub(crate) fn on(&self, platform: Platform) -> &PlatformIndex {
        by_platform(&self.platforms, platform)
    }

    /// The apps that bear this display name.
    pub(crate) fn named(&self, name: &str) -> &[usize] {
        self.names
            .get(&name.to_lowercase())
            .map_or(&[], Vec::as_slice)
    }

    fn add(&mut self, policy: Policy) {
        let document = policy.document();
        let zone = &document.time_zone;
        let review = document.review.as_ref();
        let mut prepared = Prepared {
            in_force_since: zone.start_of(document.in_force_from.date),
            review_since: review.map(|review| zone.start_of(review.on)),
            regulated: Vec::new(),
            places: Vec::new(),
            runs: Default::default(),
            policy: policy.clone(),
        };
        for (rule, app) in document
            .rules
            .iter()
            .enumerate()
            .flat_map(|(at, rule)| rule.apps.iter().map(move |app| (at, app)))
        {
            let next = self.apps.len();
            let number = *self.numbers.entry(app.clone()).or_insert(next);
            if number == next {
                self.apps.push(app.clone());
            }
            prepared.places.resize(self.apps.len(), None);
            if let Some(place) = prepared.places.get_mut(number) {
                *place = Some((prepared.regulated.len(), rule));
            }
            prepared.regulated.push((number, app.clone()));
            if let Some(entry) = policy.entry(app) {
                self.learn(number, entry);
            }
        }
        self.prepared.push(prepared);
    }

    fn learn(&mut self, app: usize, entry: &Entry) {
        for name in &entry.display_names {
            let apps = self.names.entry(name.as_str().to_lowercase()).or_default();
            if !apps.contains(&app) {
                apps.push(app);
            }
        }
        for (platform, index) in Platform::ALL.iter().zip(&mut self.platforms) {
            index
                .needs
                .resize_with(index.needs.len().max(app + 1), Needs::default);
            for group in entry.groups_on(*platform) {
                index.learn(app, group, *platform);
            }
            for absent in entry.absences_on(*platform) {
                let marked = absent.interpretation.is_some();
                if let Some(needs) = index.needs.get_mut(app) {
                    needs.not_published = Some(needs.not_published.unwrap_or(true) && marked);
                }
            }
        }
    }
}

fn by_platform<T>(each: &[T; Platform::ALL.len()], platform: Platform) -> &T {
    let [android, ios, macos, windows, linux, chromeos] = each;
    match platform {
        Platform::Android => android,
        Platform::Ios => ios,
        Platform::Macos => macos,
        Platform::Windows => windows,
        Platform::Linux => linux,
        Platform::Chromeos => chromeos,
    }
}

/// One policy is neither none nor twice the same.
impl From<Policy> for Policies {
    fn from(policy: Policy) -> Self {
        Self::prepared_from(vec![policy])
    }
}

/// A policy and where its apps stand among all.
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    pub(crate) policy: Policy,
    /// The first instant at which it is in force.
    pub(crate) in_force_since: Instant,
    /// The first instant of the day of its review.
    pub(crate) review_since: Option<Instant>,
    /// The apps that it regulates and their numbers, in its order.
    pub(crate) regulated: Vec<(usize, AppId)>,
    /// For each app by its number where it stands among them, and the rule that it falls under.
    places: Vec<Option<(usize, usize)>>,
    /// For each platform the kinds of its apps.
    runs: [Vec<Run>; Platform::ALL.len()],
}

impl Prepared {
    pub(crate) fn rule(&self, app: usize) -> Option<&super::Rule> {
        let (_, rule) = (*self.places.get(app)?)?;
        self.policy.document().rules.get(rule)
    }

    /// Where an app stands among those that the policy regulates.
    pub(crate) fn place(&self, app: usize) -> Option<usize> {
        let (place, _) = (*self.places.get(app)?)?;
        Some(place)
    }

    /// The kinds of the apps that the policy regulates, in its order.
    pub(crate) fn runs(&self, platform: Platform) -> &[Run] {
        by_platform::<Vec<Run>>(&self.runs, platform)
    }

    /// Whether an app that turned out to be there would close access: to a service device as one installed later.
    pub(crate) fn denies_if_present(&self, service: bool, app: usize) -> bool {
        self.rule(app).is_some_and(|rule| {
            let decision = if service {
                rule.service.decision
            } else {
                rule.personal.decision
            };
            decision == Decision::Deny
        })
    }
}
