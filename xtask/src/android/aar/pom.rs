//! The POM: what an app gets with the AAR. Written by hand, with the versions that Maven builds against.

use anyhow::{Context, Result};

use crate::files;
use crate::workspace::Workspace;

const TEMPLATE: &str = "bindings/android/pom.xml";
const VERSIONS: &str = "bindings/kotlin/pom.xml";

/// Its text.
pub(super) fn text(workspace: &Workspace) -> Result<String> {
    let template = files::read(&workspace.path(TEMPLATE))?;
    let versions = files::read(&workspace.path(VERSIONS))?;
    filled(&template, &versions)
}

/// The template with each `${name}` replaced: `version` is ours, all others are properties of Maven's build.
fn filled(template: &str, versions: &str) -> Result<String> {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("${") {
        let (name, after) = after
            .split_once('}')
            .with_context(|| format!("`{TEMPLATE}` has a `${{` without end"))?;
        text.push_str(before);
        text.push_str(match name {
            "version" => env!("CARGO_PKG_VERSION"),
            name => property(versions, name)
                .with_context(|| format!("`{VERSIONS}` has no property `{name}`"))?,
        });
        rest = after;
    }
    text.push_str(rest);
    Ok(text)
}

fn property<'a>(pom: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = pom.split_once(&format!("<{name}>"))?;
    rest.split_once("</").map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_those_of_the_build() {
        let versions = "<properties><jna.version>5.19.1</jna.version></properties>";
        let text = filled("<a>${version}</a><b>${jna.version}</b>", versions).unwrap();
        let ours = env!("CARGO_PKG_VERSION");
        assert_eq!(text, format!("<a>{ours}</a><b>5.19.1</b>"));
        let error = filled("${zip.version}", versions).unwrap_err().to_string();
        assert!(error.ends_with("has no property `zip.version`"), "{error}");
    }
}
