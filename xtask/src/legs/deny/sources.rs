//! Every package comes from a place that is allowed.

use super::rules::Sources;
use crate::metadata::Metadata;

/// The packages that do not.
pub(super) fn faults(rules: &Sources, metadata: &Metadata) -> Vec<String> {
    let mut faults = Vec::new();
    for package in &metadata.packages {
        if let Some(source) = &package.source
            && !is_allowed(source, rules)
        {
            faults.push(format!(
                "{}: its source `{source}` is not allowed",
                package.described(metadata)
            ));
        }
    }
    faults
}

fn is_allowed(source: &str, rules: &Sources) -> bool {
    let Some((kind, address)) = source.split_once('+') else {
        return false;
    };
    match kind {
        "registry" => rules
            .allow_registry
            .iter()
            .any(|allowed| allowed == address),
        // cargo names a sparse registry by its whole address
        "sparse" => rules.allow_registry.iter().any(|allowed| allowed == source),
        "git" => rules
            .allow_git
            .iter()
            .any(|allowed| allowed == repository(address)),
        _ => false,
    }
}

/// The address without branch, tag and commit.
fn repository(address: &str) -> &str {
    address.split(['?', '#']).next().unwrap_or(address)
}

#[cfg(test)]
mod tests {
    const RULES: &str = r#"
        unknown-registry = "deny"
        unknown-git = "deny"
        allow-registry = ["https://github.com/rust-lang/crates.io-index"]
        allow-git = ["https://example.org/allowed"]
    "#;

    fn is_allowed(source: &str) -> bool {
        super::is_allowed(source, &toml::from_str(RULES).unwrap())
    }

    #[test]
    fn known_places_are_allowed() {
        assert!(is_allowed(
            "registry+https://github.com/rust-lang/crates.io-index"
        ));
        assert!(is_allowed(
            "git+https://example.org/allowed?branch=main#0123456"
        ));
    }

    #[test]
    fn all_others_are_not() {
        for source in [
            "registry+https://example.org/index",
            "sparse+https://example.org/index/",
            "git+https://example.org/other#0123456",
            "git+https://example.org/allowed-not#0123456",
            "somewhere",
        ] {
            assert!(!is_allowed(source), "{source}");
        }
    }
}
