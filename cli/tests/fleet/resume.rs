//! What a run goes on with, and what it refuses.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    device,
    inputs::{command, fleet, folder, said},
    parts::{AT, content, manifest, parts_of},
};

/// A folder with a run that is half done.
fn half_done(name: &str) -> PathBuf {
    let folder = folder(name);
    fs::write(
        folder.join("in.ndjson"),
        format!("{}\n", device(1)).repeat(10),
    )
    .unwrap();
    let arguments = ["in.ndjson", "--output", "out", "--part-records", "3"];
    assert_eq!(
        fleet(&folder, &[&arguments[..], &AT].concat())
            .status
            .code(),
        Some(0)
    );
    let mut half = manifest(&folder.join("out"));
    half["complete"] = false.into();
    half["parts"].as_array_mut().unwrap().truncate(2);
    fs::write(folder.join("out/_manifest.json"), half.to_string()).unwrap();
    for number in [2, 3] {
        fs::remove_file(folder.join(format!("out/part-0000{number}.ndjson"))).unwrap();
    }
    folder
}

type Mend = fn(&Path);

#[test]
fn a_run_goes_on_with_nothing_but_itself() {
    let all = [
        "in.ndjson",
        "--output",
        "out",
        "--part-records",
        "3",
        "--resume",
    ];
    let cases: [(&str, &[&str], Mend, &str); 13] = [
        ("same", &[], |_| {}, ""),
        (
            "at",
            &["--at", "2023-05-02T08:00:00Z"],
            |_| {},
            "other at than now",
        ),
        (
            "policy",
            &["--policy", "be-brussels-region"],
            |_| {},
            "other deployment than now",
        ),
        (
            "day",
            &["--notified-on", "2023-05-02"],
            |_| {},
            "other deployment than now",
        ),
        (
            "format",
            &["--format", "csv"],
            |_| {},
            "other format than now: \"ndjson\", and now \"csv\"",
        ),
        (
            "another",
            &["more.ndjson"],
            |folder| fs::write(folder.join("more.ndjson"), "").unwrap(),
            "other inputs than now: 1, and now 2",
        ),
        (
            "grown",
            &[],
            |folder| fs::write(folder.join("in.ndjson"), device(1)).unwrap(),
            "other inputs than now",
        ),
        (
            "gone",
            &[],
            |folder| fs::remove_file(folder.join("in.ndjson")).unwrap(),
            "other inputs than now",
        ),
        (
            "touched",
            &[],
            |folder| {
                let file = fs::File::options()
                    .append(true)
                    .open(folder.join("in.ndjson"))
                    .unwrap();
                file.set_modified(std::time::UNIX_EPOCH).unwrap();
            },
            "other inputs than now",
        ),
        (
            "foreign",
            &[],
            |folder| fs::write(folder.join("out/part-00004.ndjson"), "").unwrap(),
            "`part-00004.ndjson`, which the run did not make",
        ),
        (
            "lost",
            &[],
            |folder| fs::remove_file(folder.join("out/part-00000.ndjson")).unwrap(),
            "part-00000.ndjson",
        ),
        (
            "short",
            &[],
            |folder| fs::write(folder.join("out/part-00001.ndjson"), "{}\n").unwrap(),
            "3 bytes",
        ),
        (
            "version",
            &[],
            |folder| {
                let path = folder.join("out/_manifest.json");
                let text = fs::read_to_string(&path).unwrap();
                fs::write(path, text.replace(r#""octroi":"0."#, r#""octroi":"9."#)).unwrap();
            },
            "other octroi than now",
        ),
    ];
    for (name, more, mend, found) in cases {
        let folder = half_done(&format!("parts-resume-{name}"));
        mend(&folder);
        let before = content(&folder.join("out"));
        let output = fleet(&folder, &[&all[..], more].concat());
        let said = said(&output);
        if found.is_empty() {
            assert_eq!(output.status.code(), Some(0), "{said}");
            // Without --at: the instant is that of the run, however much later it goes on.
            let content = content(&folder.join("out"));
            assert_eq!(content.len(), 5);
            let instant = r#""assessed_at":"2023-03-30T08:00:00Z""#;
            assert!(parts_of(&content).all(|part| str::from_utf8(part).unwrap().contains(instant)));
            assert!(said.contains("10 records in "), "{said}");
            continue;
        }
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(said.contains(found), "{name}: {said}");
        assert!(content(&folder.join("out")) == before, "{name}");
    }
}

#[test]
fn a_folder_that_is_in_use_is_left_alone() {
    let folder = half_done("parts-in-use");
    let run = |more: &[&str]| {
        let all = ["in.ndjson", "--output", "out", "--part-records", "3"];
        fleet(&folder, &[&all[..], more].concat())
    };
    let output = run(&[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&output).contains("--resume goes on with it"),
        "{}",
        said(&output)
    );

    assert_eq!(run(&["--resume"]).status.code(), Some(0));
    let whole = content(&folder.join("out"));
    let output = run(&[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&output).contains("a folder that holds a finished run"),
        "{}",
        said(&output)
    );
    // Once more says again how it went, and does nothing.
    let output = run(&["--resume"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(
        said(&output).contains("the run is finished"),
        "{}",
        said(&output)
    );
    assert!(
        said(&output).contains("10 records in "),
        "{}",
        said(&output)
    );
    assert!(content(&folder.join("out")) == whole);

    fs::create_dir(folder.join("other")).unwrap();
    fs::write(folder.join("other/letter.txt"), "dear").unwrap();
    for more in [
        &["--output", "other"][..],
        &["--output", "other", "--resume"],
    ] {
        let output = fleet(&folder, &[&["in.ndjson"], more].concat());
        assert!(
            said(&output).contains("such as `letter.txt`"),
            "{}",
            said(&output)
        );
        assert_eq!(fs::read_dir(folder.join("other")).unwrap().count(), 1);
    }
}

#[cfg(unix)]
#[test]
fn two_runs_do_not_share_a_folder() {
    let folder = half_done("parts-shared");
    let lock = fs::File::options()
        .create(true)
        .append(true)
        .open(folder.join("out/.lock"));
    let lock = lock.unwrap();
    rustix::fs::flock(&lock, rustix::fs::FlockOperation::LockExclusive).unwrap();
    let all = [
        "in.ndjson",
        "--output",
        "out",
        "--part-records",
        "3",
        "--resume",
    ];
    let output = fleet(&folder, &all);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&output).contains("another run writes into"),
        "{}",
        said(&output)
    );
    drop(lock);
    assert_eq!(fleet(&folder, &all).status.code(), Some(0));
}

/// What was read from a pipe is gone.
#[test]
fn standard_input_is_not_gone_on_with() {
    let folder = folder("parts-stdin");
    let run = || {
        let input = fs::File::open("/dev/null").unwrap();
        let arguments = [&["--output", "out", "--resume"], &AT[..]].concat();
        command(&folder)
            .args(arguments)
            .stdin(input)
            .output()
            .unwrap()
    };
    assert_eq!(run().status.code(), Some(0));
    let path = folder.join("out/_manifest.json");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(
        &path,
        text.replace("\"complete\": true", "\"complete\": false"),
    )
    .unwrap();
    let output = run();
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("the input `-`"), "{}", said(&output));
}
