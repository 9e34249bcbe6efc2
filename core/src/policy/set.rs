//! Several policies, prepared for looking up what was seen.

use core::ops::Range;
use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::{Entry, Group, Policy, catalogue::WindowsPackage, embedded};
use crate::{
    assessment::Decision,
    deployment::{Deployment, NotifiedOn},
    names::{AppId, Platform, PolicyId, Signer},
    sieve::{Print, Sieve},
    time::Instant,
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

/// Apps of one kind that stand side by side.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) kind: usize,
    /// Where the policy has them among the apps that it regulates.
    pub(crate) apps: Range<usize>,
}

/// How apps are recognised on one platform.
#[derive(Clone, Debug, Default)]
pub(crate) struct PlatformIndex {
    /// An identifier on Windows is written in several ways.
    windows: bool,
    ids: FxHashMap<Box<str>, Vec<IdHit>>,
    sieve: Sieve,
    schemes: FxHashMap<Box<str>, Vec<SchemeHit>>,
    developers: Vec<DeveloperHit>,
    /// For each app, by its number.
    needs: Vec<Needs>,
    /// One app's needs for each kind of app.
    kinds: Vec<Needs>,
    /// For each app its kind.
    kind_of: Vec<usize>,
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
    /// All that counts while nothing was asked for.
    fn kind(&self) -> impl PartialEq + use<> {
        (
            self.ids > 0,
            self.schemes > 0,
            self.by_sha256,
            self.by_sha1,
            self.not_published,
        )
    }

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
    /// Whether an identifier may be one of an app; of most that are none it says so at once.
    pub(crate) fn may_name(&self) -> impl Fn(Print) -> bool + Copy {
        self.sieve.test()
    }

    /// What an identifier names.
    pub(crate) fn ids<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a IdHit> {
        let seen = self.windows.then(|| WindowsPackage::parse(id));
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

    pub(crate) fn needs(&self, app: usize) -> Option<&Needs> {
        self.needs.get(app)
    }

    /// The kinds of apps: as long as nothing was seen or said of them, the same is known of all apps of a kind.
    pub(crate) fn kinds(&self) -> &[Needs] {
        &self.kinds
    }

    /// For each app its kind.
    pub(crate) fn kind_of(&self) -> &[usize] {
        &self.kind_of
    }

    fn runs(&self, regulated: &[(usize, AppId)]) -> Vec<Run> {
        let kind = |app: &(usize, AppId)| self.kind_of.get(app.0).copied().unwrap_or_default();
        let mut from = 0;
        let runs = regulated.chunk_by(|one, other| kind(one) == kind(other));
        runs.filter_map(|run| {
            let apps = from..from + run.len();
            from = apps.end;
            let kind = kind(run.first()?);
            Some(Run { kind, apps })
        })
        .collect()
    }

    /// Prepares what follows from all that was learnt.
    fn finish(&mut self) {
        self.sieve = if self.windows {
            Sieve::open()
        } else {
            Sieve::new(self.ids.keys().map(|id| &**id))
        };
        for needs in &self.needs {
            let known = self
                .kinds
                .iter()
                .position(|kind| kind.kind() == needs.kind());
            self.kind_of.push(known.unwrap_or(self.kinds.len()));
            if known.is_none() {
                self.kinds.push(needs.clone());
            }
        }
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
