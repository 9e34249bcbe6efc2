//! What is too large: statements from programs that give more than a statement, and files of the wrong kind.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// A gateway that pipes in whatever comes: what has no end must not be kept in memory before it is refused.
#[test]
fn what_has_no_end_is_refused_while_it_goes_on() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_octroi"))
        .args(["evidence", "verify", "-"])
        .args(["--key", "YmINKXXNvRYU7GckNVXqW1k7Vx4Uf5UGXz5UaqYOC8I"])
        .args(["--nonce", "8f14e45fceea167a"])
        .args(["--audience", "https://gateway.example"])
        .args(["--format", "json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // It stays open, as if more came.
    let mut endless = child.stdin.take().unwrap();
    endless.write_all(&[b'A'; 66_000]).unwrap();
    let started = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if started.elapsed() > Duration::from_secs(30) {
            child.kill().unwrap();
            panic!("it still reads");
        }
        thread::sleep(Duration::from_millis(10));
    }
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("too_large"), "{said}");
    drop(endless);
}

/// A file of the wrong kind, a disk image say, is refused, and not held in memory first.
#[test]
fn what_is_too_large_for_one_device_is_refused() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("large.json");
    // Full of holes: it takes no room on the disk.
    let large = fs::File::create(&file).unwrap();
    large.set_len((32 << 20) + 1).unwrap();
    let mut check = Command::new(env!("CARGO_BIN_EXE_octroi"));
    let output = check.arg("check").arg(&file).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).unwrap();
    let expected = ["found:    more than 32 MiB", "expected: at most 32 MiB"];
    assert!(expected.iter().all(|line| error.contains(line)), "{error}");
}
