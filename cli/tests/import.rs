//! A list of indicators becomes a pack that builds and passes its tests before anybody has written a word of it.

#![expect(clippy::unwrap_used, reason = "helpers of tests may unwrap")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

#[test]
fn a_list_becomes_a_pack() {
    let folder = fresh("invented-list");
    let list = "tests/fixtures/indicators.yaml";
    let imported = octroi(&[
        "policy",
        "import",
        list,
        &name(&folder),
        "--learnt-from",
        "an invented list",
    ]);
    assert_eq!(
        String::from_utf8_lossy(&imported.stderr),
        "left out, since a policy has no place for it:\n  c2.domains: 2\n  c2.ips: 1\n  names: 2\n  type: 1\n  websites: 2\n\
         left out, since without a package nothing tells the app:\n  Only a website (certificates: 1)\n"
    );
    let said = String::from_utf8_lossy(&imported.stdout).into_owned();
    assert!(
        said.ends_with(": 2 apps, 3 identifiers, 2 signers\n"),
        "{said}"
    );

    let tested = octroi(&["policy", "test", &name(&folder)]);
    assert!(
        tested.status.success(),
        "{}",
        String::from_utf8_lossy(&tested.stdout)
    );

    let built = octroi(&["policy", "build", &name(&folder)]);
    let policy: serde_json::Value = serde_json::from_slice(&built.stdout).unwrap();
    assert_eq!(policy["id"], "invented-list");
    assert_eq!(
        policy["rules"][0]["apps"],
        serde_json::json!(["lantern", "ferry-two"])
    );
    assert_eq!(policy["catalogue"]["ferry-two"]["name"], "Ferry \"Two\"");
    let lantern = &policy["catalogue"]["lantern"];
    assert_eq!(lantern["identifiers"][0]["learnt_from"], "an invented list");
    assert_eq!(
        lantern["signers"]["org.example.lantern.service"],
        serde_json::json!([
            format!("sha1:{}", "a1".repeat(20)),
            format!("sha256:{}", "b2".repeat(32))
        ])
    );

    let again = octroi(&["policy", "import", list, &name(&folder)]);
    assert_eq!(
        again.status.code(),
        Some(2),
        "what is there is not overwritten"
    );
}

#[test]
fn nothing_is_written_of_a_list_with_a_fault() {
    let folder = fresh("faulty-list");
    let imported = octroi(&[
        "policy",
        "import",
        "tests/fixtures/indicators-short-digest.yaml",
        &name(&folder),
    ]);
    assert_eq!(imported.status.code(), Some(2));
    assert!(!folder.exists());
}

fn fresh(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    folder
}

fn name(folder: &Path) -> String {
    folder.display().to_string()
}

fn octroi(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_octroi"));
    command
        .args(arguments)
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}
