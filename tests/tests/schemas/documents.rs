//! Every document there is: packs, vectors, examples and the corpus of the fuzz targets.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use octroi_tests::vectors;
use serde_json::Value;

use crate::form::{Form, Schema, root};

/// The documents of a form that its reader takes, with where each stands.
pub(crate) fn of(form: &Form) -> Vec<(String, Value)> {
    let mut documents = Vec::new();
    let folders: &[&str] = match form.name {
        "policy" => &[
            "core/packs",
            "tests/vectors/packs",
            "tests/vectors/hand-made",
            "tests/fuzz/corpus/policy",
        ],
        "deployment" => &["tests/fuzz/corpus/deployment"],
        _ => &["tests/fuzz/corpus/record", "policies/examples"],
    };
    for file in folders
        .iter()
        .flat_map(|folder| files(&root().join(folder), "json"))
    {
        if let Ok(document) = serde_json::from_slice(&fs::read(&file).unwrap()) {
            documents.push((file.display().to_string(), document));
        }
    }
    for (name, vector) in all_vectors() {
        match form.name {
            "deployment" => documents.push((name, vector.deployment)),
            "record" => documents.push((name, vector.record)),
            _ => {}
        }
    }
    documents.push(("every key".into(), every_key(form.name)));
    documents.retain(|(_, document)| form.parse(document).is_ok());
    documents
}

pub(crate) fn all_vectors() -> Vec<(String, vectors::Vector)> {
    let mut all = Vec::new();
    for file in vectors::files().unwrap() {
        for vector in vectors::read(&file).unwrap() {
            all.push((format!("{}: {}", file.display(), vector.name), vector));
        }
    }
    all
}

/// A document in which the keys stand that few others have.
fn every_key(form: &str) -> Value {
    let file = root().join(format!("tests/tests/schemas/every-key/{form}.json"));
    serde_json::from_slice(&fs::read(&file).unwrap()).unwrap()
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension() == Some(OsStr::new(extension)));
    files.sort();
    files
}

#[test]
fn every_document_is_taken_by_its_schema() {
    for form in Form::all() {
        let documents = of(&form);
        for (name, document) in &documents {
            assert_eq!(form.schema.refusal(document), None, "{name}");
        }
        println!(
            "counted: {} documents of the form `{}`",
            documents.len(),
            form.name
        );
        assert!(
            documents.len() >= 10,
            "only {} of `{}`",
            documents.len(),
            form.name
        );
    }
}

#[test]
fn every_file_of_a_pack_is_taken_by_itself() {
    let part = Schema::committed("policy-part");
    let whole = Schema::committed("policy");
    let mut count = 0;
    for folder in ["policies", "policies/unofficial", "tests/packs"] {
        let folder = root().join(folder);
        let packs = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let packs = packs
            .filter(|pack| pack.join("policy.toml").is_file())
            .chain([folder.clone()]);
        for file in packs.flat_map(|pack| files(&pack, "toml")) {
            let document = authored(&file);
            assert_eq!(part.refusal(&document), None, "{}", file.display());
            assert!(!whole.takes(&document), "{} is whole", file.display());
            count += 1;
        }
    }
    assert!(count >= 18, "only {count} files");
}

#[test]
fn deployments_are_taken_as_they_are_authored() {
    let deployment = Schema::committed("deployment");
    let example = root().join("policies/examples/deployment.toml");
    assert_eq!(deployment.refusal(&authored(&example)), None);
}

/// TOML as editors show it to a schema: native dates are strings.
fn authored(file: &Path) -> Value {
    fn json(value: toml::Value) -> Value {
        match value {
            toml::Value::Datetime(date) => Value::String(date.to_string()),
            toml::Value::Array(items) => items.into_iter().map(json).collect(),
            toml::Value::Table(keys) => keys
                .into_iter()
                .map(|(key, value)| (key, json(value)))
                .collect(),
            other => serde_json::to_value(other).unwrap(),
        }
    }
    let table: toml::Table = toml::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    json(toml::Value::Table(table))
}
