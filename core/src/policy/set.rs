//! Several policies, prepared for looking up what was seen.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::{Entry, Group, Policy, catalogue::WindowsPackage, embedded};
use crate::{
    assessment::Decision,
    deployment::{Deployment, NotifiedOn},
    names::{AppId, Platform, PolicyId, Signer},
};

/// A map whose keys are the policies' own: nobody who is judged can choose them so that they collide.
type FxHashMap<K, V> = HashMap<K, V, FxBuildHasher>;

/// Policies to assess devices under, in an order, each once; prepared, so that looking up an app costs one probe.
///
/// Where several policies know the same app, what they know of it is put together.
#[derive(Clone, Debug)]
pub struct Policies {
    prepared: Vec<Prepared>,
    apps: Vec<AppId>,
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
            names: FxHashMap::default(),
            platforms: Default::default(),
        };
        for policy in policies {
            set.add(policy);
        }
        for index in &mut set.platforms {
            index.needs.resize_with(set.apps.len(), Needs::default);
            // One policy may know an identifier, another its signers.
            index.learn_signers(&set.prepared, &set.apps);
        }
        for prepared in &mut set.prepared {
            prepared.rules.resize(set.apps.len(), None);
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

    pub(crate) fn prepared(&self) -> &[Prepared] {
        &self.prepared
    }

    pub(crate) fn on(&self, platform: Platform) -> &PlatformIndex {
        // The platforms are an array with a place for each.
        let [android, ios, macos, windows, linux, chromeos] = &self.platforms;
        match platform {
            Platform::Android => android,
            Platform::Ios => ios,
            Platform::Macos => macos,
            Platform::Windows => windows,
            Platform::Linux => linux,
            Platform::Chromeos => chromeos,
        }
    }

    /// The apps that bear this display name.
    pub(crate) fn named(&self, name: &str) -> &[usize] {
        self.names
            .get(&name.to_lowercase())
            .map_or(&[], Vec::as_slice)
    }

    fn add(&mut self, policy: Policy) {
        let document = policy.document();
        let mut prepared = Prepared {
            regulated: Vec::new(),
            rules: Vec::new(),
            policy: policy.clone(),
        };
        for (rule, app) in document
            .rules
            .iter()
            .enumerate()
            .flat_map(|(at, rule)| rule.apps.iter().map(move |app| (at, app)))
        {
            let known = self.apps.iter().position(|known| known == app);
            let number = known.unwrap_or(self.apps.len());
            if known.is_none() {
                self.apps.push(app.clone());
            }
            prepared.regulated.push(number);
            prepared.rules.resize(self.apps.len(), None);
            if let Some(place) = prepared.rules.get_mut(number) {
                *place = Some(rule);
            }
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
            for group in entry
                .identifiers
                .iter()
                .filter(|group| group.platforms.contains(platform))
            {
                index.learn(app, group, *platform);
            }
            for absent in entry
                .not_published
                .iter()
                .filter(|absent| absent.platforms.contains(platform))
            {
                let marked = absent.interpretation.is_some();
                if let Some(needs) = index.needs.get_mut(app) {
                    needs.not_published = Some(needs.not_published.unwrap_or(true) && marked);
                }
            }
        }
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
    /// The numbers of the apps that it regulates, in its order.
    pub(crate) regulated: Vec<usize>,
    /// For each app by its number the rule that it falls under.
    rules: Vec<Option<usize>>,
}

impl Prepared {
    pub(crate) fn rule(&self, app: usize) -> Option<&super::Rule> {
        let rule = (*self.rules.get(app)?)?;
        self.policy.document().rules.get(rule)
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

/// How apps are recognised on one platform.
#[derive(Clone, Debug, Default)]
pub(crate) struct PlatformIndex {
    ids: FxHashMap<Box<str>, Vec<IdHit>>,
    schemes: FxHashMap<Box<str>, Vec<SchemeHit>>,
    developers: Vec<DeveloperHit>,
    needs: Vec<Needs>,
}

/// An identifier of an app.
#[derive(Clone, Debug)]
pub(crate) struct IdHit {
    pub(crate) app: usize,
    /// Which of the app's identifiers.
    pub(crate) number: usize,
    /// Whether it counts as the app by interpretation only.
    pub(crate) marked: bool,
    pub(crate) signers: Vec<Signer>,
    /// The identifier as the catalogue writes it.
    written: Box<str>,
}

/// A URL scheme of an app.
#[derive(Clone, Debug)]
pub(crate) struct SchemeHit {
    pub(crate) app: usize,
    pub(crate) number: usize,
    pub(crate) marked: bool,
}

/// A signer all of whose apps count as one app.
#[derive(Clone, Debug)]
pub(crate) struct DeveloperHit {
    pub(crate) app: usize,
    pub(crate) signer: Signer,
    pub(crate) marked: bool,
}

/// What must be known absent of one app on one platform.
#[derive(Clone, Debug, Default)]
pub(crate) struct Needs {
    pub(crate) ids: usize,
    pub(crate) schemes: usize,
    pub(crate) by_sha256: bool,
    pub(crate) by_sha1: bool,
    /// The app is said not to be published here; whether by interpretation only.
    not_published: Option<bool>,
}

impl Needs {
    pub(crate) fn covered(&self) -> bool {
        self.ids > 0 || self.schemes > 0 || self.by_developer()
    }

    pub(crate) fn by_developer(&self) -> bool {
        self.by_sha256 || self.by_sha1
    }

    pub(crate) fn not_published(&self) -> Option<bool> {
        self.not_published.filter(|_| !self.covered())
    }
}

impl PlatformIndex {
    pub(crate) fn ids<'a>(
        &'a self,
        id: &'a str,
        platform: Platform,
    ) -> impl Iterator<Item = &'a IdHit> {
        let seen = (platform == Platform::Windows).then(|| WindowsPackage::parse(id));
        let hits = self
            .ids
            .get(seen.map_or(id, |package| package.name))
            .map_or(&[][..], Vec::as_slice);
        hits.iter().filter(move |hit| {
            seen.is_none_or(|package| package.same_as(WindowsPackage::parse(&hit.written)))
        })
    }

    pub(crate) fn schemes(&self, scheme: &str) -> &[SchemeHit] {
        self.schemes.get(scheme).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn developers(&self) -> &[DeveloperHit] {
        &self.developers
    }

    pub(crate) fn needs(&self) -> &[Needs] {
        &self.needs
    }

    fn learn_signers(&mut self, policies: &[Prepared], apps: &[AppId]) {
        for hit in self.ids.values_mut().flatten() {
            let entries = apps
                .get(hit.app)
                .into_iter()
                .flat_map(|app| policies.iter().filter_map(|known| known.policy.entry(app)));
            hit.signers = entries
                .flat_map(|entry| entry.signers_of(&hit.written))
                .copied()
                .collect();
            hit.signers.sort_unstable();
            hit.signers.dedup();
        }
    }

    fn learn(&mut self, app: usize, group: &Group, platform: Platform) {
        let marked = group.interpretation.is_some();
        let Some(needs) = self.needs.get_mut(app) else {
            return;
        };
        for id in group.ids.iter().map(|id| id.as_str()) {
            let key = if platform == Platform::Windows {
                WindowsPackage::parse(id).name
            } else {
                id
            };
            let hits = self.ids.entry(key.into()).or_default();
            let known = hits
                .iter_mut()
                .find(|hit| hit.app == app && *hit.written == *id);
            if let Some(hit) = known {
                hit.marked &= marked;
            } else {
                hits.push(IdHit {
                    app,
                    number: needs.ids,
                    marked,
                    signers: Vec::new(),
                    written: id.into(),
                });
                needs.ids += 1;
            }
        }
        for scheme in group.schemes.iter().map(|scheme| scheme.as_str()) {
            let hits = self.schemes.entry(scheme.into()).or_default();
            if let Some(hit) = hits.iter_mut().find(|hit| hit.app == app) {
                hit.marked &= marked;
            } else {
                hits.push(SchemeHit {
                    app,
                    number: needs.schemes,
                    marked,
                });
                needs.schemes += 1;
            }
        }
        for signer in &group.developer_signers {
            needs.by_sha256 |= matches!(signer, Signer::Sha256(_));
            needs.by_sha1 |= matches!(signer, Signer::Sha1(_));
            let known = self
                .developers
                .iter_mut()
                .find(|hit| hit.app == app && hit.signer == *signer);
            if let Some(hit) = known {
                hit.marked &= marked;
            } else {
                self.developers.push(DeveloperHit {
                    app,
                    signer: *signer,
                    marked,
                });
            }
        }
    }
}
