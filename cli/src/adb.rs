//! Asking a plugged Android phone.

use std::{io, process::Command};

use crate::failure::Failure;

/// Every package of the phone, with its user: what a complete list takes.
const ARGUMENTS: [&str; 6] = ["shell", "pm", "list", "packages", "-i", "-U"];

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
    if output.status.success() && !output.stdout.is_empty() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said
        .lines()
        .rev()
        .find(|line| !line.trim().is_empty())
        .unwrap_or("nothing");
    Err(Failure::new(command, format!("{}: {said}", output.status), "the packages of one plugged phone")
        .help("plug in one phone, allow debugging on its screen, and see that `adb devices` lists it as `device`"))
}
