//! The version of all that is published: cargo's, and what others than cargo read it from.

use anyhow::Result;

use crate::files;
use crate::workspace::Workspace;

/// The version that cargo knows.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Maven's, where the first version is a module's own or its parent's.
const POMS: [&str; 6] = [
    "bindings/kotlin/pom.xml",
    "bindings/kotlin/octroi-jvm/pom.xml",
    "bindings/kotlin/octroi-server/pom.xml",
    "bindings/kotlin/octroi-okhttp/pom.xml",
    "bindings/kotlin/octroi-android/pom.xml",
    "android-sample/pom.xml",
];

/// Where it follows a text, each time.
const OTHERS: [(&str, &str); 3] = [
    (
        "ios-sample/Sample.xcodeproj/project.pbxproj",
        "MARKETING_VERSION = ",
    ),
    ("bindings/README.md", "be.octroi:octroi-android:"),
    ("bindings/README.md", "be.octroi:octroi-okhttp:"),
];

/// The files that name another version than cargo does.
pub(crate) fn faults(workspace: &Workspace) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for path in POMS {
        let pom = files::read(&workspace.path(path))?;
        let named: Vec<_> = after(&pom, "<version>").take(1).collect();
        faults.extend(fault(path, &named));
    }
    for (path, text) in OTHERS {
        let file = files::read(&workspace.path(path))?;
        faults.extend(fault(path, &after(&file, text).collect::<Vec<_>>()));
    }
    Ok(faults)
}

fn fault(path: &str, named: &[&str]) -> Option<String> {
    let is_right = !named.is_empty() && named.iter().all(|version| *version == VERSION);
    (!is_right).then(|| format!("`{path}` names {named:?}, expected {VERSION}"))
}

/// What follows a text, as far as it may be a version.
fn after<'a>(file: &'a str, text: &str) -> impl Iterator<Item = &'a str> {
    file.split(text).skip(1).map(|rest| {
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || ".-+".contains(letter);
        let end = rest.find(|letter| !is_part(letter));
        rest.get(..end.unwrap_or(rest.len())).unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_names_the_version_each_time() {
        let project = "MARKETING_VERSION = 1.2.3;\nMARKETING_VERSION = 1.2.4-rc.1;";
        let named: Vec<_> = after(project, "MARKETING_VERSION = ").collect();
        assert_eq!(named, ["1.2.3", "1.2.4-rc.1"]);
        assert!(fault("a", &named).is_some());
    }

    /// A file that was rewritten, so that the text stands in it no more, must not pass for right.
    #[test]
    fn a_file_without_a_version_is_wrong() {
        assert!(fault("a", &[]).is_some());
        assert_eq!(fault("a", &[VERSION, VERSION]), None);
    }
}
