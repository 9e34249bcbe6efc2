//! The verdict under the unknown (`docs/readings.md`), without going through the completions.
//!
//! A device is denied if any policy denies it. An unknown app only ever closes access, and one is enough. An unknown
//! fact makes a service device of a device of open class, so of some policies it changes the class. Therefore:
//!
//! - To ask whether a completion is *permitted*, it suffices to clear every fact that would bring a service denial, and to
//!   let all others make service devices: if that does not open access, nothing does.
//! - An unknown fact matters if some completion changes its decision with it alone. In the denied one of the two some policy
//!   denies that does not in the other, so its class hangs on that fact alone. One unknown app at most takes part in that
//!   denial; more of them only make the other completion harder to permit.

use crate::{
    assessment::{Decision, Missing},
    facts::{Class, Fact, FactSet},
    names::AppId,
    policy::Prepared,
};

/// How the device stands under one policy that applies.
#[derive(Clone, Copy)]
pub(crate) struct Stand<'a> {
    pub(crate) policy: &'a Prepared,
    pub(crate) class: Class,
    /// Whether what is known to be there closes access to it as a service device.
    pub(crate) denied_as_service: bool,
    /// Likewise as a personal device.
    pub(crate) denied_as_personal: bool,
}

/// A verdict before the deployment has its say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Every completion has this decision.
    Certain(Decision),
    /// It hangs on these.
    Open(Vec<Missing>),
}

/// The verdict of policies over a device of which the presence of those apps is unknown.
pub(crate) fn verdict(stands: &[Stand<'_>], unknown_apps: &[usize], names: &[AppId]) -> Verdict {
    let question = Question {
        stands,
        unknown_apps,
    };
    if !question.some_denied() {
        return Verdict::Certain(Decision::Permit);
    }
    if !question.permits(Completion::default()) {
        return Verdict::Certain(Decision::Deny);
    }
    let facts = Fact::ALL
        .into_iter()
        .filter(|fact| question.hangs_on_fact(*fact))
        .map(Missing::Fact);
    let apps = unknown_apps
        .iter()
        .filter(|app| question.hangs_on_app(**app))
        .filter_map(|app| names.get(*app));
    Verdict::Open(facts.chain(apps.cloned().map(Missing::App)).collect())
}

struct Question<'a> {
    stands: &'a [Stand<'a>],
    unknown_apps: &'a [usize],
}

/// Some of what a completion has; the rest is free.
#[derive(Clone, Copy, Default)]
struct Completion {
    /// Facts that do not make a service device.
    clear: FactSet,
    /// Facts of which at least one does; none: no such demand.
    some_of: FactSet,
    /// The unknown app that is there; all others are not.
    app: Option<usize>,
}

impl Question<'_> {
    fn some_denied(&self) -> bool {
        self.stands.iter().any(|stand| {
            self.witnesses().any(|app| {
                stand.class.can_be(true) && stand.denies(true, app)
                    || stand.class.can_be(false) && stand.denies(false, app)
            })
        })
    }

    /// What may be there of the unknown apps, as far as a denial needs it: none, or one.
    fn witnesses(&self) -> impl Iterator<Item = Option<usize>> {
        core::iter::once(None).chain(self.unknown_apps.iter().copied().map(Some))
    }

    /// Whether some completion with these demands is permitted.
    fn permits(&self, completion: Completion) -> bool {
        let Completion {
            mut clear,
            some_of,
            app,
        } = completion;
        for stand in self.stands {
            match stand.class {
                Class::Undetermined { missing } if stand.denies(true, app) => {
                    clear = clear.union(missing)
                }
                Class::Service { .. } if stand.denies(true, app) => return false,
                Class::Personal if stand.denies(false, app) => return false,
                _ => {}
            }
        }
        let must_be_service = self
            .stands
            .iter()
            .filter(|stand| stand.denies(false, app))
            .filter_map(Stand::open);
        must_be_service
            .chain(Some(some_of).filter(|facts| !facts.is_empty()))
            .all(|facts| !facts.without(clear).is_empty())
    }

    fn hangs_on_app(&self, app: usize) -> bool {
        self.stands.iter().any(|stand| {
            let open = stand.open().unwrap_or_default();
            let as_service = Completion {
                some_of: open,
                ..Completion::default()
            };
            let as_personal = Completion {
                clear: open,
                ..Completion::default()
            };
            stand.class.can_be(true) && stand.denies(true, Some(app)) && self.permits(as_service)
                || stand.class.can_be(false)
                    && stand.denies(false, Some(app))
                    && self.permits(as_personal)
        })
    }

    fn hangs_on_fact(&self, fact: Fact) -> bool {
        let this = FactSet::default().with(fact);
        let open = self
            .stands
            .iter()
            .filter_map(|stand| Some((stand, stand.open()?)));
        open.filter(|(_, open)| open.contains(fact))
            .any(|(stand, open)| {
                self.witnesses().any(|app| {
                    let personal = Completion {
                        clear: open,
                        some_of: FactSet::default(),
                        app,
                    };
                    let service = Completion {
                        clear: open.without(this),
                        some_of: this,
                        app,
                    };
                    stand.denies(true, app) && self.permits(personal)
                        || stand.denies(false, app) && self.permits(service)
                })
            })
    }
}

impl Stand<'_> {
    /// The facts on which the class hangs, if it does.
    fn open(&self) -> Option<FactSet> {
        match self.class {
            Class::Undetermined { missing } => Some(missing),
            _ => None,
        }
    }

    fn denies(&self, service: bool, app: Option<usize>) -> bool {
        let known = if service {
            self.denied_as_service
        } else {
            self.denied_as_personal
        };
        known || app.is_some_and(|app| self.policy.denies_if_present(service, app))
    }
}
