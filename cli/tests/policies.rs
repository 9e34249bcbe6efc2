//! What authors do with policies of their own.

#![expect(clippy::unwrap_used, reason = "helpers of tests may unwrap")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// What `octroi policy …` exits with and prints.
fn policy(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_octroi"))
        .arg("policy")
        .args(arguments)
        .env("LC_ALL", "C.UTF-8")
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

/// An empty place for a folder of that name.
fn place(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    folder
}

/// The circular's pack with some of its text replaced, as an author would.
fn local(name: &str, changes: &[(&str, &str)]) -> PathBuf {
    let folder = place(name).join("pack");
    fs::create_dir_all(&folder).unwrap();
    let house = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies");
    for (from, to) in [
        ("be-brussels-local/policy.toml", "policy.toml"),
        ("be-brussels-local/scenarios.toml", "scenarios.toml"),
        ("catalogue.toml", "../catalogue.toml"),
    ] {
        let mut text = fs::read_to_string(house.join(from)).unwrap();
        if to == "policy.toml" {
            for (before, after) in changes {
                assert!(text.contains(before), "{before}");
                text = text.replacen(before, after, 1);
            }
        }
        fs::write(folder.join(to), text).unwrap();
    }
    folder
}

#[test]
fn a_new_pack_is_clean_passes_its_tests_and_is_not_overwritten() {
    let folder = place("new-pack");
    let path = folder.to_str().unwrap();
    assert_eq!(policy(&["new", path]).0, Some(0));
    for arguments in [
        &["lint", path, "--deny-warnings"][..],
        &["test", path],
        &["show", path],
        &["table", path],
        &["build", path],
    ] {
        let (status, said) = policy(arguments);
        assert_eq!(status, Some(0), "{arguments:?}: {said}");
    }
    fs::remove_file(folder.join("scenarios.toml")).unwrap();
    assert_eq!(policy(&["new", path]).0, Some(2));
    assert!(!folder.join("scenarios.toml").exists());
}

#[test]
fn a_new_pack_has_an_id() {
    let folder = place("No id");
    let path = folder.to_str().unwrap();
    let (status, said) = policy(&["new", path]);
    assert_eq!(status, Some(2), "{said}");
    assert!(said.contains("--id"), "{said}");
    assert_eq!(policy(&["new", path, "--id", "an-id"]).0, Some(0));
    let written = fs::read_to_string(folder.join("policy.toml")).unwrap();
    assert!(written.contains("id      = \"an-id\"\n"));
}

#[test]
fn a_longer_term_changes_the_days_between_and_what_is_due() {
    let ten_days = [
        ("working_days = 5", "working_days = 10"),
        ("version = 1", "version = 2"),
    ];
    let folder = local("ten-days", &ten_days);
    let (status, said) = policy(&["diff", "be-brussels-local", folder.to_str().unwrap()]);
    assert_eq!(status, Some(1));
    let expected = "\
be-brussels-local version 1 -> be-brussels-local version 2
1020 of 5346 situations change.

TikTok: it is there, installed until 27 March 2023, or at an unknown time
  service device; from 27 March 2023 to 3 April 2023
    no longer: remove the app by 3 April 2023 (pending) (390)
  service device; from 27 March 2023 to 11 April 2023
    newly: remove the app by 11 April 2023 (pending) (585)
  service device; from 4 April 2023 to 11 April 2023
    access: deny -> permit, status: noncompliant -> in_grace_period, network: none -> service (195)
  service device; from 4 April 2023
    no longer: remove the app by 3 April 2023 (overdue) (585)
  service device; from 12 April 2023
    newly: remove the app by 11 April 2023 (overdue) (390)
  undetermined device; from 4 April 2023 to 11 April 2023
    status: noncompliant -> unknown (45)
    newly: hangs on funding.usage (24)
    newly: hangs on funding.subscription (24)
    newly: hangs on funding.purchase (24)
    newly: hangs on ownership (24)

TikTok: notified on another day, its removal is due on another one (3653 of 3653 days, such as 27 March 2023: 3 April 2023 -> 11 April 2023)

Keys that differ: rules, version
";
    assert_eq!(said, expected);
    let (_, json) = policy(&[
        "diff",
        "be-brussels-local",
        folder.to_str().unwrap(),
        "--format",
        "json",
    ]);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (&json["changed"], &json["situations"]),
        (&1020.into(), &5346.into())
    );
    assert_eq!(json["changes"].as_array().unwrap().len(), 10);
}

#[test]
fn a_change_under_the_same_version_is_a_warning() {
    let folder = local("same-version", &[("working_days = 5", "working_days = 10")]);
    let path = folder.to_str().unwrap();
    let (status, said) = policy(&["lint", path]);
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("warning[version_not_raised]"), "{said}");
    assert_eq!(policy(&["lint", path, "--deny-warnings"]).0, Some(1));
    // Beside itself it is no other.
    let (status, said) = policy(&["lint", path, "--deny-warnings", "--against", path]);
    assert_eq!((status, said.as_str()), (Some(0), "0 errors, 0 warnings\n"));
}

#[test]
fn an_entry_from_the_catalogue_beside_is_shown_there() {
    let folder = place("beside");
    let pack = folder.join("pack");
    fs::create_dir_all(&pack).unwrap();
    let local = local("beside-from", &[]);
    fs::copy(local.join("policy.toml"), pack.join("policy.toml")).unwrap();
    let catalogue = fs::read_to_string(local.join("../catalogue.toml")).unwrap();
    assert!(catalogue.contains("platforms   = [\"android\", \"chromeos\"]"));
    let catalogue = catalogue.replace(
        "platforms   = [\"android\", \"chromeos\"]",
        "platforms   = [\"chromeos\"]",
    );
    fs::write(folder.join("catalogue.toml"), catalogue).unwrap();
    let (_, said) = policy(&["lint", pack.to_str().unwrap()]);
    let place = said
        .lines()
        .find(|line| line.contains("platform_without_identifier"))
        .unwrap();
    assert!(place.contains("catalogue.toml:"), "{said}");
}

#[test]
fn the_page_to_print_stands_alone_in_every_language() {
    for language in ["fr", "nl", "de", "en"] {
        let (status, page) = policy(&[
            "table",
            "be-brussels-local",
            "--lang",
            language,
            "--format",
            "html",
        ]);
        assert_eq!(status, Some(0));
        assert!(page.starts_with(&format!("<!DOCTYPE html>\n<html lang=\"{language}\">")));
        assert!(page.contains("@media print") && page.ends_with("</html>\n"));
        let (_, body) = page.split_once("</style>").unwrap();
        for sign in ["{", "<script", "src=", "http:"] {
            assert!(!body.contains(sign), "{language}: {sign}");
        }
        assert_eq!(page.matches("<tr>").count(), 24, "{language}");
    }
}

#[test]
fn a_folder_that_cannot_be_created_is_not_one_that_cannot_be_read() {
    let file = place("a-file");
    fs::write(&file, "").unwrap();
    let (status, said) = policy(&["new", file.join("my-policy").to_str().unwrap()]);
    assert_eq!(status, Some(2));
    assert!(
        said.contains("expected: a folder that can be created"),
        "{said}"
    );
}

/// Whoever copies a pack that ships leaves the catalogue behind that it shares with the others.
#[test]
fn a_pack_without_its_catalogue_is_told_what_is_missing() {
    let pack = local("without-a-catalogue", &[]);
    fs::remove_file(pack.join("../catalogue.toml")).unwrap();
    for command in ["lint", "test"] {
        let (_, said) = policy(&[command, pack.to_str().unwrap()]);
        assert!(said.contains("a file `catalogue.toml`"), "{said}");
    }
}

/// The bare name would mean either of two policies.
#[test]
fn what_to_do_next_works_for_the_name_of_a_policy_that_ships() {
    let folder = place("of-a-name");
    fs::create_dir_all(&folder).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_octroi"))
        .args(["policy", "new", "be-brussels-local"])
        .current_dir(&folder)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        said.contains("  octroi policy test ./be-brussels-local\n"),
        "{said}"
    );
}
