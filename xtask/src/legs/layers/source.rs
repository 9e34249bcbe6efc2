//! Core's source names no file, network, clock, process or environment.
//!
//! The standard library is always there, so no list of dependencies keeps core from it. This reads the source as text:
//! it catches what is written by habit, not what is hidden on purpose.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::workspace::Workspace;

/// Names that may not stand in a path that begins with `std::`.
const FORBIDDEN: [&str; 8] = [
    "env",
    "fs",
    "io",
    "net",
    "os",
    "process",
    "Instant",
    "SystemTime",
];

/// What core's source names and may not.
pub(super) fn faults(workspace: &Workspace) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for path in rust_files(&workspace.path("core/src"))? {
        let source = fs::read_to_string(&path)
            .with_context(|| format!("cannot read `{}`", path.display()))?;
        let shown = path.strip_prefix(workspace.path("")).unwrap_or(&path);
        faults.extend(
            named(&source)
                .into_iter()
                .map(|name| format!("{}: names {name}", shown.display())),
        );
    }
    Ok(faults)
}

fn rust_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let cannot_list = || format!("cannot list `{}`", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(cannot_list)? {
        let path = entry.with_context(cannot_list)?.path();
        if path.is_dir() {
            files.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The forbidden names in this source, comments aside.
fn named(source: &str) -> Vec<String> {
    let code: Vec<_> = source
        .lines()
        .filter_map(|line| line.split("//").next())
        .collect();
    let code = code.join("\n");
    let mut names = Vec::new();
    for (_, rest) in code
        .match_indices("std::")
        .map(|(at, found)| code.split_at(at + found.len()))
    {
        for word in path(rest).split(|c: char| !c.is_alphanumeric() && c != '_') {
            if FORBIDDEN.contains(&word) {
                names.push(format!("`std::…{word}`"));
            }
        }
    }
    if code.contains("::now(") {
        names.push("`now()`".to_owned());
    }
    names
}

/// The rest of a path: to its end, or to the brace that closes its group.
fn path(rest: &str) -> &str {
    let mut depth = 0_usize;
    let end = rest.find(|c: char| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => return depth == 0 && !c.is_alphanumeric() && c != '_' && c != ':',
        }
        depth == 0
    });
    rest.split_at(end.unwrap_or(rest.len())).0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_is_found_however_it_is_named() {
        for (source, name) in [
            ("use std::fs;", "`std::…fs`"),
            ("let home = std::env::var(\"HOME\");", "`std::…env`"),
            (
                "use std::{\n    collections::BTreeMap,\n    net::{IpAddr, Ipv4Addr},\n};",
                "`std::…net`",
            ),
            (
                "use std::time::{Duration, SystemTime};",
                "`std::…SystemTime`",
            ),
            ("let at = Timestamp::now();", "`now()`"),
        ] {
            assert_eq!(named(source), [name], "{source}");
        }
    }

    #[test]
    fn what_is_pure_may_be_named() {
        for source in [
            "use std::collections::BTreeMap; fn fs() {}",
            "//! Never `std::fs`.\nuse std::{fmt, str};\nstruct SystemTime;",
            "std::mem::take(&mut env)",
        ] {
            assert!(named(source).is_empty(), "{source}");
        }
    }
}
