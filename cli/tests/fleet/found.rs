//! Folders and patterns that meet what is no file of devices, or has no name that is text.

#![cfg(unix)]

use std::{
    ffi::OsStr,
    fs,
    os::unix::{ffi::OsStrExt, net::UnixListener},
    path::Path,
    process::{Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{
    device,
    inputs::{command, fleet, folder, said},
    lines,
};

/// Runs it, unless it waits for somebody.
fn soon(folder: &Path, arguments: &[&str]) -> Output {
    let mut child = command(folder)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let started = Instant::now();
    while child.try_wait().unwrap().is_none() {
        let is_late = started.elapsed() > Duration::from_secs(60);
        if is_late {
            child.kill().unwrap();
        }
        assert!(!is_late, "{arguments:?}: it waits");
        thread::sleep(Duration::from_millis(10));
    }
    child.wait_with_output().unwrap()
}

fn ids(output: &Output) -> Vec<String> {
    let lines = lines(&output.stdout);
    let ids = lines.iter().map(|line| line["device_id"].as_str().unwrap());
    ids.map(str::to_owned).collect()
}

fn pipe(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status().unwrap();
    assert!(made.success());
}

/// Where a program leaves a pipe or a socket among the files, the run of the night does not wait for it until the morning.
#[test]
fn what_is_no_file_is_passed_over_and_named() {
    let folder = folder("found-no-file");
    fs::create_dir(folder.join("in")).unwrap();
    fs::write(folder.join("in/a.ndjson"), device(1)).unwrap();
    fs::write(folder.join("in/z.ndjson"), device(2)).unwrap();
    pipe(&folder.join("in/pipe.ndjson"));
    std::os::unix::fs::symlink("/dev/zero", folder.join("in/zero.json")).unwrap();
    // The name of a socket may not be long: a link to it is no other thing.
    let short = std::env::temp_dir().join(format!("octroi-{}.socket", std::process::id()));
    let socket = UnixListener::bind(&short).unwrap();
    std::os::unix::fs::symlink(&short, folder.join("in/socket.jsonl")).unwrap();
    for arguments in [&["in"][..], &["in/*"], &["**/*.*"], &["in/*", "in"]] {
        let output = soon(&folder, arguments);
        assert_eq!(ids(&output), ["d-1", "d-2"], "{arguments:?}");
        assert_eq!(output.status.code(), Some(0));
        let said = said(&output);
        let told = "  no file, so passed over: in/pipe.ndjson, in/socket.jsonl, in/zero.json\n";
        assert!(said.contains(told), "{arguments:?}: {said}");
    }
    drop(socket);
    fs::remove_file(short).unwrap();
    // Where nothing else is there, it is no run over nothing.
    let output = soon(&folder, &["in/p*"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("nothing that is a file or a folder"));
}

/// Whoever names a pipe has it read, and whoever writes into it is not left alone.
#[test]
fn a_pipe_that_is_named_is_read() {
    let folder = folder("found-pipe");
    fs::create_dir(folder.join("in")).unwrap();
    fs::write(folder.join("in/a.ndjson"), device(1)).unwrap();
    pipe(&folder.join("in/pipe.ndjson"));
    for (arguments, ids_of) in [
        ("in/pipe.ndjson", &["d-2"][..]),
        ("in in/pipe.ndjson", &["d-1", "d-2"]),
    ] {
        let script = format!(
            r#"(printf '%s' '{}' > in/pipe.ndjson) & "$0" fleet {arguments} > out; cat out"#,
            device(2)
        );
        let output = Command::new("sh")
            .current_dir(&folder)
            .args(["-c", &script, env!("CARGO_BIN_EXE_octroi")])
            .output()
            .unwrap();
        assert_eq!(ids(&output), ids_of, "{}", said(&output));
        assert!(!said(&output).contains("no file"), "{}", said(&output));
    }
}

/// One name from an old disk does not take the others with it.
#[test]
fn a_name_that_is_no_text_is_read_as_well() {
    let folder = folder("found-name");
    let odd = OsStr::from_bytes(b"\xFF\xFE.ndjson");
    fs::create_dir(folder.join("in")).unwrap();
    for (name, number) in [(OsStr::new("a.ndjson"), 1), (odd, 2)] {
        // Some file systems refuse such names: then there are none.
        if fs::write(folder.join("in").join(name), device(number)).is_err() {
            return;
        }
    }
    for pattern in ["in/*.ndjson", "in/*", "**/*.ndjson", "*/??.ndjson", "in"] {
        let output = fleet(&folder, &[pattern]);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(0), "{pattern}: {said}");
        let expected: &[&str] = match pattern.contains("??") {
            true => &["d-2"],
            false => &["d-1", "d-2"],
        };
        assert_eq!(ids(&output), expected, "{pattern}: {said}");
    }
}

/// What patterns met before, in the same order: a run that goes on compares its inputs.
#[test]
fn patterns_meet_what_they_say() {
    let folder = folder("found-patterns");
    for (number, name) in [
        "a.ndjson",
        "b/a.ndjson",
        "b/c/d.ndjson",
        "b/c/e.json",
        "c.ndjson",
        "b/.hidden/f.ndjson",
    ]
    .iter()
    .enumerate()
    {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, device(number)).unwrap();
    }
    let absolute = folder.join("b/*/d*").to_str().unwrap().to_owned();
    for (pattern, expected) in [
        ("**/*.ndjson", &["d-0", "d-1", "d-2", "d-4"][..]),
        ("**/**/*.ndjson", &["d-0", "d-1", "d-2", "d-4"]),
        ("./[ac].ndjson", &["d-0", "d-4"]),
        ("[!a].ndjson", &["d-4"]),
        ("A.NDJSON*", &["d-0"]),
        ("b/**/*", &["d-1", "d-2", "d-3"]),
        ("**/c/*", &["d-2", "d-3"]),
        ("b/../?.ndjson", &["d-0", "d-4"]),
        ("b/.*/*", &["d-5"]),
        ("*/", &["d-1", "d-2", "d-3"]),
        ("b/*/", &["d-2", "d-3"]),
        (&absolute, &["d-2"]),
    ] {
        let output = fleet(&folder, &[pattern]);
        assert_eq!(ids(&output), expected, "{pattern}: {}", said(&output));
    }
    for (pattern, found) in [
        ("*/*/*/*", "nothing of that name"),
        ("a.ndjson/*", "nothing of that name"),
        ("gone/*", "nothing of that name"),
        ("a**", "a pattern of"),
    ] {
        let output = fleet(&folder, &[pattern]);
        assert_eq!(output.status.code(), Some(2), "{pattern}");
        assert!(
            said(&output).contains(found),
            "{pattern}: {}",
            said(&output)
        );
    }
}
