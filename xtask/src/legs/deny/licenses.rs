//! Every package can be had under licences that are allowed.

use anyhow::{Context, Result};
use spdx::{Expression, Licensee, ParseMode};

use super::rules::Licenses;
use crate::metadata::Metadata;

/// The packages that cannot.
pub(super) fn faults(rules: &Licenses, metadata: &Metadata) -> Result<Vec<String>> {
    let mut allowed = Vec::new();
    for license in &rules.allow {
        let known =
            Licensee::parse(license).with_context(|| format!("`deny.toml` allows `{license}`"))?;
        allowed.push(known);
    }
    let mut faults = Vec::new();
    for package in &metadata.packages {
        if let Err(fault) = judge(package.license.as_deref(), &allowed) {
            faults.push(format!("{}: {fault}", package.described(metadata)));
        }
    }
    Ok(faults)
}

fn judge(license: Option<&str>, allowed: &[Licensee]) -> Result<(), String> {
    let license = license.ok_or("states no licence")?;
    // crates.io still has the old `MIT/Apache-2.0`
    let expression = Expression::parse_mode(license, ParseMode::LAX)
        .map_err(|error| format!("`{license}` is no licence expression: {}", error.reason))?;
    if !expression.evaluate(|required| allowed.iter().any(|license| license.satisfies(required))) {
        return Err(format!("its licence `{license}` is not allowed"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(license: &str) -> Result<(), String> {
        let allowed =
            ["MIT", "Apache-2.0", "Unicode-3.0"].map(|license| Licensee::parse(license).unwrap());
        super::judge(Some(license), &allowed)
    }

    #[test]
    fn one_of_several_is_enough_where_there_is_a_choice() {
        for license in [
            "MIT",
            "GPL-3.0 OR MIT",
            "MIT/Apache-2.0",
            "(MIT OR Apache-2.0) AND Unicode-3.0",
        ] {
            assert_eq!(judge(license), Ok(()), "{license}");
        }
    }

    #[test]
    fn forbidden_licences_are_faults() {
        for license in [
            "GPL-3.0-or-later",
            "MIT AND GPL-3.0",
            "Apache-2.0 WITH LLVM-exception",
            "MPL-2.0",
        ] {
            assert_eq!(
                judge(license),
                Err(format!("its licence `{license}` is not allowed"))
            );
        }
    }

    #[test]
    fn what_is_not_stated_is_a_fault() {
        assert_eq!(super::judge(None, &[]), Err("states no licence".to_owned()));
        assert!(
            judge("mine")
                .unwrap_err()
                .starts_with("`mine` is no licence expression")
        );
    }
}
