//! `R.txt`: the names of the resources. An app's build gives them numbers.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use roxmltree::Document;

use crate::artifacts::archive::Entries;

/// One line for each resource that the files below `res/` define.
pub(super) fn text(resources: &Entries) -> Result<String> {
    let mut lines = BTreeSet::new();
    for (path, content) in resources {
        let (folder, file) = path
            .split_once('/')
            .with_context(|| format!("`res/{path}` lies in no folder"))?;
        // `values-fr` says the same in French.
        let kind = folder.split('-').next().unwrap_or_default();
        if kind == "values" {
            let file = std::str::from_utf8(content);
            let file = file.with_context(|| format!("`res/{path}` is not UTF-8"))?;
            lines.extend(values(file).with_context(|| format!("`res/{path}`"))?);
        } else {
            let name = file.split('.').next().unwrap_or_default();
            lines.insert(line(kind, name));
        }
    }
    Ok(lines.into_iter().collect())
}

fn values(source: &str) -> Result<Vec<String>> {
    let document = Document::parse(source)?;
    let resources = document.root_element().children();
    let mut lines = Vec::new();
    for resource in resources.filter(|node| node.is_element()) {
        let tag = resource.tag_name().name();
        let kind = match tag {
            "string-array" | "integer-array" => "array",
            "bool" | "color" | "dimen" | "integer" | "plurals" | "string" | "style" => tag,
            _ => bail!("`<{tag}>` is a kind of resource that `R.txt` is not taught"),
        };
        let name = resource.attribute("name");
        let name = name.with_context(|| format!("`<{tag}>` without a name"))?;
        lines.push(line(kind, &name.replace('.', "_")));
    }
    Ok(lines)
}

fn line(kind: &str, name: &str) -> String {
    format!("int {kind} {name} 0x0\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(files: &[(&str, &str)]) -> Result<String> {
        let files = files.iter();
        super::text(
            &files
                .map(|&(path, content)| (path.to_owned(), content.into()))
                .collect(),
        )
    }

    #[test]
    fn files_and_values_are_named_once() {
        let german = r#"<resources><string name="title">Prüfung</string></resources>"#;
        let english = r#"<resources><string name="title">Check</string>
            <string-array name="words"/></resources>"#;
        let names = text(&[
            ("values/words.xml", english),
            ("values-de/words.xml", german),
            ("xml/restrictions.xml", "<restrictions/>"),
        ]);
        assert_eq!(
            names.unwrap(),
            "int array words 0x0\nint string title 0x0\nint xml restrictions 0x0\n"
        );
    }

    #[test]
    fn an_unknown_kind_is_an_error() {
        assert!(text(&[("values/a.xml", r#"<resources><attr name="a"/></resources>"#)]).is_err());
    }
}
