//! The sample's screen says the same on an iPhone as on Android, but for what the systems make different.
#![expect(
    clippy::unwrap_used,
    reason = "a folder of another shape fails the test"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde::Deserialize;

const IPHONE: &str = "../ios-sample/Tests/SampleModelTests/Snapshots";
const ANDROID: &str = "../android-sample/src/test/resources/screens";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    difference: Vec<Difference>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Difference {
    reason: String,
    lines: Vec<Pair>,
}

/// What stands on one line of the screen.
#[derive(Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(deny_unknown_fields)]
struct Pair {
    iphone: String,
    android: String,
}

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(path).unwrap()
}

fn screens(folder: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let names = fs::read_dir(folder).unwrap();
    names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

/// The lines that differ.
fn differing(iphone: &str, android: &str) -> Vec<Pair> {
    let (iphone, android): (Vec<_>, Vec<_>) = (iphone.lines().collect(), android.lines().collect());
    let lines = iphone.len().max(android.len());
    let line = |of: &[&str], at: usize| of.get(at).copied().unwrap_or("(no line)").to_owned();
    let pairs = (0..lines).map(|at| Pair {
        iphone: line(&iphone, at),
        android: line(&android, at),
    });
    pairs.filter(|pair| pair.iphone != pair.android).collect()
}

/// Two colleagues with two phones would be told different things of the same rules.
#[test]
fn both_systems_say_the_same_but_for_what_is_listed_with_a_reason() {
    let names = screens(IPHONE);
    assert_eq!(
        names,
        screens(ANDROID),
        "one system has a state that the other has not"
    );
    assert!(names.len() >= 5);
    let found: BTreeSet<_> = names
        .iter()
        .flat_map(|name| {
            let of = |folder: &str| read(&format!("{folder}/{name}"));
            differing(&of(IPHONE), &of(ANDROID))
        })
        .collect();
    let listed: Listed = toml::from_str(&read("screens.toml")).unwrap();
    let mut expected = BTreeSet::new();
    for difference in listed.difference {
        assert!(!difference.reason.is_empty());
        for pair in difference.lines {
            assert!(expected.insert(pair), "listed twice: {}", difference.reason);
        }
    }
    let unlisted: Vec<_> = found.difference(&expected).collect();
    assert!(unlisted.is_empty(), "without a reason: {unlisted:#?}");
    let gone: Vec<_> = expected.difference(&found).collect();
    assert!(gone.is_empty(), "no longer so: {gone:#?}");
}

#[test]
fn a_line_that_one_side_lacks_differs() {
    assert!(differing("a\nb\n", "a\nb\n").is_empty());
    assert_eq!(differing("a\nb\n", "a\n").len(), 1);
    assert_eq!(differing("a\nb\n", "a\nc\nd\n").len(), 2);
}
