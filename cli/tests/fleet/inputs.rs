//! Many inputs: which files are read, in which order, and what becomes of those that cannot be.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use crate::{device, lines};

/// An empty folder of that name.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs `octroi fleet` in a folder.
pub(crate) fn fleet(folder: &Path, arguments: &[&str]) -> Output {
    command(folder).args(arguments).output().unwrap()
}

pub(crate) fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_octroi"));
    command
        .current_dir(folder)
        .env("LC_ALL", "C.UTF-8")
        .arg("fleet");
    command
}

pub(crate) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Each line's input and its number there.
fn places(output: &Output) -> Vec<String> {
    let lines = lines(&output.stdout);
    let places = lines.iter().map(|line| {
        let file = line["file"].as_str().unwrap().replace('\\', "/");
        format!("{file}:{}", line["record"])
    });
    places.collect()
}

/// A folder with what people and other programs leave in it.
fn mixed(name: &str) -> PathBuf {
    let folder = folder(name);
    for (file, text) in [
        ("in/b.ndjson", format!("{}\n{}\n", device(1), device(2))),
        ("in/a/2.jsonl", format!("\n{}", device(3))),
        ("in/a/10.json", device(4)),
        ("in/a/EMPTY.NDJSON", "\n\n".to_owned()),
        ("in/c.txt", device(5)),
        ("in/.hidden.ndjson", device(6)),
        ("in/_temporary/0.ndjson", device(7)),
        ("in/d.ndjson.tmp", device(8)),
        ("in/.git/e.json", device(9)),
        ("in/_asked.ndjson", device(10)),
    ] {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

#[test]
fn a_folder_is_read_in_the_order_of_its_names() {
    let folder = mixed("fleet-folder");
    let all = [
        "in/a/10.json:1",
        "in/a/2.jsonl:2",
        "in/b.ndjson:1",
        "in/b.ndjson:2",
    ];
    let output = fleet(&folder, &["in"]);
    assert_eq!(places(&output), all);
    assert_eq!(output.status.code(), Some(0));
    let said = said(&output).replace('\\', "/");
    assert!(
        said.contains("  without a record: in/a/EMPTY.NDJSON\n"),
        "{said}"
    );

    for (arguments, expected) in [
        (
            &["in/*.ndjson"][..],
            &["in/b.ndjson:1", "in/b.ndjson:2"][..],
        ),
        (&["in/a/[0-9]*"], &["in/a/10.json:1", "in/a/2.jsonl:2"]),
        (
            &["in/*"],
            &[
                "in/a/10.json:1",
                "in/a/2.jsonl:2",
                "in/b.ndjson:1",
                "in/b.ndjson:2",
                "in/c.txt:1",
                "in/d.ndjson.tmp:1",
            ],
        ),
        (
            &["in/**/2.jsonl", "in/c.txt"],
            &["in/a/2.jsonl:2", "in/c.txt:1"],
        ),
        // What is temporary is read by who says so.
        (&["in/_*.ndjson"], &["in/_asked.ndjson:1"]),
        (&["in/_t*/*"], &["in/_temporary/0.ndjson:1"]),
        (
            &["in/_[a-b]*", "in/c.txt"],
            &["in/_asked.ndjson:1", "in/c.txt:1"],
        ),
        // No device is counted twice, and the order is that in which they were named.
        (
            &["in/b.ndjson", "in", "in/../in/b.ndjson"],
            &[
                "in/b.ndjson:1",
                "in/b.ndjson:2",
                "in/a/10.json:1",
                "in/a/2.jsonl:2",
            ],
        ),
    ] {
        let output = fleet(&folder, arguments);
        assert_eq!(places(&output), expected, "{arguments:?}");
    }
}

/// What one file gave before there could be several stays as it was, to the byte.
#[test]
fn one_file_is_not_named() {
    let folder = mixed("fleet-one");
    let alone = fleet(&folder, &["--at", crate::AT, "in/b.ndjson"]);
    assert!(
        lines(&alone.stdout)
            .iter()
            .all(|line| line.get("file").is_none())
    );
    fs::write(folder.join("odd[1].ndjson"), device(1)).unwrap();
    let odd = fleet(&folder, &["odd[1].ndjson"]);
    assert!(lines(&odd.stdout)[0].get("file").is_none());

    let named = fleet(&folder, &["--at", crate::AT, "in/b.ndjson", "in/c.txt"]);
    let named = String::from_utf8(named.stdout).unwrap();
    let bare = named.replace(r#","file":"in/b.ndjson""#, "");
    assert!(bare.as_bytes().starts_with(&alone.stdout), "{named}");

    let csv = fleet(&folder, &["--format", "csv", "in/b.ndjson", "in/c.txt"]);
    let mut rows = csv::Reader::from_reader(csv.stdout.as_slice());
    assert_eq!(rows.headers().unwrap().iter().next_back(), Some("file"));
    let files: Vec<_> = rows
        .records()
        .map(|row| row.unwrap()[18].to_owned())
        .collect();
    assert_eq!(files, ["in/b.ndjson", "in/b.ndjson", "in/c.txt"]);
}

#[test]
fn an_input_that_cannot_be_read_is_named_and_the_rest_is_read() {
    let folder = mixed("fleet-unread");
    let output = fleet(&folder, &["in/c.txt", "in/gone.ndjson", "in/b.ndjson"]);
    assert_eq!(
        places(&output),
        ["in/c.txt:1", "in/b.ndjson:1", "in/b.ndjson:2"]
    );
    assert_eq!(output.status.code(), Some(2));
    let said = said(&output);
    assert!(said.contains("error: in/gone.ndjson\n"), "{said}");
    assert!(
        said.contains("  not read to the end: in/gone.ndjson\n"),
        "{said}"
    );
    assert!(said.contains("3 assessed, 0 not"), "{said}");
}

/// A file may be called as what stands for standard input, and neither is taken for the other.
#[test]
fn a_file_may_have_the_name_of_standard_input() {
    let folder = folder("fleet-dash");
    fs::write(folder.join("-"), device(1)).unwrap();
    fs::write(folder.join("piped"), device(2)).unwrap();
    for (arguments, files, ids) in [
        (
            &["-", "./-"][..],
            &["-:1", "./-:1"][..],
            &["d-2", "d-1"][..],
        ),
        (&["[-]", "./-"], &["./-:1"], &["d-1"]),
    ] {
        let piped = fs::File::open(folder.join("piped")).unwrap();
        let run = command(&folder).args(arguments).stdin(piped).output();
        let output = run.unwrap();
        assert_eq!(places(&output), files);
        let lines = lines(&output.stdout);
        let found: Vec<_> = lines.iter().map(|line| line["device_id"].clone()).collect();
        assert_eq!(found, ids);
    }
}

/// Whoever names a file does not speak for octroi.
#[cfg(unix)]
#[test]
fn a_name_forges_no_line_of_the_summary() {
    let folder = folder("fleet-forged");
    fs::write(folder.join("a.ndjson"), device(1)).unwrap();
    fs::write(folder.join("b\n  0 newly_denied\u{1b}[2J.ndjson"), "").unwrap();
    let said = said(&fleet(&folder, &["."]));
    let told = "  without a record: ./b\\u{a}  0 newly_denied\\u{1b}[2J.ndjson\n";
    assert!(said.contains(told), "{said}");
}

#[test]
fn what_names_nothing_is_an_error() {
    let folder = mixed("fleet-nothing");
    fs::create_dir(folder.join("empty")).unwrap();
    for (arguments, found) in [
        (&["in/*.xml"][..], "nothing of that name"),
        (&["empty"], "a folder without a file of devices"),
        (
            &["in/b.ndjson", "in/_temporary/../../empty"],
            "a folder without a file of devices",
        ),
        (&["in/[z-a"], "error"),
        (&["-", "-"], "standard input twice"),
    ] {
        let output = fleet(&folder, arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty());
        assert!(
            said(&output).contains(found),
            "{arguments:?}: {}",
            said(&output)
        );
    }
}

/// Columns are for another build, which says so rather than leave out what is there.
#[cfg(not(feature = "parquet"))]
#[test]
fn columns_are_not_built_in() {
    let folder = mixed("fleet-columns");
    fs::write(folder.join("in/more.parquet"), "PAR1").unwrap();
    for arguments in [
        &["in"][..],
        &["in/more.parquet"],
        &["in/c.txt", "--since", "in/more.parquet"],
        &["in/c.txt", "--format", "parquet", "--output", "out"],
    ] {
        let output = fleet(&folder, arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let said = said(&output);
        assert!(said.contains("an `octroi` that knows no Parquet"), "{said}");
    }
}

/// Each answer would become the next question, until the disk is full.
#[cfg(unix)]
#[test]
fn what_is_written_to_is_not_read() {
    let folder = mixed("fleet-itself");
    let before = fs::read(folder.join("in/b.ndjson")).unwrap();
    for script in [
        r#""$0" fleet in/b.ndjson >> in/b.ndjson"#,
        r#""$0" fleet in >> in/b.ndjson"#,
        r#""$0" fleet < in/b.ndjson >> in/b.ndjson"#,
        r#"ln -f in/b.ndjson in/hard.ndjson; "$0" fleet in/b.ndjson >> in/hard.ndjson"#,
        r#""$0" fleet in/a/10.json --since in/b.ndjson >> in/b.ndjson"#,
    ] {
        let output = Command::new("sh")
            .current_dir(&folder)
            .args(["-c", script, env!("CARGO_BIN_EXE_octroi")])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{script}");
        let said = said(&output);
        assert!(
            said.contains("a file that is written to as well"),
            "{script}: {said}"
        );
        assert_eq!(
            fs::read(folder.join("in/b.ndjson")).unwrap(),
            before,
            "{script}"
        );
    }
    // /dev/null may be both.
    let script = r#""$0" fleet < /dev/null > /dev/null"#;
    let output = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_octroi")])
        .output();
    assert_eq!(output.unwrap().status.code(), Some(0));
}

/// The next run would take the answers for devices.
#[test]
fn an_output_among_the_inputs_is_refused() {
    let folder = mixed("fleet-inside");
    for (input, output) in [
        ("in", "in/out"),
        ("in", "in"),
        (".", "out"),
        ("in", "./in/a/../out/deep"),
        ("i*", "in/out"),
    ] {
        let output = fleet(&folder, &[input, "--output", output]);
        assert_eq!(output.status.code(), Some(2));
        assert!(
            said(&output).contains("whose files are the inputs"),
            "{}",
            said(&output)
        );
    }
    let run = |pattern: &str| fleet(&folder, &[pattern, "--output", "in-out", "--resume"]);
    assert_eq!(run("in").status.code(), Some(0));
    let output = run("**/*.ndjson");
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&output).contains("part-00000.ndjson`, which is an input"),
        "{}",
        said(&output)
    );
}
