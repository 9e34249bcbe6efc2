//! The files of the pack: what the list tells, and the form of what a person has to write.

use std::collections::{BTreeMap, BTreeSet};

use octroi_core::PolicyId;
use serde::Serialize;

use super::list::{App, List};
use crate::skeleton::filled;

/// What a person writes, with marks where. Only an id and a list of ids come into it, which need no quoting.
const POLICY: &str = include_str!("policy.toml");
const SCENARIOS: &str = include_str!("scenarios.toml");

const HEAD: &str = "\
# The apps of the list, written by `octroi policy import`. The list does not say which certificate signs which package:
# each package has all those of its app. Where every app signed by them is meant, whatever its name, they belong into
# `developer_signers` of the group; no list of apps without signers then proves that the app is absent.

";

#[derive(Serialize)]
struct Rules<'a> {
    apps: &'a [String],
}

#[derive(Serialize)]
struct Catalogue<'a> {
    catalogue: BTreeMap<&'a str, Entry<'a>>,
}

/// As `docs/policy-format.md` describes it.
#[derive(Serialize)]
struct Entry<'a> {
    name: &'a str,
    identifiers: [Group<'a>; 1],
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    signers: BTreeMap<&'a str, &'a [String]>,
}

#[derive(Serialize)]
struct Group<'a> {
    platforms: [&'static str; 2],
    ids: &'a [String],
    learnt_from: &'a str,
}

/// The files, by their names.
pub(super) fn files(
    id: &PolicyId,
    list: &List,
    learnt_from: &str,
) -> Result<[(&'static str, String); 3], toml::ser::Error> {
    let ids = ids(&list.apps);
    let entries = list.apps.iter().map(|app| entry(app, learnt_from));
    let catalogue = Catalogue {
        catalogue: ids.iter().map(String::as_str).zip(entries).collect(),
    };
    let apps = toml::to_string_pretty(&Rules { apps: &ids })?;
    let policy = [("id", id.as_str()), ("apps", apps.trim_end())];
    let first = ids.first().map_or("", String::as_str);
    Ok([
        ("policy.toml", filled(POLICY, &policy)),
        (
            "catalogue.toml",
            HEAD.to_owned() + &toml::to_string_pretty(&catalogue)?,
        ),
        ("scenarios.toml", filled(SCENARIOS, &[("app", first)])),
    ])
}

fn entry<'a>(app: &'a App, learnt_from: &'a str) -> Entry<'a> {
    let packages = app.packages.iter().filter(|_| !app.signers.is_empty());
    Entry {
        name: &app.name,
        identifiers: [Group {
            platforms: ["android", "chromeos"],
            ids: &app.packages,
            learnt_from,
        }],
        signers: packages
            .map(|package| (package.as_str(), app.signers.as_slice()))
            .collect(),
    }
}

/// An id for each app, made from its name; names that make the same one are numbered.
fn ids(apps: &[App]) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut ids = Vec::new();
    for app in apps {
        let letters = app
            .name
            .to_lowercase()
            .replace(|c: char| !c.is_ascii_alphanumeric(), "-");
        let words: Vec<_> = letters.split('-').filter(|word| !word.is_empty()).collect();
        let slug = if words.is_empty() {
            "app".to_owned()
        } else {
            words.join("-")
        };
        let mut id = slug.clone();
        let mut number = 2;
        while !taken.insert(id.clone()) {
            id = format!("{slug}-{number}");
            number += 1;
        }
        ids.push(id);
    }
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_app_has_an_id_of_its_own() {
        let app = |name: &str| App {
            name: name.to_owned(),
            packages: Vec::new(),
            signers: Vec::new(),
        };
        let apps = ["Spy App", "spy-app", "Spy App 2", "Señal!", "…", "§"].map(app);
        assert_eq!(
            ids(&apps),
            [
                "spy-app",
                "spy-app-2",
                "spy-app-2-2",
                "se-al",
                "app",
                "app-2"
            ]
        );
    }
}
