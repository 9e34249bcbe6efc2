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
    let cases: [(&str, &[&str], Mend, &str); 15] = [
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
            "other policies than now",
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
        // As long as it was, and its time set back.
        (
            "disguised",
            &[],
            |folder| {
                let path = folder.join("in.ndjson");
                let modified = fs::metadata(&path).unwrap().modified().unwrap();
                fs::write(&path, format!("{}\n", device(2)).repeat(10)).unwrap();
                let file = fs::File::options().append(true).open(path).unwrap();
                file.set_modified(modified).unwrap();
            },
            if cfg!(unix) {
                "other inputs than now"
            } else {
                ""
            },
        ),
        (
            "spoilt",
            &[],
            |folder| {
                let path = folder.join("out/part-00000.ndjson");
                let text = fs::read_to_string(&path).unwrap();
                fs::write(path, text.replacen("d-1", "d-2", 1)).unwrap();
            },
            "the SHA-256",
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
            "expected: the part that the manifest names",
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
    // A child of another test, between its fork and its exec, may still have what is only dropped here.
    rustix::fs::flock(&lock, rustix::fs::FlockOperation::Unlock).unwrap();
    assert_eq!(fleet(&folder, &all).status.code(), Some(0));
}

/// What is missing stays missing: it does not keep the rest from being read.
#[test]
fn a_run_goes_on_without_what_is_missing() {
    let folder = half_done("parts-missing");
    let path = folder.join("out/_manifest.json");
    let arguments = [
        "gone.ndjson",
        "in.ndjson",
        "none.ndjson",
        "--output",
        "out",
        "--part-records",
        "3",
        "--resume",
    ];
    let arguments = [&arguments[..], &AT].concat();
    let run = || {
        let output = fleet(&folder, &arguments);
        (output.status.code(), said(&output))
    };
    fs::remove_dir_all(folder.join("out")).unwrap();
    fs::write(folder.join("none.ndjson"), "").unwrap();
    assert_eq!(run().0, Some(2));
    let whole = content(&folder.join("out"));
    let cut = |left| {
        let mut half = manifest(&folder.join("out"));
        half["complete"] = false.into();
        half["empty"] = serde_json::Value::Array(Vec::new());
        half["parts"].as_array_mut().unwrap().truncate(left);
        if left == 0 {
            half["unread"] = serde_json::Value::Array(Vec::new());
        }
        fs::write(&path, half.to_string()).unwrap();
        for number in left + 1..4 {
            fs::remove_file(folder.join(format!("out/part-0000{number}.ndjson"))).unwrap();
        }
    };
    for left in [0, 2] {
        cut(left);
        let (code, said) = run();
        assert_eq!(code, Some(2), "{said}");
        assert!(content(&folder.join("out")) == whole, "{said}");
    }
    cut(2);
    fs::write(folder.join("gone.ndjson"), device(7)).unwrap();
    let said = run().1;
    assert!(said.contains("other inputs than now"), "{said}");
}

/// Between two manifests of which the first names the last part, a run that is killed would find the end of the inputs again: what is
/// empty or cannot be read there would be told twice.
#[cfg(target_os = "linux")]
#[test]
fn the_manifest_that_names_the_last_part_is_the_last() {
    use rustix::fs::inotify::{CreateFlags, Reader, WatchFlags, add_watch, init};

    let folder = half_done("parts-last");
    let out = folder.join("new");
    fs::create_dir(&out).unwrap();
    let watch = init(CreateFlags::NONBLOCK).unwrap();
    add_watch(&watch, &out, WatchFlags::MOVED_TO).unwrap();
    let arguments = ["in.ndjson", "none.ndjson", "gone.ndjson", "--output", "new"];
    fs::write(folder.join("none.ndjson"), "").unwrap();
    assert_eq!(
        fleet(&folder, &[&arguments[..], &AT].concat())
            .status
            .code(),
        Some(2)
    );
    let mut space = [std::mem::MaybeUninit::uninit(); 4096];
    let mut events = Reader::new(&watch, &mut space);
    let mut names = Vec::new();
    while let Ok(event) = events.next() {
        names.push(event.file_name().unwrap().to_str().unwrap().to_owned());
    }
    let expected = ["_manifest.json", "part-00000.ndjson", "_manifest.json"];
    assert_eq!(names, expected);
    let manifest = manifest(&out);
    assert_eq!(manifest["empty"], serde_json::json!(["none.ndjson"]));
    assert_eq!(manifest["unread"][0]["path"], "gone.ndjson");
    assert_eq!(manifest["complete"], true);
}

/// What was read from a pipe is gone, whatever file has the name that stands for it.
#[test]
fn standard_input_is_not_gone_on_with() {
    let folder = folder("parts-stdin");
    fs::write(folder.join("-"), device(1)).unwrap();
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
