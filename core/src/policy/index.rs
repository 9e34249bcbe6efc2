//! How apps are recognised on one platform.

use core::ops::Range;
use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::{Group, Prepared, catalogue::WindowsPackage};
use crate::{
    names::{AppId, Platform, Signer},
    sieve::{Print, Sieve},
};

/// A map whose keys are the policies' own: nobody who is judged can choose them so that they collide.
pub(super) type FxHashMap<K, V> = HashMap<K, V, FxBuildHasher>;

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
    pub(super) windows: bool,
    ids: FxHashMap<Box<str>, Vec<IdHit>>,
    sieve: Sieve,
    schemes: FxHashMap<Box<str>, Vec<SchemeHit>>,
    developers: Vec<DeveloperHit>,
    /// For each app, by its number.
    pub(super) needs: Vec<Needs>,
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
    pub(super) not_published: Option<bool>,
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
    pub(crate) fn ids<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a IdHit> + Clone {
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

    pub(crate) fn has_developers(&self) -> bool {
        !self.developers.is_empty()
    }

    /// Every identifier, as the catalogue writes it.
    pub(crate) fn written(&self) -> impl Iterator<Item = &str> {
        self.ids.values().flatten().map(|hit| &*hit.written)
    }

    /// The identifiers that it is one of, as the catalogue writes them.
    pub(crate) fn written_of<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a str> {
        self.ids(id).map(|hit| &*hit.written)
    }

    pub(crate) fn is_windows(&self) -> bool {
        self.windows
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

    pub(super) fn runs(&self, regulated: &[(usize, AppId)]) -> Vec<Run> {
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
    pub(super) fn finish(&mut self) {
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

    pub(super) fn learn_signers(&mut self, policies: &[Prepared], apps: &[AppId]) {
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

    pub(super) fn learn(&mut self, app: usize, group: &Group, platform: Platform) {
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
