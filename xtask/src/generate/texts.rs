//! Texts: one TOML file a language for translators, one Rust file for each crate that speaks.
//!
//! Each section becomes a struct with a field for each key, each language a value of all of them. So the compiler
//! finds a text that a language lacks, and (`dead_code`) one that nobody reads.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::Output;
use crate::workspace::Workspace;

/// The languages, the first being the one with which the others are compared.
const LANGUAGES: [&str; 4] = ["fr", "nl", "de", "en"];

/// The files of those who read some sections alone; core reads all others.
const READERS: [(&str, &[&str]); 2] = [
    ("cli/src/texts.rs", &["note", "point", "show", "table"]),
    ("report/src/texts.rs", &["report"]),
];
const CORE: &str = "core/src/explain/texts.rs";

/// Section → key → template.
type Texts = BTreeMap<String, BTreeMap<String, String>>;

/// The Rust files.
pub(super) fn generate(workspace: &Workspace) -> Result<Output> {
    let mut languages = Vec::new();
    for language in LANGUAGES {
        languages.push((language, load(workspace, language)?));
    }
    let faults = faults(&languages);
    if !faults.is_empty() {
        bail!("the texts do not agree:\n  {}", faults.join("\n  "));
    }
    let mut files = Vec::new();
    let of_a_reader = |section: &str| READERS.iter().any(|(_, own)| own.contains(&section));
    let source = rust(&languages, |section| !of_a_reader(section));
    files.push((PathBuf::from(CORE), format(workspace, &source)?));
    for (path, own) in READERS {
        let source = rust(&languages, |section| own.contains(&section));
        files.push((PathBuf::from(path), format(workspace, &source)?));
    }
    Ok(Output {
        files,
        folders: Vec::new(),
    })
}

fn file(language: &str) -> String {
    format!("policies/texts/{language}.toml")
}

fn load(workspace: &Workspace, language: &str) -> Result<Texts> {
    let file = file(language);
    let source = fs::read_to_string(workspace.path(&file))
        .with_context(|| format!("cannot read `{file}`"))?;
    toml::from_str(&source)
        .with_context(|| format!("`{file}` is not sections of `key = \"template\"`"))
}

/// Everything that keeps the languages from being the same set of texts.
fn faults(languages: &[(&str, Texts)]) -> Vec<String> {
    let mut faults = Vec::new();
    for (language, texts) in languages {
        for (section, entries) in texts {
            for (key, template) in entries {
                for name in [section, key] {
                    if !is_name(name) {
                        faults.push(format!(
                            "{}: `{name}` is no name: expected lower-case letters, digits and underscores",
                            file(language)
                        ));
                    }
                }
                if let Err(fault) = placeholders(template) {
                    faults.push(format!("{}: [{section}] `{key}`: {fault}", file(language)));
                }
            }
        }
    }
    if let Some(((first, expected), others)) = languages.split_first() {
        for (language, texts) in others {
            missing((first, expected), (language, texts), &mut faults);
            missing((language, texts), (first, expected), &mut faults);
        }
    }
    faults.sort();
    faults.dedup();
    faults
}

/// What `texts` lacks of `model`: keys, and placeholders in them.
fn missing(
    (model_language, model): (&str, &Texts),
    (language, texts): (&str, &Texts),
    faults: &mut Vec<String>,
) {
    let file = file(language);
    for (section, entries) in model {
        for (key, template) in entries {
            let Some(translated) = texts.get(section).and_then(|entries| entries.get(key)) else {
                faults.push(format!(
                    "{file}: [{section}] lacks `{key}`, which {model_language} has"
                ));
                continue;
            };
            let (Ok(expected), Ok(found)) = (placeholders(template), placeholders(translated))
            else {
                continue;
            };
            for placeholder in expected.difference(&found) {
                faults.push(format!(
                    "{file}: [{section}] `{key}` lacks `{{{placeholder}}}`, which {model_language} has"
                ));
            }
        }
    }
}

/// The names between braces.
fn placeholders(template: &str) -> Result<BTreeSet<&str>, String> {
    let mut found = BTreeSet::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').ok_or("a `{` is never closed")?;
        if before.contains('}') {
            return Err("a `}` was never opened".to_owned());
        }
        if !is_name(name) {
            return Err(format!(
                "`{{{name}}}` is no placeholder: expected a name between the braces"
            ));
        }
        found.insert(name);
        rest = after;
    }
    if rest.contains('}') {
        return Err("a `}` was never opened".to_owned());
    }
    Ok(found)
}

fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// The Rust file for the wanted sections.
fn rust(languages: &[(&str, Texts)], wanted: impl Fn(&str) -> bool) -> String {
    let mut source = format!(
        "// Generated by `cargo xtask generate` from policies/texts/{{{}}}.toml: change those.\n\n\
         //! What octroi says to people, in each language it speaks.\n\n\
         #![deny(dead_code)] // a text that nobody reads\n\n",
        LANGUAGES.join(",")
    );
    if let Some((_, texts)) = languages.first() {
        source += &types(texts, &wanted);
    }
    for (language, texts) in languages {
        source += &value(language, texts, &wanted);
    }
    source
}

/// The structs: one for each section, and the one that holds them.
fn types(texts: &Texts, wanted: &impl Fn(&str) -> bool) -> String {
    let mut all = String::from("/// Every text, in one language.\npub(crate) struct Texts {\n");
    let mut sections = String::new();
    for (section, entries) in texts.iter().filter(|(section, _)| wanted(section)) {
        let name = type_name(section);
        let _ = writeln!(all, "pub(crate) {section}: {name},");
        let _ = writeln!(
            sections,
            "\n/// Section `[{section}]`.\npub(crate) struct {name} {{"
        );
        for key in entries.keys() {
            let _ = writeln!(sections, "pub(crate) {key}: &'static str,");
        }
        sections += "}\n";
    }
    all + "}\n" + &sections
}

/// The value of one language.
fn value(language: &str, texts: &Texts, wanted: &impl Fn(&str) -> bool) -> String {
    let mut source = format!(
        "\npub(crate) static {}: Texts = Texts {{\n",
        language.to_uppercase()
    );
    for (section, entries) in texts.iter().filter(|(section, _)| wanted(section)) {
        let _ = writeln!(source, "{section}: {} {{", type_name(section));
        for (key, template) in entries {
            let _ = writeln!(source, "{key}: {template:?},");
        }
        source += "},\n";
    }
    source + "};\n"
}

/// `code` → `CodeTexts`.
fn type_name(section: &str) -> String {
    let mut name = String::new();
    for word in section.split('_') {
        let mut letters = word.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    name + "Texts"
}

fn format(workspace: &Workspace, source: &str) -> Result<String> {
    workspace
        .tool("rustfmt")
        .args(["--config-path", "rustfmt.toml"])
        .filter(source)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Texts {
        toml::from_str(source).unwrap()
    }

    #[test]
    fn a_missing_key_names_language_section_and_key() {
        let languages = [
            ("fr", texts("[code]\nexempt_role = 'a'\npolicy_stale = 'b'")),
            ("nl", texts("[code]\nexempt_role = 'a'")),
            (
                "de",
                texts("[code]\nexempt_role = 'a'\npolicy_stale = 'b'\nextra = 'c'"),
            ),
        ];
        assert_eq!(
            faults(&languages),
            [
                "policies/texts/fr.toml: [code] lacks `extra`, which de has",
                "policies/texts/nl.toml: [code] lacks `policy_stale`, which fr has",
            ]
        );
    }

    #[test]
    fn placeholders_must_be_the_same_in_any_order_and_number() {
        let languages = [
            ("fr", texts("[verdict]\ndue = '{app} avant le {date}'")),
            ("nl", texts("[verdict]\ndue = 'vóór {date}: {app}, {app}'")),
            ("en", texts("[verdict]\ndue = '{app} by {day}'")),
        ];
        assert_eq!(
            faults(&languages),
            [
                "policies/texts/en.toml: [verdict] `due` lacks `{date}`, which fr has",
                "policies/texts/fr.toml: [verdict] `due` lacks `{day}`, which en has",
            ]
        );
    }

    #[test]
    fn braces_and_names_are_checked() {
        for (template, fault) in [
            ("{app", "a `{` is never closed"),
            ("app}", "a `}` was never opened"),
            ("a} {app}", "a `}` was never opened"),
            (
                "{}",
                "`{}` is no placeholder: expected a name between the braces",
            ),
            (
                "{App}",
                "`{App}` is no placeholder: expected a name between the braces",
            ),
        ] {
            assert_eq!(placeholders(template), Err(fault.to_owned()), "{template}");
        }
        let languages = [("fr", texts("[code]\n'exempt-role' = ''"))];
        assert_eq!(
            faults(&languages),
            [
                "policies/texts/fr.toml: `exempt-role` is no name: expected lower-case letters, digits and underscores"
            ]
        );
    }

    #[test]
    fn a_section_becomes_a_struct_and_a_language_a_value() {
        let languages = [(
            "fr",
            texts("[code]\nexempt_role = 'Dites « {app} »'\n[show]\nissuer = 'x'"),
        )];
        let source = rust(&languages, |section| section != "show");
        assert!(source.starts_with(
            "// Generated by `cargo xtask generate` from policies/texts/{fr,nl,de,en}.toml"
        ));
        assert!(
            source.contains(
                "pub(crate) struct CodeTexts {\npub(crate) exempt_role: &'static str,\n}"
            )
        );
        assert!(source.contains("pub(crate) static FR: Texts = Texts {\ncode: CodeTexts {\nexempt_role: \"Dites « {app} »\",\n},\n};"));
        assert!(!source.contains("issuer"));
    }
}
