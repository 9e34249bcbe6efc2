//! Whether a regulated app is on the device, and how one knows.

use serde_json::Value;

use crate::catalogue::{Entry, digest_kind, is_name_alone, same_id, signers_of};
use crate::json::{self, Instant, list, needed, text};

/// The codes of evidence, in the order in which they are given.
const CODES: [&str; 20] = [
    "identifier_seen",
    "scheme_answered",
    "name_seen",
    "declared_present",
    "unexpected_signer",
    "complete_list_lacks_it",
    "probed_absent",
    "schemes_unanswered",
    "declared_absent",
    "not_published_on_platform",
    "no_observation",
    "not_visible",
    "profile_only",
    "list_empty",
    "list_incomplete",
    "not_probed",
    "observation_stale",
    "declaration_refused",
    "declaration_stale",
    "platform_not_covered",
];

/// One way in which the app was seen.
#[derive(Clone)]
pub(crate) struct Sighting {
    code: &'static str,
    unexpected_signer: bool,
    pub(crate) first_installed: Option<Instant>,
    /// It came through groups of identifiers marked as interpretation alone.
    pub(crate) through_marked_groups: bool,
}

/// What is known of one app.
#[derive(Clone)]
pub(crate) struct Presence {
    /// Present or absent, if known.
    pub(crate) present: Option<bool>,
    pub(crate) evidence: Vec<&'static str>,
    pub(crate) sightings: Vec<Sighting>,
    /// It is absent, and nothing but a marked statement that it is not published here says so.
    pub(crate) absent_by_interpretation: bool,
}

/// The presence of an app: the five steps, in order.
pub(crate) fn of(
    app: &str,
    entry: &Entry<'_>,
    record: &Value,
    deployment: &Value,
    at: Instant,
) -> Result<Presence, String> {
    let platform = needed(record, "/device/platform")?;
    let observations = list(record, "observations");

    let declaration = record
        .get("declarations")
        .and_then(|declarations| declarations.get(app));
    let declared = declaration.and_then(|one| one.as_str().or(text(one, "value")));

    // 1. What was seen stays seen.
    let sightings = sightings(entry, platform, observations, declared)?;
    if !sightings.is_empty() {
        let mut codes: Vec<&str> = sightings.iter().map(|sighting| sighting.code).collect();
        if sightings.iter().any(|sighting| sighting.unexpected_signer) {
            codes.push("unexpected_signer");
        }
        let evidence = in_order(&codes);
        return Ok(Presence {
            present: Some(true),
            evidence,
            sightings,
            absent_by_interpretation: false,
        });
    }

    // 2. A declaration of absence, where it is accepted and fresh.
    let mut proofs = Vec::new();
    let mut obstacles = Vec::new();
    if declared == Some("absent") {
        let accepted = text(deployment, "declared_absence") == Some("accepted");
        let declared_at = declaration.and_then(|one| text(one, "declared_at"));
        if !accepted {
            obstacles.push("declaration_refused");
        } else if is_fresh(declared_at, text(deployment, "declaration_valid_for"), at)? {
            proofs.push("declared_absent");
        } else {
            obstacles.push("declaration_stale");
        }
    }

    // 3. A platform on which the app does not exist, or of which nothing is known.
    let mut absent_by_interpretation = false;
    if !entry.covers_platform() {
        if entry.not_published.is_empty() {
            obstacles.push("platform_not_covered");
        } else {
            absent_by_interpretation = proofs.is_empty() && !entry.not_published.contains(&false);
            proofs.push("not_published_on_platform");
        }
    } else {
        // 4. One observation that proves it alone.
        for observation in observations {
            if is_fresh(
                text(observation, "taken_at"),
                text(deployment, "observation_valid_for"),
                at,
            )? {
                proofs.extend(proofs_of_absence(entry, platform, observation));
                obstacles.extend(obstacles_to_absence(entry, platform, observation));
            } else {
                obstacles.push("observation_stale");
            }
        }
        if observations.is_empty() {
            obstacles.push("no_observation");
        }
    }

    // 5. Unknown otherwise.
    let known = !proofs.is_empty();
    Ok(Presence {
        present: known.then_some(false),
        evidence: in_order(if known { &proofs } else { &obstacles }),
        sightings,
        absent_by_interpretation,
    })
}

fn in_order(found: &[&str]) -> Vec<&'static str> {
    CODES
        .into_iter()
        .filter(|code| found.contains(code))
        .collect()
}

/// From the instant on, for less than the limit; without a limit, times play no part (reading 3).
fn is_fresh(since: Option<&str>, limit: Option<&str>, at: Instant) -> Result<bool, String> {
    let Some(limit) = limit else { return Ok(true) };
    let Some(since) = since else { return Ok(false) };
    let since = json::instant(since)?;
    Ok(since <= at && at < since.saturating_add(json::duration(limit)?))
}

/// Every matching entry in every observation, and a declared presence (reading 14).
fn sightings(
    entry: &Entry<'_>,
    platform: &str,
    observations: &[Value],
    declared: Option<&str>,
) -> Result<Vec<Sighting>, String> {
    let mut sightings = Vec::new();
    for observation in observations {
        for seen in list(observation, "apps") {
            let first_installed = text(seen, "first_installed")
                .map(json::instant)
                .transpose()?;
            // The marks of the groups through which this entry is the app.
            let mut marks = Vec::new();
            let mut code = "name_seen";
            let mut unexpected_signer = false;
            if let Some(id) = text(seen, "id") {
                code = "identifier_seen";
                let signers = signers_of(seen);
                marks.extend(
                    entry
                        .ids
                        .iter()
                        .filter(|known| same_id(platform, known.text, id)),
                );
                // Signers are known of the app's identifiers on this platform (reading 9).
                let mut known = Vec::new();
                if !marks.is_empty() {
                    known.extend(
                        entry
                            .signers
                            .iter()
                            .filter(|(of, _)| same_id(platform, of, id))
                            .map(|(_, one)| *one),
                    );
                }
                marks.extend(
                    entry
                        .developer_signers
                        .iter()
                        .filter(|known| signers.contains(&known.text)),
                );
                unexpected_signer = signers.iter().any(|signer| {
                    known
                        .iter()
                        .any(|known| digest_kind(known) == digest_kind(signer))
                        && !known.contains(signer)
                });
            } else if let Some(scheme) = text(seen, "scheme") {
                code = "scheme_answered";
                marks.extend(entry.schemes.iter().filter(|known| known.text == scheme));
            }
            let by_name = is_name_alone(seen)
                && text(seen, "name").is_some_and(|name| {
                    entry
                        .display_names
                        .iter()
                        .any(|known| known.to_lowercase() == name.to_lowercase())
                });
            if by_name || !marks.is_empty() {
                sightings.push(Sighting {
                    code,
                    unexpected_signer,
                    first_installed,
                    through_marked_groups: !by_name && marks.iter().all(|mark| mark.marked),
                });
            }
        }
    }
    if declared == Some("present") {
        sightings.push(Sighting {
            code: "declared_present",
            unexpected_signer: false,
            first_installed: None,
            through_marked_groups: false,
        });
    }
    Ok(sightings)
}

/// What an observation probed without an answer, or could not probe.
struct Probes {
    any: bool,
    every_id: bool,
    every_scheme: bool,
}

/// "Every" means that there is one at least: nothing is proven of an app by probing none of its identifiers.
fn probes(entry: &Entry<'_>, platform: &str, observation: &Value) -> Probes {
    let id_is_in = |key: &str, id: &str| {
        list(observation, key).iter().any(|one| {
            one.as_str()
                .is_some_and(|probed| same_id(platform, id, probed))
        })
    };
    let scheme_is_in = |key: &str, scheme: &str| {
        let probed = list(observation, key);
        probed.iter().any(|one| text(one, "scheme") == Some(scheme))
    };
    let hidden_ids = entry.ids.iter().any(|id| id_is_in("not_visible", id.text));
    let hidden_schemes = entry
        .schemes
        .iter()
        .any(|scheme| scheme_is_in("not_visible", scheme.text));
    // What is named in both lists was not found absent.
    let ids: Vec<bool> = entry
        .ids
        .iter()
        .map(|id| id_is_in("absent", id.text) && !id_is_in("not_visible", id.text))
        .collect();
    let schemes: Vec<bool> = entry
        .schemes
        .iter()
        .map(|scheme| {
            scheme_is_in("absent", scheme.text) && !scheme_is_in("not_visible", scheme.text)
        })
        .collect();
    Probes {
        any: ids.contains(&true) || schemes.contains(&true) || hidden_ids || hidden_schemes,
        every_id: !ids.is_empty() && !ids.contains(&false),
        every_scheme: !schemes.is_empty() && !schemes.contains(&false),
    }
}

/// How a complete list falls short of listing everything.
fn is_list_short(entry: &Entry<'_>, observation: &Value) -> bool {
    let apps = list(observation, "apps");
    let with_id: Vec<&Value> = apps
        .iter()
        .filter(|seen| text(seen, "id").is_some())
        .collect();
    if with_id.is_empty() || apps.iter().any(is_name_alone) {
        return true;
    }
    // Reading 10: each entry must tell its signers, in every kind of digest that a developer's signer is known by.
    for signer in &entry.developer_signers {
        for seen in &with_id {
            if !signers_of(seen)
                .iter()
                .any(|one| digest_kind(one) == digest_kind(signer.text))
            {
                return true;
            }
        }
    }
    // A list of identifiers says nothing of an app that is known by its schemes alone.
    entry.ids.is_empty() && entry.developer_signers.is_empty()
}

/// The ways in which a valid observation proves absence. Nothing was seen: that is settled before.
fn proofs_of_absence(entry: &Entry<'_>, platform: &str, observation: &Value) -> Vec<&'static str> {
    let whole_device = text(observation, "scope") != Some("profile");
    let complete = observation.get("complete") == Some(&Value::Bool(true));
    let probes = probes(entry, platform, observation);
    let mut proofs = Vec::new();
    if whole_device && complete && !is_list_short(entry, observation) {
        proofs.push("complete_list_lacks_it");
    }
    if entry.developer_signers.is_empty() {
        if whole_device && probes.every_id {
            proofs.push("probed_absent");
        }
        if platform == "ios" && probes.every_scheme {
            proofs.push("schemes_unanswered");
        }
    }
    proofs
}

/// Why a valid observation does not prove absence (reading 12).
fn obstacles_to_absence(
    entry: &Entry<'_>,
    platform: &str,
    observation: &Value,
) -> Vec<&'static str> {
    let profile = text(observation, "scope") == Some("profile");
    let complete = observation.get("complete") == Some(&Value::Bool(true));
    let nothing_listed = list(observation, "apps").is_empty();
    let nothing_probed =
        list(observation, "absent").is_empty() && list(observation, "not_visible").is_empty();
    let probes = probes(entry, platform, observation);

    if nothing_listed && (nothing_probed || complete) {
        return vec!["list_empty"];
    }
    if complete {
        let mut both = Vec::new();
        if profile {
            both.push("profile_only");
        }
        if is_list_short(entry, observation) {
            both.push("list_incomplete");
        }
        return both;
    }
    if nothing_probed {
        return vec!["list_incomplete"];
    }
    if !probes.any {
        return vec!["not_probed"];
    }
    if !probes.every_id {
        return vec!["not_visible"];
    }
    vec![if profile {
        "profile_only"
    } else {
        "list_incomplete"
    }]
}
