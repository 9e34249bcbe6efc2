//! The sample's project for Xcode: written by hand, and opened by nobody here. At least it is a property list, and whole.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use plist::{Dictionary, Value};

use crate::files;
use crate::workspace::Workspace;

const SAMPLE: &str = "ios-sample";
const PROJECT: &str = "ios-sample/Sample.xcodeproj/project.pbxproj";

/// What is wrong with it.
pub(super) fn faults(workspace: &Workspace) -> Result<Vec<String>> {
    let project = files::read(&workspace.path(PROJECT))?;
    let project = Value::from_reader_ascii(project.as_bytes());
    let project = project.with_context(|| format!("`{PROJECT}` is no property list"))?;
    let objects = project.as_dictionary();
    let objects = objects.and_then(|keys| keys.get("objects")?.as_dictionary());
    let objects = objects.with_context(|| format!("`{PROJECT}` has no objects"))?;
    let mut faults = dangling(objects);
    faults.extend(unknown(objects, &project));
    for path in ["App/SampleApp.swift", "Info.plist", "Package.swift"] {
        if !workspace.path(SAMPLE).join(path).is_file() {
            faults.push(format!("there is no `{SAMPLE}/{path}`"));
        }
    }
    Ok(faults)
}

/// Texts that look like the id of an object.
fn ids<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
    match value {
        Value::String(text) => {
            let is_id = text.len() == 24 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
            found.extend(is_id.then_some(text.as_str()));
        }
        Value::Array(values) => values.iter().for_each(|value| ids(value, found)),
        Value::Dictionary(keys) => keys.values().for_each(|value| ids(value, found)),
        _ => {}
    }
}

/// References to objects that there are not.
fn dangling(objects: &Dictionary) -> Vec<String> {
    let mut asked = BTreeSet::new();
    objects.values().for_each(|object| ids(object, &mut asked));
    let missing = asked.into_iter().filter(|id| !objects.contains_key(id));
    missing
        .map(|id| format!("there is no object {id}"))
        .collect()
}

/// Objects that nothing refers to.
fn unknown(objects: &Dictionary, project: &Value) -> Vec<String> {
    let mut asked = BTreeSet::new();
    ids(project, &mut asked);
    let unknown = objects.keys().filter(|id| !asked.contains(id.as_str()));
    unknown
        .map(|id| format!("nothing refers to {id}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_must_lead_to_objects_and_objects_be_referred_to() {
        let text = "{ objects = { 0C7201000000000000000001 = { isa = X; ref = 0C7201000000000000000002; }; }; \
                    rootObject = 0C7201000000000000000003; }";
        let project = Value::from_reader_ascii(text.as_bytes()).unwrap();
        let objects = project.as_dictionary().unwrap().get("objects").unwrap();
        let objects = objects.as_dictionary().unwrap();
        assert_eq!(
            dangling(objects),
            ["there is no object 0C7201000000000000000002"]
        );
        assert_eq!(
            unknown(objects, &project),
            ["nothing refers to 0C7201000000000000000001"]
        );
    }
}
