//! What a block of text cannot show: pipes, a phone's answer, colours.

#![expect(clippy::unwrap_used, reason = "helpers of tests may unwrap")]

use std::{
    env, fs,
    io::Write,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

const LIST: &str = "package:android uid:1000\npackage:com.zhiliaoapp.musically uid:10123\n";

fn octroi() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_octroi"));
    command
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .env("LC_ALL", "en_GB.UTF-8");
    command
}

fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

/// A folder with a program `adb` that does that.
fn stand_in(name: &str, script: &str) -> PathBuf {
    stand_in_for("adb", name, script)
}

/// A folder with a program that does that.
fn stand_in_for(program: &str, name: &str, script: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).unwrap();
    let program = folder.join(program);
    fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

#[test]
fn a_list_comes_through_a_pipe() {
    for file in [&["-"][..], &[]] {
        let mut child = octroi()
            .args([
                "check",
                "--ownership",
                "organization",
                "--at",
                "2023-05-02T08:00:00Z",
            ])
            .args(file)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(LIST.as_bytes())
            .unwrap();
        let (status, out, err) = said(&child.wait_with_output().unwrap());
        assert_eq!((status, err.as_str()), (Some(1), ""));
        assert!(out.starts_with("Access closed for this device\n"), "{out}");
    }
}

#[test]
fn no_colour_reaches_a_pipe_by_force_either() {
    for arguments in [
        &["check", "policies/examples/clean-phone.json"][..],
        &["check", "nothing.json"],
        &["check", "--at", "yesterday"],
        &["check", "--help"],
    ] {
        let output = octroi()
            .args(arguments)
            .env_remove("NO_COLOR")
            .env("CLICOLOR_FORCE", "1")
            .output()
            .unwrap();
        let (_, out, err) = said(&output);
        assert!(!(out + &err).contains('\u{1b}'), "{arguments:?}");
    }
}

/// An id that is broken in two is found nowhere.
#[test]
fn a_narrow_page_keeps_the_ids_of_legal_bases_whole() {
    for language in ["fr", "nl", "de", "en"] {
        for arguments in [
            &["policy", "show", "be-brussels-region"][..],
            &[
                "check",
                "policies/examples/undetermined-phone.json",
                "--policy",
                "be-brussels-region",
            ],
        ] {
            let output = octroi()
                .args(arguments)
                .args(["--lang", language])
                .env("COLUMNS", "60")
                .output()
                .unwrap();
            let (_, out, _) = said(&output);
            assert!(out.contains("[BXL-REGION-2023-03#"), "{out}");
            for line in out.lines() {
                assert!(line.chars().count() <= 60, "{line}");
                assert!(
                    !line.ends_with("BXL-REGION-") && !line.ends_with("2023-"),
                    "{line}"
                );
            }
        }
    }
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let mut child = octroi()
        .args(["policy", "show", "be-brussels-local"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let (status, _, err) = said(&child.wait_with_output().unwrap());
    assert_eq!((status, err.as_str()), (Some(0), ""));
}

/// Whoever redirects the help to a full disk learns that it is not there.
#[test]
fn what_cannot_be_written_is_an_error() {
    for arguments in [
        &["--help"][..],
        &["--version"],
        &["check", "--help"],
        &["policy", "list"],
    ] {
        let full = fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let output = octroi().args(arguments).stdout(full).output().unwrap();
        let (status, _, err) = said(&output);
        assert_eq!(status, Some(2), "{arguments:?}");
        assert!(err.contains("standard output"), "{arguments:?}: {err}");
    }
}

/// An editor that jumps to the column counts characters.
#[test]
fn a_column_is_counted_in_characters_whatever_the_file() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("é.json");
    let record = r#"{"device":{"id":"éé","platform":"beos"}}"#;
    let column = record.chars().position(|letter| letter == 'b').unwrap();
    for mark in ["", "\u{feff}"] {
        fs::write(&file, format!("{mark}{record}")).unwrap();
        let output = octroi().arg("check").arg(&file).output().unwrap();
        let (_, _, err) = said(&output);
        assert!(
            err.contains(&format!(":1:{column}: `device.platform`")),
            "{err}"
        );
    }
}

#[test]
fn a_deployment_may_begin_with_a_byte_order_mark() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    for name in ["marked.json", "marked.toml"] {
        let deployment = folder.join(name);
        let text = match name {
            "marked.json" => "\u{feff}{\"working_week\":\"mon-sat\"}",
            _ => "\u{feff}working_week = \"mon-sat\"\n",
        };
        fs::write(&deployment, text).unwrap();
        let output = octroi()
            .args([
                "check",
                "policies/examples/clean-phone.json",
                "--deployment",
            ])
            .arg(&deployment)
            .output()
            .unwrap();
        let (status, _, err) = said(&output);
        assert_eq!((status, err.as_str()), (Some(0), ""), "{name}");
    }
}

/// Who finds a full disk has to know from where to go on.
#[test]
fn a_fleet_that_cannot_be_written_says_how_far_it_came() {
    // A file may have one block: what comes after it cannot be written, as on a disk that fills up.
    let script = r#"ulimit -f 1; trap "" XFSZ; exec "$0" fleet "$1" > "$2""#;
    let output = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_octroi")])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/fleet/three.ndjson"))
        .arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join("one-block"))
        .output()
        .unwrap();
    let (status, _, err) = said(&output);
    assert_eq!(status, Some(2));
    assert!(err.contains("surely written: 0, up to line 0;"), "{err}");
}

/// Whoever has the direction of an arrow wrong would take nothing for an answer.
#[test]
fn an_output_that_is_open_for_reading_is_an_error() {
    for arguments in [
        &["--help"][..],
        &["policy", "list"],
        &["check", "policies/examples/clean-phone.json"],
        &["fleet", "cli/tests/fixtures/fleet/three.ndjson"],
    ] {
        let only_read = fs::File::open("/dev/null").unwrap();
        let output = octroi().args(arguments).stdout(only_read).output().unwrap();
        let (status, _, err) = said(&output);
        assert_eq!(status, Some(2), "{arguments:?}");
        assert!(err.contains("standard output"), "{arguments:?}: {err}");
    }
}

#[test]
fn notes_stay_out_of_the_json() {
    let arguments = [
        "check",
        "cli/tests/fixtures/pm-list.txt",
        "--format",
        "json",
        "--lang",
        "fr",
    ];
    let (status, out, err) = said(&octroi().args(arguments).output().unwrap());
    assert_eq!(status, Some(0));
    assert!(out.starts_with("{\n  \"format\": 1,"), "{out}");
    assert!(err.contains("pm list users; pm list packages"), "{err}");
}

#[test]
fn the_plugged_phone_is_asked_for_its_packages() {
    let folder = stand_in(
        "phone",
        &format!("[ \"$*\" = 'shell pm list users; pm list packages' ] && printf '{LIST}'"),
    );
    let arguments = [
        "check",
        "--adb",
        "--ownership",
        "organization",
        "--at",
        "2023-05-02T08:00:00Z",
    ];
    let (status, out, _) = said(
        &octroi()
            .args(arguments)
            .env("PATH", folder_first(&folder))
            .output()
            .unwrap(),
    );
    assert_eq!(status, Some(1), "{out}");
    assert!(out.contains("TikTok: installed."), "{out}");
}

/// An error beside the list says that it is not whole; what it shows stays seen.
#[test]
fn what_adb_says_beside_the_list_leaves_absence_open() {
    let list = "Users:\\n\\tUserInfo{0:Owner:c13} running\\npackage:android uid:1000\\npackage:org.mozilla.firefox uid:10123\\n";
    let noise = "echo '* daemon not running; starting now at tcp:5037' >&2; echo '* daemon started successfully' >&2";
    let error = "echo 'Failure calling service package: Broken pipe (32)' >&2";
    let cases = [
        (
            "daemon",
            format!("{noise}; printf '{list}'"),
            Some(0),
            "not installed.",
        ),
        (
            "users",
            format!(
                "printf '{}'",
                list.replace(
                    "package:android",
                    "UserInfo{10:Work:1030} running\\npackage:android"
                )
            ),
            Some(1),
            "we could not see.",
        ),
        (
            "no-users",
            format!(
                "printf '{}'",
                list.replace("Users:\\n\\tUserInfo{0:Owner:c13} running\\n", "")
            ),
            Some(1),
            "we could not see.",
        ),
        (
            "error",
            format!("printf '{list}'; {error}"),
            Some(1),
            "we could not see.",
        ),
        (
            "status",
            format!("printf '{list}'; exit 1"),
            Some(1),
            "we could not see.",
        ),
        (
            "seen",
            format!("printf '{}'; {error}; exit 255", LIST.replace('\n', "\\n")),
            Some(1),
            "installed.",
        ),
    ];
    for (name, script, expected, presence) in cases {
        let output = octroi()
            .args(["check", "--adb", "--ownership", "organization"])
            .env("PATH", folder_first(&stand_in(name, &script)))
            .output()
            .unwrap();
        let (status, out, err) = said(&output);
        assert_eq!((status, err.as_str()), (expected, ""), "{name}: {out}");
        assert!(
            out.contains(&format!("TikTok: {presence}")),
            "{name}: {out}"
        );
    }
}

/// What is asked now is not stale, and nothing was seen before it was asked.
#[test]
fn the_plugged_phone_is_seen_when_it_is_asked() {
    let path = folder_first(&stand_in(
        "now",
        "printf 'Users:\\n\\tUserInfo{0:Owner:c13} running\\npackage:android uid:1000\\npackage:org.mozilla.firefox\\n'",
    ));
    let deployment = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fresh.toml");
    fs::write(&deployment, "observation_valid_for = \"PT1H\"\n").unwrap();
    for (at, presence) in [
        (&[][..], "not installed."),
        (&["--at", "2023-05-02T08:00:00Z"], "we could not see."),
    ] {
        let output = octroi()
            .args(["check", "--adb", "--deployment"])
            .arg(&deployment)
            .args(at)
            .env("PATH", &path)
            .output()
            .unwrap();
        let (_, out, err) = said(&output);
        assert!(out.contains(&format!("TikTok: {presence}")), "{out}{err}");
    }
}

#[test]
fn a_phone_that_does_not_answer_is_told() {
    let refusing = stand_in(
        "no-phone",
        "echo 'adb: no devices/emulators found' >&2; exit 1",
    );
    let (status, out, err) = said(
        &octroi()
            .args(["check", "--adb"])
            .env("PATH", folder_first(&refusing))
            .output()
            .unwrap(),
    );
    assert_eq!((status, out.as_str()), (Some(2), ""));
    assert!(
        err.contains("found:    exit status: 1: adb: no devices/emulators found"),
        "{err}"
    );

    let empty = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no-adb");
    fs::create_dir_all(&empty).unwrap();
    let (status, _, err) = said(
        &octroi()
            .args(["check", "--adb"])
            .env("PATH", &empty)
            .output()
            .unwrap(),
    );
    assert_eq!(status, Some(2));
    assert!(err.contains("found:    no program `adb`"), "{err}");
}

/// No iPhone was ever attached to these tests: what the program prints is taken from its source.
#[test]
fn the_plugged_iphone_is_asked_for_its_apps() {
    let head = "CFBundleIdentifier, CFBundleShortVersionString, CFBundleDisplayName";
    let clean = format!("echo '{head}'; echo 'org.example.bank, \"4.1\", \"Bank\"'");
    let found = format!("{clean}; echo 'com.zhiliaoapp.musically, \"33.1\", \"TikTok\"'");
    let cases = [
        ("ios-clean", clean.clone(), Some(0), "not installed."),
        ("ios-found", found.clone(), Some(1), "installed."),
        (
            "ios-empty",
            format!("echo '{head}'"),
            Some(1),
            "we could not see.",
        ),
        (
            "ios-error",
            format!("{clean}; echo 'ERROR: instproxy_browse returned -5' >&2; exit 255"),
            Some(1),
            "we could not see.",
        ),
        (
            "ios-status",
            format!("{clean}; exit 1"),
            Some(1),
            "we could not see.",
        ),
        (
            "ios-seen",
            format!("{found}; exit 1"),
            Some(1),
            "installed.",
        ),
    ];
    for (name, script, expected, presence) in cases {
        let script = format!("[ \"$*\" = 'list --user' ] || exit 9\n{script}");
        let folder = stand_in_for("ideviceinstaller", name, &script);
        let output = octroi()
            .args(["check", "--ios", "--ownership", "organization"])
            .env("PATH", folder_first(&folder))
            .output()
            .unwrap();
        let (status, out, err) = said(&output);
        assert_eq!((status, err.as_str()), (expected, ""), "{name}: {out}");
        assert!(
            out.contains(&format!("TikTok: {presence}")),
            "{name}: {out}"
        );
    }
}

#[test]
fn an_iphone_that_does_not_answer_is_told() {
    let refusing = stand_in_for(
        "ideviceinstaller",
        "no-iphone",
        "echo 'No device found.' >&2; exit 1",
    );
    let empty = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no-ideviceinstaller");
    fs::create_dir_all(&empty).unwrap();
    for (path, found) in [
        (
            folder_first(&refusing),
            "found:    exit status: 1: No device found.",
        ),
        (
            empty.into_os_string(),
            "found:    no program `ideviceinstaller`",
        ),
    ] {
        let output = octroi().args(["check", "--ios"]).env("PATH", path).output();
        let (status, out, err) = said(&output.unwrap());
        assert_eq!((status, out.as_str()), (Some(2), ""));
        assert!(err.contains(found), "{err}");
    }
}

#[test]
fn the_locale_chooses_the_language() {
    for (locale, verdict) in [
        ("fr_BE.UTF-8", "Accès"),
        ("nl_BE", "Toegang"),
        ("de_DE", "Zugang"),
        ("it_IT", "Access"),
    ] {
        let output = octroi()
            .args(["check", "policies/examples/clean-phone.json"])
            .env("LC_ALL", locale)
            .output()
            .unwrap();
        assert!(said(&output).1.starts_with(verdict), "{locale}");
    }
}

fn folder_first(folder: &Path) -> std::ffi::OsString {
    let mut paths = vec![folder.to_owned()];
    paths.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    env::join_paths(paths).unwrap()
}
