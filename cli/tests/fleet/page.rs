//! `--report`: the page beside the output, and what becomes of it where something goes wrong.

use std::{
    fs,
    process::{Command, Stdio},
};

use crate::{
    device,
    inputs::{fleet, folder, said},
    lines,
};

const AT: [&str; 2] = ["--at", "2023-03-30T08:00:00Z"];

fn files(folder: &std::path::Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The page changes nothing of what programs read, and holds every device of every file.
#[test]
fn a_page_stands_beside_the_output() {
    let folder = folder("page-beside");
    let two = format!("{}\n{{}}\n{}\n", device(1), device(2));
    fs::write(folder.join("a.ndjson"), two).unwrap();
    fs::write(folder.join("b.ndjson"), device(3)).unwrap();
    let arguments = [&["a.ndjson", "b.ndjson"][..], &AT].concat();
    let plain = fleet(&folder, &arguments);
    let with = fleet(
        &folder,
        &[&arguments[..], &["--report", "page.html"]].concat(),
    );
    assert_eq!(with.stdout, plain.stdout);
    assert_eq!(with.status.code(), Some(2), "{}", said(&with));
    let page = fs::read_to_string(folder.join("page.html")).unwrap();
    for id in ["d-1", "d-2", "d-3"] {
        let written = format!("\"{}\"", id.strip_prefix("d-").unwrap());
        assert!(
            page.contains("\"prefix\":\"d-\"") && page.contains(&written),
            "{id}"
        );
    }
    assert!(
        page.contains("Line numbers: 1 : 2"),
        "the line that is no record"
    );
    assert_eq!(files(&folder), ["a.ndjson", "b.ndjson", "page.html"]);
}

/// Where a file cannot be read, whoever sees the page sees that it is not the whole fleet.
#[test]
fn a_page_says_what_was_not_read() {
    let folder = folder("page-not-read");
    fs::write(folder.join("a.ndjson"), device(1)).unwrap();
    let output = fleet(
        &folder,
        &[
            &["a.ndjson", "gone.ndjson", "--report", "page.html"][..],
            &AT,
        ]
        .concat(),
    );
    assert_eq!(output.status.code(), Some(2));
    let page = fs::read_to_string(folder.join("page.html")).unwrap();
    assert!(
        page.contains("Not all was read: 1 of the files"),
        "{}",
        said(&output)
    );
}

/// Under a key no name is in the page, whichever line it stood in; the output has them.
#[test]
fn a_page_under_pseudonyms_names_nobody() {
    let folder = folder("page-pseudonyms");
    let bad = r#"{"device":{"id":"d-secret","platform":"beos"}}"#;
    fs::write(folder.join("a.ndjson"), format!("{}\n{bad}\n", device(77))).unwrap();
    fs::write(folder.join("names.key"), [1; 32]).unwrap();
    let arguments = [
        "a.ndjson",
        "--report",
        "page.html",
        "--pseudonymise",
        "names.key",
    ];
    let output = fleet(&folder, &[&arguments[..], &AT].concat());
    assert_eq!(lines(&output.stdout)[0]["device_id"], "d-77");
    assert_eq!(lines(&output.stdout)[1]["device_id"], "d-secret");
    let page = fs::read_to_string(folder.join("page.html")).unwrap();
    assert!(!page.contains("d-77") && !page.contains("d-secret"));
    let key = octroi_report::Pseudonyms::new(&[1; 32]).unwrap();
    assert!(page.contains(&key.of("d-77")));
}

/// A page that cannot be written is known before the fleet is read, and nothing of it is left; the page of yesterday stays.
#[test]
fn what_is_wrong_is_said_first() {
    let folder = folder("page-wrong");
    fs::write(folder.join("a.ndjson"), device(1)).unwrap();
    fs::write(folder.join("short.key"), b"secret\n").unwrap();
    let yesterday = format!("{}yesterday", octroi_report::BEGINNING);
    fs::write(folder.join("page.html"), &yesterday).unwrap();
    let cases: [(&[&str], &str); 6] = [
        (
            &["--report", "no/such/folder/page.html"],
            "expected: a folder that may be written to",
        ),
        (&["--report", "a.ndjson"], "a file that is read as well"),
        (
            &["--report", "page.html", "--pseudonymise", "short.key"],
            "at least 32 bytes, such as `head -c 32 /dev/urandom > KEYFILE` makes",
        ),
        (
            &["--report", "page.html", "--pseudonymise", "no.key"],
            "no.key",
        ),
        (&["--pseudonymise", "short.key"], "--report"),
        (
            &["--report", "page.html", "--output", "parts", "--resume"],
            "cannot be used with",
        ),
    ];
    for (arguments, message) in cases {
        let output = fleet(&folder, &[&["a.ndjson"], arguments, &AT].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(
            said(&output).contains(message),
            "{arguments:?}: {}",
            said(&output)
        );
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
    assert_eq!(files(&folder), ["a.ndjson", "page.html", "short.key"]);
    assert_eq!(
        fs::read_to_string(folder.join("page.html")).unwrap(),
        yesterday
    );
    assert_eq!(
        fs::read_to_string(folder.join("a.ndjson")).unwrap(),
        device(1)
    );
}

/// Whoever pipes the assessments on to somebody who leaves looks at the page, and must not take yesterday's for today's.
#[test]
fn a_reader_that_leaves_is_said_to_cost_the_report() {
    let folder = folder("page-left");
    let devices: String = (0..20_000).map(device).collect();
    fs::write(folder.join("a.ndjson"), devices).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_octroi"));
    command.current_dir(&folder).args(["fleet", "a.ndjson"]);
    command.args(["--report", "page.html"]).args(AT);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = command.spawn().unwrap();
    drop(running.stdout.take());
    let output = running.wait_with_output().unwrap();
    let said = said(&output);
    assert!(said.contains("no report was written"), "{said}");
    assert_eq!(files(&folder), ["a.ndjson"]);
}
