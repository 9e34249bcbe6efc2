//! The command as people run it: every block of `commands/*.md`, of the README and of docs/fleet.md is run and compared.
//!
//! `TRYCMD=overwrite cargo test -p octroi` writes down what it prints now; read the difference before committing it.

#![expect(clippy::unwrap_used, reason = "helpers of tests may unwrap")]

use std::path::Path;

#[cfg(not(feature = "publish"))]
#[test]
fn the_command_prints_what_is_written_down() {
    commands()
        .case("cli/tests/commands/*.md")
        .case("README.md")
        .case("docs/fleet.md");
}

/// Of another build: the one that most have publishes nothing, and says so.
#[cfg(feature = "publish")]
#[test]
fn the_command_that_publishes_prints_what_is_written_down() {
    commands().case("cli/tests/commands/publish/*.md");
}

fn commands() -> trycmd::TestCases {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    std::env::set_current_dir(root).unwrap();
    let commands = trycmd::TestCases::new();
    commands
        .register_bin("octroi", trycmd::cargo::cargo_bin!("octroi"))
        .env("COLUMNS", "80")
        .env("LC_ALL", "C.UTF-8")
        .env("NO_COLOR", "1");
    commands
}
