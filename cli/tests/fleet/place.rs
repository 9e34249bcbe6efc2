//! Where a report stands: in place of nothing but the report before.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use crate::{
    device,
    inputs::{fleet, folder, said},
};

/// A folder with devices, rules, a key and earlier outputs.
fn begun(name: &str) -> PathBuf {
    let folder = folder(name);
    fs::write(folder.join("a.ndjson"), device(1)).unwrap();
    fs::write(folder.join("names.key"), [1; 32]).unwrap();
    fs::write(folder.join("deployment.toml"), "").unwrap();
    let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies");
    fs::create_dir(folder.join("pack")).unwrap();
    for name in ["policy.toml", "scenarios.toml"] {
        let from = policies.join("be-brussels-local").join(name);
        fs::copy(from, folder.join("pack").join(name)).unwrap();
    }
    fs::copy(
        policies.join("catalogue.toml"),
        folder.join("catalogue.toml"),
    )
    .unwrap();
    fs::write(folder.join("budget.html"), "<!doctype html>\n<p>1,000</p>").unwrap();
    let earlier = fleet(&folder, &["a.ndjson", "--output", "earlier"]);
    assert_eq!(earlier.status.code(), Some(0), "{}", said(&earlier));
    fs::copy(
        folder.join("earlier/part-00000.ndjson"),
        folder.join("earlier.ndjson"),
    )
    .unwrap();
    folder
}

/// All files that are there, with what they hold.
fn content(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(content(&path)),
            false if path.is_file() => {
                let content = fs::read(&path).unwrap();
                found.push((path, content));
            }
            false => {}
        }
    }
    found.sort();
    found
}

fn assert_refused(output: &Output, found: &str, arguments: &str) {
    let said = said(output);
    assert_eq!(output.status.code(), Some(2), "{arguments}: {said}");
    assert!(said.contains(found), "{arguments}: {said}");
    assert!(said.contains("expected: "), "{arguments}: {said}");
    assert!(output.stdout.is_empty(), "{arguments}");
}

/// Whoever mistypes the name of the report keeps the key that finds the devices again, the rules, and what was said before.
#[test]
fn a_report_replaces_nothing_of_its_run() {
    let folder = begun("report-replaces");
    let before = content(&folder);
    let read = "a file that is read as well";
    for (arguments, found) in [
        ("--report a.ndjson", read),
        ("--report names.key --pseudonymise names.key", read),
        (
            "--report ./deployment.toml --deployment deployment.toml",
            read,
        ),
        ("--report pack/policy.toml --policy pack/policy.toml", read),
        ("--report pack/page.html --policy pack", read),
        ("--report earlier.ndjson --since earlier.ndjson", read),
        ("--report earlier/page.html --since earlier", read),
        ("--report earlier/_manifest.json --since earlier/", read),
        ("--report budget.html", "a file that is no report"),
        ("--report earlier", "a folder"),
        ("--report -", "a report is a file"),
        ("--report ..", "a folder"),
        ("--report gone/..", "no name of a file"),
    ] {
        let words: Vec<_> = arguments.split(' ').collect();
        let output = fleet(&folder, &[&["a.ndjson"], &words[..]].concat());
        assert_refused(&output, found, arguments);
        assert_eq!(content(&folder), before, "{arguments}");
    }
    let arguments = [
        "a.ndjson",
        "--output",
        "parts",
        "--report",
        "parts/page.html",
    ];
    let output = fleet(&folder, &arguments);
    assert_refused(&output, "a file in the folder of --output", "--output");
    assert!(!folder.join("parts/page.html").exists());
}

/// The same, whatever leads there. No report is asked for in place of a true device: who runs this may be allowed to replace one.
#[cfg(unix)]
#[test]
fn a_report_replaces_no_stream_and_no_device() {
    let folder = begun("report-streams");
    let before = content(&folder);
    let (read, written) = (
        "a file that is read as well",
        "a file that is written to as well",
    );
    let device = "a device, a pipe or a socket";
    for (script, found) in [
        (r#""$0" fleet a.ndjson --report out > out"#, written),
        (r#""$0" fleet a.ndjson --report link > out"#, written),
        (r#""$0" fleet --report a.ndjson < a.ndjson"#, read),
        (
            r#"ln names.key hard; "$0" fleet a.ndjson --report hard --pseudonymise names.key"#,
            read,
        ),
        (r#"mkfifo pipe; "$0" fleet a.ndjson --report pipe"#, device),
        (
            r#"ln -s loop loop; "$0" fleet a.ndjson --report loop"#,
            "loop",
        ),
    ] {
        let _ = fs::remove_file(folder.join("link"));
        std::os::unix::fs::symlink("out", folder.join("link")).unwrap();
        let output = Command::new("sh")
            .current_dir(&folder)
            .args(["-c", script, env!("CARGO_BIN_EXE_octroi")])
            .output()
            .unwrap();
        assert_refused(&output, found, script);
        for made in ["out", "hard", "pipe", "loop", "link"] {
            let _ = fs::remove_file(folder.join(made));
        }
        assert_eq!(content(&folder), before, "{script}");
    }
}

/// Who has the page of each day behind one name, or lets a group read it, finds it so the next day.
#[cfg(unix)]
#[test]
fn a_report_keeps_the_link_and_the_mode() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = begun("report-link");
    let mode = |name: &str| {
        let metadata = fs::metadata(folder.join(name)).unwrap();
        metadata.permissions().mode() & 0o777
    };
    fs::create_dir(folder.join("pages")).unwrap();
    symlink("pages/today.html", folder.join("page.html")).unwrap();
    let run = || {
        let output = fleet(&folder, &["a.ndjson", "--report", "page.html"]);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let link = fs::read_link(folder.join("page.html")).unwrap();
        assert_eq!(link, Path::new("pages/today.html"));
        let page = fs::read_to_string(folder.join("pages/today.html")).unwrap();
        assert!(page.starts_with(octroi_report::BEGINNING), "{page:.40}");
        assert_eq!(content(&folder.join("pages")).len(), 1);
    };
    // Where there is none, it is nobody else's: it names devices.
    run();
    assert_eq!(mode("page.html"), 0o600);
    for kept in [0o640, 0o444, 0o604] {
        let permissions = fs::Permissions::from_mode(kept);
        fs::set_permissions(folder.join("pages/today.html"), permissions).unwrap();
        run();
        assert_eq!(mode("page.html"), kept);
    }
}

/// What is not whole yet takes nobody's file, and two runs do not write into each other's page.
#[test]
fn two_runs_to_one_report_are_each_whole() {
    let folder = begun("report-two");
    let notes = "mine\n";
    fs::write(folder.join("page.html.partial"), notes).unwrap();
    let devices: String = (1..2_000).map(|number| device(number) + "\n").collect();
    fs::write(folder.join("many.ndjson"), devices).unwrap();
    let arguments = ["--at", crate::AT, "--report", "page.html"];
    let page_of = |input: &str| {
        let output = fleet(&folder, &[&[input], &arguments[..]].concat());
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        fs::read(folder.join("page.html")).unwrap()
    };
    let pages = [page_of("a.ndjson"), page_of("many.ndjson")];
    for _ in 0..5 {
        let start = |input: &str| {
            let mut command = crate::inputs::command(&folder);
            command.arg(input).args(arguments);
            command.stdout(std::process::Stdio::null());
            command.stderr(std::process::Stdio::null());
            command.spawn().unwrap()
        };
        for mut child in [start("many.ndjson"), start("a.ndjson")] {
            assert_eq!(child.wait().unwrap().code(), Some(0));
        }
        assert!(pages.contains(&fs::read(folder.join("page.html")).unwrap()));
    }
    let kept = fs::read_to_string(folder.join("page.html.partial")).unwrap();
    assert_eq!(kept, notes);
    let left = content(&folder).into_iter();
    let mut left = left.filter(|(path, _)| path.to_string_lossy().contains(".octroi-"));
    assert_eq!(left.next(), None);
}

/// Whoever may not write there reads which report it was, and what is needed: no name that octroi made up.
#[test]
fn a_folder_that_takes_no_report_is_named() {
    let folder = begun("report-folder");
    let mut cases = vec!["gone/page.html", "a.ndjson/page.html"];
    let closed = folder.join("closed");
    fs::create_dir(&closed).unwrap();
    let mut permissions = fs::metadata(&closed).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&closed, permissions).unwrap();
    // To an administrator no folder is closed.
    if fs::write(closed.join("try"), "").is_err() {
        cases.push("closed/page.html");
    }
    for report in cases {
        let output = fleet(&folder, &["a.ndjson", "--report", report]);
        assert_refused(&output, "expected: a folder that may be written to", report);
        let said = said(&output);
        assert!(said.contains(&format!("error: {report}\n")), "{said}");
        assert!(!said.contains("partial"), "{said}");
    }
}
