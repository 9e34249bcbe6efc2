//! By what apps are recognised.

use serde::Serialize;

use crate::{
    names::{AppId, Platform, Signer},
    policy::{Entry, Policy},
    read::NonEmpty,
};

/// A sign by which an app is recognised no longer, or newly.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Recognition {
    /// The app.
    pub app: AppId,
    /// The sign.
    pub sign: Sign,
    /// On these platforms.
    pub platforms: Vec<Platform>,
    /// Whether it is the new policy that knows it.
    pub newly: bool,
}

/// A sign of an app.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// A package or bundle identifier.
    Id(NonEmpty),
    /// A URL scheme.
    Scheme(NonEmpty),
    /// The signer of every app of its developer.
    DeveloperSigner(Signer),
    /// A display name.
    Name(String),
    /// No sign: the app does not exist there, so it counts as absent.
    NotPublished,
    /// A signer of the app under that identifier: another than those that are known is unexpected.
    KnownSigner {
        /// The identifier, which both policies know.
        id: NonEmpty,
        /// The signer.
        signer: Signer,
    },
}

pub(super) fn differences(old: &Policy, new: &Policy) -> Vec<Recognition> {
    let apps = old.document().catalogue.0.iter();
    apps.filter_map(|(app, before)| Some((app, before, new.entry(app)?)))
        .flat_map(|(app, before, after)| {
            let (before, after) = (signs(before), signs(after));
            let mut differences = Vec::new();
            for (these, those, newly) in [(&before, &after, false), (&after, &before, true)] {
                for (sign, platforms) in these {
                    // An identifier brings its signers, and takes them with it.
                    let stays = |platform: &Platform| match sign {
                        Sign::KnownSigner { id, .. } => those.iter().any(|(other, there)| {
                            matches!(other, Sign::Id(known) if known == id)
                                && there.contains(platform)
                        }),
                        _ => true,
                    };
                    let others = those.iter().find(|(other, _)| other == sign);
                    let others = others.map_or(&[][..], |(_, platforms)| platforms);
                    let mut platforms = platforms.clone();
                    platforms.retain(|platform| stays(platform) && !others.contains(platform));
                    if !platforms.is_empty() {
                        let (app, sign) = (app.clone(), sign.clone());
                        differences.push(Recognition {
                            app,
                            sign,
                            platforms,
                            newly,
                        });
                    }
                }
            }
            differences
        })
        .collect()
}

/// The signs of an app, each with all platforms on which it counts.
fn signs(entry: &Entry) -> Vec<(Sign, Vec<Platform>)> {
    let mut signs: Vec<(Sign, Vec<Platform>)> = Vec::new();
    let mut add = |sign: Sign, platforms: &[Platform]| match signs
        .iter_mut()
        .find(|(known, _)| *known == sign)
    {
        Some((_, known)) => known.extend_from_slice(platforms),
        None => signs.push((sign, platforms.to_vec())),
    };
    for group in &entry.identifiers {
        let ids = group.ids.iter().cloned().map(Sign::Id);
        let schemes = group.schemes.iter().cloned().map(Sign::Scheme);
        let signers = group
            .developer_signers
            .iter()
            .copied()
            .map(Sign::DeveloperSigner);
        for sign in ids.chain(schemes).chain(signers) {
            add(sign, &group.platforms);
        }
        for id in &group.ids {
            for signer in entry.signers_of(id.as_str()) {
                let (id, signer) = (id.clone(), *signer);
                add(Sign::KnownSigner { id, signer }, &group.platforms);
            }
        }
    }
    for name in &entry.display_names {
        // As names are compared.
        add(Sign::Name(name.as_str().to_lowercase()), &Platform::ALL);
    }
    for absent in &entry.not_published {
        add(Sign::NotPublished, &absent.platforms);
    }
    for (_, platforms) in &mut signs {
        platforms.sort_unstable();
        platforms.dedup();
    }
    signs
}
