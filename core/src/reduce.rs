//! A record without what no policy asks about: what may leave the device (`docs/evidence.md`).

use std::collections::BTreeSet;

use crate::{
    AppId, Policies,
    names::{Identifier, Label, Platform, Signer},
    observation::{Observation, Probe, Scope, Seen, SeenApp},
    policy::{PlatformIndex, WindowsPackage},
    record::{Impediment, Record},
};

/// Stands for any app that no policy names: no system gives out an identifier with a space in it.
const UNNAMED: &str = "not named";

impl Record<'_> {
    /// What of the record these policies ask about, and nothing else: the same decision, status, class and presences under them,
    /// whatever the deployment and the instant.
    ///
    /// Only regulated apps are left, by identifiers, schemes and names that the policies hold already. A complete list becomes the
    /// regulated identifiers that it lacks, so that it proves nothing under a policy that names others. An app that is
    /// recognised by who signed it can only be missed in a list: where a policy names one, the list stays complete, and one
    /// entry stands for all the others in it.
    pub fn reduced(&self, policies: &Policies) -> Record<'static> {
        let platform = self.device.platform;
        let regulated = |app: &AppId| policies.number(app).is_some();
        let mut device = self.device.clone();
        device.id = None;
        let exempt = policies
            .iter()
            .filter_map(|policy| policy.document().exemption.as_ref());
        let exempt: Vec<_> = exempt.flat_map(|exemption| &exemption.roles).collect();
        let roles = self.roles.iter().filter(|role| exempt.contains(role));
        let declarations = self.declarations.iter().filter(|(app, _)| regulated(app));
        let impediments = self.impediments.iter().filter(|(app, _)| regulated(app));
        Record {
            device,
            roles: roles.cloned().collect(),
            observations: self
                .observations
                .iter()
                .map(|observation| reduced(observation, policies, platform))
                .collect(),
            declarations: declarations
                .map(|(app, said)| (app.clone(), *said))
                .collect(),
            impediments: impediments
                .map(|(app, hindered)| {
                    let hindered = Impediment {
                        reason: None,
                        supervisor_informed_on: hindered.supervisor_informed_on,
                    };
                    (app.clone(), hindered)
                })
                .collect(),
        }
    }
}

fn reduced(
    observation: &Observation<'_>,
    policies: &Policies,
    platform: Platform,
) -> Observation<'static> {
    let index = policies.on(platform);
    let list = List::of(observation);
    let seen = observation.apps.iter();
    let mut apps: Vec<_> = seen
        .filter_map(|app| seen_app(app, policies, index))
        .collect();
    let probes = |probes: &[Probe<'_>]| -> Vec<Probe<'static>> {
        let asked = probes.iter().filter_map(|probe| asked_for(probe, index));
        asked.collect()
    };
    let mut absent = probes(&observation.absent);
    let mut not_visible = probes(&observation.not_visible);
    let mut complete = false;
    if list.tells {
        // What a complete list lacks is absent, whatever else was asked for.
        for probes in [&mut absent, &mut not_visible] {
            probes.retain(|probe| matches!(probe, Probe::Scheme(_)));
        }
        absent.extend(list.lacking(index));
        complete = index.has_developers();
        if complete {
            apps.push(list.others());
        }
    }
    Observation {
        source: observation.source,
        taken_at: observation.taken_at,
        scope: observation.scope,
        complete,
        apps,
        absent,
        not_visible,
    }
}

/// What a list proves of apps that are not in it.
struct List<'a> {
    observation: &'a Observation<'a>,
    /// It proves that what it lacks is not on the device.
    tells: bool,
    every_sha256: bool,
    every_sha1: bool,
}

impl<'a> List<'a> {
    fn of(observation: &'a Observation<'a>) -> Self {
        let signed = |kind: fn(&Signer) -> bool| {
            observation.apps.iter().all(|app| match &app.seen {
                Seen::Id { signers, .. } => signers.iter().any(kind),
                Seen::Scheme(_) | Seen::Name(_) => true,
            })
        };
        let some = |kind: fn(&Seen<'_>) -> bool| observation.apps.iter().any(|app| kind(&app.seen));
        Self {
            observation,
            tells: observation.complete
                && observation.scope == Scope::Device
                && some(|seen| matches!(seen, Seen::Id { .. }))
                && !some(|seen| matches!(seen, Seen::Name(_))),
            every_sha256: signed(|signer| matches!(signer, Signer::Sha256(_))),
            every_sha1: signed(|signer| matches!(signer, Signer::Sha1(_))),
        }
    }

    /// The identifiers of regulated apps that are not in it, in order.
    fn lacking(&self, index: &PlatformIndex) -> impl Iterator<Item = Probe<'static>> {
        let mut seen = BTreeSet::new();
        for app in &self.observation.apps {
            if let Seen::Id { id, .. } = &app.seen {
                seen.extend(index.written_of(id.as_str()));
            }
        }
        let lacking: BTreeSet<_> = index.written().filter(|id| !seen.contains(id)).collect();
        let labels = lacking
            .into_iter()
            .filter_map(|id| Label::new(id.to_owned()));
        labels.map(Probe::Id)
    }

    /// One entry for all the others: of each kind of digest that every app had, it has one that belongs to nobody.
    fn others(&self) -> SeenApp<'static> {
        let mut signers = Vec::new();
        if self.every_sha256 {
            signers.push(Signer::Sha256([0; 32]));
        }
        if self.every_sha1 {
            signers.push(Signer::Sha1([0; 20]));
        }
        SeenApp {
            seen: Seen::Id {
                id: unnamed(),
                name: None,
                signers,
            },
            first_installed: None,
            version: None,
        }
    }
}

/// What was seen, if it is a regulated app: by what it was recognised, who signed it and since when it is there.
fn seen_app(
    app: &SeenApp<'_>,
    policies: &Policies,
    index: &PlatformIndex,
) -> Option<SeenApp<'static>> {
    let seen = match &app.seen {
        Seen::Id { id, signers, .. } => {
            let developers = index.developers();
            let signed = || developers.iter().any(|hit| signers.contains(&hit.signer));
            let id = match named(id.as_str(), index) {
                Some(label) => Identifier::from(label),
                None if signed() => unnamed(),
                None => return None,
            };
            Seen::Id {
                id,
                name: None,
                signers: signers.clone(),
            }
        }
        Seen::Scheme(scheme) if !index.schemes(scheme.as_str()).is_empty() => {
            Seen::Scheme(scheme.clone().into_owned())
        }
        Seen::Name(name) if !policies.named(name.as_str()).is_empty() => {
            Seen::Name(name.clone().into_owned())
        }
        Seen::Scheme(_) | Seen::Name(_) => return None,
    };
    Some(SeenApp {
        seen,
        first_installed: app.first_installed,
        version: None,
    })
}

fn asked_for(probe: &Probe<'_>, index: &PlatformIndex) -> Option<Probe<'static>> {
    match probe {
        Probe::Id(id) => named(id.as_str(), index).map(Probe::Id),
        Probe::Scheme(scheme) => {
            let known = !index.schemes(scheme.as_str()).is_empty();
            known.then(|| Probe::Scheme(scheme.clone().into_owned()))
        }
    }
}

/// The identifier, if it is one of a regulated app; without the version that a full name has on Windows.
fn named(id: &str, index: &PlatformIndex) -> Option<Label<'static>> {
    index.ids(id).next()?;
    let family = index.is_windows().then(|| WindowsPackage::parse(id));
    let family = family.and_then(|package| Some((package.name, package.publisher?)));
    Label::new(match family {
        Some((name, publisher)) => format!("{name}_{publisher}"),
        None => id.to_owned(),
    })
}

fn unnamed() -> Identifier<'static> {
    Identifier::unnamed(UNNAMED)
}
