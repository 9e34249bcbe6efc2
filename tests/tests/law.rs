//! `docs/law.md` has a row for every sentence of the law, and what its rows name exists.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a page or an index in another form fails the test"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use octroi_tests::vectors;
use serde_json::Value;

/// The classes of sentences that ask for nothing.
const CLASSES: [&str; 6] = [
    "heading",
    "address",
    "recital",
    "announcement",
    "opinion",
    "page",
];

/// What a row says of its sentences.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Kind {
    Carried,
    NotCarried,
    AsksNothing,
}

/// A row of the page: the sentences that it speaks of, and its other cells.
struct Row {
    sentences: Vec<String>,
    kind: Kind,
    cells: Vec<String>,
}

#[test]
fn every_sentence_has_its_row_and_every_row_its_sentence() {
    let indexed = indexed();
    let mut said: BTreeMap<String, BTreeSet<Kind>> = BTreeMap::new();
    for row in rows() {
        for sentence in row.sentences {
            said.entry(sentence).or_default().insert(row.kind);
        }
    }
    for sentence in &indexed {
        assert!(said.contains_key(sentence), "`{sentence}` has no row");
    }
    for (sentence, kinds) in &said {
        assert!(
            indexed.contains(sentence),
            "`{sentence}` is not in docs/law.csv"
        );
        let contradicts = kinds.contains(&Kind::AsksNothing) && kinds.len() > 1;
        assert!(
            !contradicts,
            "`{sentence}` asks for nothing and for something"
        );
    }
    println!("counted: {} sentences of the law", indexed.len());
}

#[test]
fn every_directive_has_its_row_and_every_row_a_directive_that_exists() {
    let directives = directives();
    let mut named = BTreeSet::new();
    for row in rows().filter(|row| row.kind == Kind::Carried) {
        let here = quoted(&row.cells[1]);
        assert!(!here.is_empty(), "{:?} names no directive", row.sentences);
        named.extend(here);
    }
    assert_eq!(named, directives);
}

#[test]
fn the_code_that_rows_name_exists() {
    for row in rows().filter(|row| row.kind == Kind::Carried) {
        let places = quoted(&row.cells[2]);
        assert!(!places.is_empty(), "{:?} names no code", row.sentences);
        for place in places {
            let (file, item) = place.split_once("::").expect(&place);
            let text = fs::read_to_string(root().join(file)).expect(&place);
            let is_there = if file.ends_with(".toml") {
                text.lines().any(|line| is_key(line, item))
            } else {
                text.lines().any(|line| is_item(line, item))
            };
            assert!(is_there, "`{place}` is not there");
        }
    }
}

#[test]
fn the_vectors_that_rows_name_exist() {
    let mut known = BTreeSet::new();
    for file in vectors::files().unwrap() {
        let stem = file.file_stem().unwrap().display().to_string();
        let names = vectors::read(&file).unwrap().into_iter();
        known.extend(names.map(|vector| format!("{stem}/{}", vector.name)));
    }
    for row in rows().filter(|row| row.kind == Kind::Carried) {
        let here = quoted(&row.cells[3]);
        assert!(!here.is_empty(), "{:?} names no vector", row.sentences);
        for vector in here {
            assert!(known.contains(&vector), "no vector is called `{vector}`");
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The places of all sentences, such as `circular 15.1`.
fn indexed() -> BTreeSet<String> {
    let text = fs::read_to_string(root().join("docs/law.csv")).unwrap();
    let rows = text.lines().skip(1).map(|line| {
        let cells: Vec<_> = line.split(',').collect();
        format!("{} {}.{}", cells[0], cells[1], cells[2])
    });
    rows.collect()
}

/// The rows whose first cell names sentences: `circular 4.1, 5.1`.
fn rows() -> impl Iterator<Item = Row> {
    let text = fs::read_to_string(root().join("docs/law.md")).unwrap();
    let mut rows = Vec::new();
    for line in text.lines() {
        let Some(line) = line
            .strip_prefix("| ")
            .and_then(|line| line.strip_suffix(" |"))
        else {
            continue;
        };
        let mut cells: Vec<_> = line.split(" | ").map(str::to_owned).collect();
        let first = cells.remove(0);
        let Some((document, places)) = first.split_once(' ') else {
            continue;
        };
        let kind = match cells.as_slice() {
            [_, _, _, _] => Kind::Carried,
            [class, _] if CLASSES.contains(&class.trim_matches('`')) => Kind::AsksNothing,
            [_, _] => Kind::NotCarried,
            _ => continue,
        };
        let sentences = places
            .split(", ")
            .map(|place| format!("{document} {place}"));
        rows.push(Row {
            sentences: sentences.collect(),
            kind,
            cells,
        });
    }
    assert!(!rows.is_empty());
    rows.into_iter()
}

/// What stands between backticks.
fn quoted(cell: &str) -> BTreeSet<String> {
    cell.split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

/// The ids of the directives of both Brussels packs.
fn directives() -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for pack in ["be-brussels-local", "be-brussels-region"] {
        let pack: Value = serde_json::from_str(&vectors::pack(pack).unwrap()).unwrap();
        let directives = pack["directives"].as_array().unwrap();
        ids.extend(
            directives
                .iter()
                .map(|directive| directive["id"].as_str().unwrap().to_owned()),
        );
    }
    ids
}

/// Whether a line of Rust declares that item.
fn is_item(line: &str, item: &str) -> bool {
    let words: Vec<_> = line
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .collect();
    words.windows(2).any(|pair| {
        matches!(pair[0], "fn" | "struct" | "enum" | "const" | "static") && pair[1] == item
    })
}

/// Whether a line of TOML begins with that key, or opens its table.
fn is_key(line: &str, key: &str) -> bool {
    let rest = line.trim_start_matches('[').strip_prefix(key);
    rest.is_some_and(|rest| rest.starts_with([' ', '.', ']']))
}
