//! `octroi policy`: read, test and build policies.

use std::path::Path;

use octroi_core::{Policy, embedded as packs, visible, written_day};

use crate::{
    Outcome,
    arguments::{Build, List, Show, Test},
    authored::Authored,
    failure::Failure,
    language, page, show,
};

/// The policies that ship with octroi.
pub(crate) fn embedded() -> Result<&'static [Policy], Failure> {
    packs().map_err(|error| Failure::read("an embedded policy", &error))
}

/// A policy by its id, if it ships with octroi, or from a file or folder.
pub(crate) fn find(name: &str) -> Result<Policy, Failure> {
    let shipped = embedded()?;
    let path = Path::new(name);
    if let Some(policy) = shipped.iter().find(|policy| policy.id().as_str() == name) {
        if path.exists() {
            return Err(Failure::new(
                name,
                "a policy that ships with octroi, and a file or folder of the same name",
                format!("`./{name}` for what is here, or the id from another folder"),
            ));
        }
        return Ok(policy.clone());
    }
    if !path.exists() {
        let ids: Vec<_> = shipped
            .iter()
            .map(|policy| format!("`{}`", policy.id()))
            .collect();
        let expected = format!(
            "the id of a policy that ships with octroi ({}), or a file or folder",
            ids.join(", ")
        );
        return Err(Failure::new(
            name,
            "no such policy and no such file",
            expected,
        ));
    }
    read(path)
}

/// Reads a policy from a file or from the folder of a pack.
fn read(path: &Path) -> Result<Policy, Failure> {
    let authored = Authored::read_policy(path).map_err(|failures| *failures.first)?;
    Policy::from_json(authored.json()).map_err(|error| {
        let failure = authored.locate(&error);
        let is_lone_toml = path.is_file() && path.extension().is_some_and(|end| end == "toml");
        if error.is_missing_field && is_lone_toml && !path.ends_with("policy.toml") {
            return failure
                .help("a pack is a folder, whose other files may hold it: give the folder");
        }
        failure
    })
}

pub(crate) fn list(arguments: &List) -> Result<Outcome, Failure> {
    let language = arguments.speech.language();
    let show = &language::texts(language).show;
    let mut text = String::new();
    for policy in embedded()? {
        let document = policy.document();
        let (id, title) = (policy.id(), document.title.get(language));
        let since = written_day(document.in_force_from.date, language);
        let line = show
            .version_in_force
            .replace("{version}", &document.version.to_string())
            .replace("{date}", &since);
        text.push_str(&format!("{id}\n  {title}\n  {line}\n"));
    }
    page::print(&text)?;
    Ok(Outcome::Good)
}

pub(crate) fn show(arguments: &Show) -> Result<Outcome, Failure> {
    let policy = find(&arguments.policy)?;
    show::page(&policy, arguments.speech.language()).print()?;
    Ok(Outcome::Good)
}

pub(crate) fn test(arguments: &Test) -> Result<Outcome, Failure> {
    let policies = if arguments.policies.is_empty() {
        embedded()?.to_vec()
    } else {
        arguments
            .policies
            .iter()
            .map(|name| find(name))
            .collect::<Result<_, _>>()?
    };
    let (mut passed, mut failed) = (0, 0);
    for policy in policies {
        page::print(&format!("{}\n", policy.id()))?;
        for scenario in &policy.document().scenarios {
            let mismatches = scenario.play(&policy);
            let word = if mismatches.is_empty() {
                "as expected"
            } else {
                "NOT as expected"
            };
            let mut text = format!("  {word}: {}\n", visible(scenario.situation.as_str()));
            for mismatch in &mismatches {
                let mismatch = mismatch.to_string();
                text.push_str(&format!("    {}\n", visible(&mismatch)));
            }
            page::print(&text)?;
            *(if mismatches.is_empty() {
                &mut passed
            } else {
                &mut failed
            }) += 1;
        }
    }
    page::print(&format!("{passed} passed, {failed} failed\n"))?;
    Ok(if failed == 0 {
        Outcome::Good
    } else {
        Outcome::Bad
    })
}

pub(crate) fn build(arguments: &Build) -> Result<Outcome, Failure> {
    page::print(&read(&arguments.folder)?.to_json())?;
    Ok(Outcome::Good)
}
