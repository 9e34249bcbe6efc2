//! The command as people run it: every block of `commands/*.md` and of the README is run and compared.
//!
//! `TRYCMD=overwrite cargo test -p octroi` writes down what it prints now; read the difference before committing it.

use std::path::Path;

#[test]
fn the_command_prints_what_is_written_down() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    std::env::set_current_dir(root).unwrap();
    trycmd::TestCases::new()
        .register_bin("octroi", trycmd::cargo::cargo_bin!("octroi"))
        .env("COLUMNS", "80")
        .env("LC_ALL", "C.UTF-8")
        .env("NO_COLOR", "1")
        .case("cli/tests/commands/*.md")
        .case("README.md");
}
