//! Asking a plugged Android phone.

use std::{io, process::Command};

use crate::failure::Failure;

/// Every package of the phone, with its user: what a complete list takes.
const ARGUMENTS: [&str; 6] = ["shell", "pm", "list", "packages", "-i", "-U"];

/// What the phone lists, behind whatever adb says on standard error: one list for the reader, in which each line that is no
/// package shows that the list is not complete.
pub(crate) fn packages() -> Result<Vec<u8>, Failure> {
    let command = format!("adb {}", ARGUMENTS.join(" "));
    let output = Command::new("adb")
        .args(ARGUMENTS)
        .output()
        .map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Failure::new(
                &command,
                "no program `adb`",
                "Android's platform tools on the PATH",
            )
            .help("install them, or bring a list made elsewhere: octroi check list.txt"),
            _ => Failure::new(&command, error.to_string(), "a program that starts"),
        })?;
    if output.stdout.split(|byte| *byte == b'\n').any(is_package) {
        let mut list = String::from_utf8_lossy(&output.stderr)
            .into_owned()
            .into_bytes();
        list.push(b'\n');
        if !output.status.success() {
            // pm failed on its way: what it printed before is still there.
            list.extend(format!("adb: {}\n", output.status).into_bytes());
        }
        // Last, so that the reader sees whether its last line is cut.
        list.extend(output.stdout);
        return Ok(list);
    }
    let said = [output.stdout, output.stderr].join(&b'\n');
    let said = String::from_utf8_lossy(&said);
    let said = said
        .lines()
        .rev()
        .find(|line| !line.trim().is_empty())
        .unwrap_or("nothing");
    Err(Failure::new(command, format!("{}: {said}", output.status), "the packages of one plugged phone")
        .help("plug in one phone, allow debugging on its screen, and see that `adb devices` lists it as `device`"))
}

fn is_package(line: &[u8]) -> bool {
    line.trim_ascii_start().starts_with(b"package:")
}
