//! A list of indicators: apps with their packages and the certificates that sign them.

use std::collections::BTreeMap;

use octroi_core::{IdentifierForm, Platform, Signer};

use super::yaml::{Fault, Node, Value};

const PACKAGE: IdentifierForm = IdentifierForm::identifier(Platform::Android);

/// What a pack can carry, and a count of what it cannot.
#[derive(Debug, Default)]
pub(super) struct List {
    pub(super) apps: Vec<App>,
    /// The path of a key → how many values stand under it.
    left: BTreeMap<String, usize>,
    /// Apps that no identifier tells, with the number of their certificates.
    without_packages: Vec<(String, usize)>,
}

#[derive(Debug)]
pub(super) struct App {
    pub(super) name: String,
    pub(super) packages: Vec<String>,
    pub(super) signers: Vec<String>,
}

impl List {
    pub(super) fn read(text: &str) -> Result<Self, Fault> {
        let root = Node::read(text)?;
        let Value::List(rows) = &root.value else {
            return Err(root.fault("", "a list of apps"));
        };
        let mut list = Self::default();
        for (at, row) in rows.iter().enumerate() {
            list.add(row, &format!("[{at}]"))?;
        }
        if list.apps.is_empty() {
            return Err(root.fault("", "a list with at least one app that has packages"));
        }
        Ok(list)
    }

    /// What was in the list and is not in the pack, in lines for a person.
    pub(super) fn left_out(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if !self.left.is_empty() {
            lines.push("left out, since a policy has no place for it:".to_owned());
            let counts = self.left.iter();
            lines.extend(counts.map(|(key, count)| format!("  {key}: {count}")));
        }
        if !self.without_packages.is_empty() {
            lines.push("left out, since without a package nothing tells the app:".to_owned());
            let apps = self.without_packages.iter();
            lines.extend(
                apps.map(|(name, certificates)| format!("  {name} (certificates: {certificates})")),
            );
        }
        lines
    }

    fn add(&mut self, row: &Node, path: &str) -> Result<(), Fault> {
        let Value::Map(entries) = &row.value else {
            return Err(row.fault(path, "the keys of an app, among them `name`"));
        };
        let (mut name, mut packages, mut signers) = (None, Vec::new(), Vec::new());
        for (key, node) in entries {
            let path = format!("{path}.{key}");
            match key.as_str() {
                "name" => {
                    name = Some(text(node, &path, "the name of the app", |text| {
                        Some(text.to_owned())
                    })?)
                }
                "packages" => {
                    packages = texts(node, &path, PACKAGE.expected, |text| {
                        PACKAGE.holds(text).then(|| text.to_owned())
                    })?
                }
                "certificates" => {
                    signers = texts(
                        node,
                        &path,
                        "40 (SHA-1) or 64 (SHA-256) hexadecimal digits",
                        signer,
                    )?
                }
                _ => self.leave(key, node),
            }
        }
        let name = name.ok_or_else(|| row.fault(path, "a key `name`"))?;
        if packages.is_empty() {
            self.without_packages.push((name, signers.len()));
        } else {
            self.apps.push(App {
                name,
                packages,
                signers,
            });
        }
        Ok(())
    }

    fn leave(&mut self, key: &str, node: &Node) {
        match &node.value {
            Value::Map(entries) => {
                for (inner, node) in entries {
                    self.leave(&format!("{key}.{inner}"), node);
                }
            }
            _ => *self.left.entry(key.to_owned()).or_default() += node.texts(),
        }
    }
}

fn text(
    node: &Node,
    path: &str,
    expected: &str,
    read: impl Fn(&str) -> Option<String>,
) -> Result<String, Fault> {
    match &node.value {
        Value::Text(text) if !text.trim().is_empty() => read(text.trim()),
        _ => None,
    }
    .ok_or_else(|| node.fault(path, expected))
}

/// Each text once, in the order of the list.
fn texts(
    node: &Node,
    path: &str,
    expected: &str,
    read: impl Fn(&str) -> Option<String>,
) -> Result<Vec<String>, Fault> {
    let Value::List(nodes) = &node.value else {
        return Err(node.fault(path, "a list"));
    };
    let mut all = Vec::new();
    for (at, node) in nodes.iter().enumerate() {
        let text = text(node, &format!("{path}[{at}]"), expected, &read)?;
        if !all.contains(&text) {
            all.push(text);
        }
    }
    Ok(all)
}

/// The digest of a certificate, told by its length.
fn signer(text: &str) -> Option<String> {
    let kind = match text.len() {
        40 => "sha1",
        64 => "sha256",
        _ => return None,
    };
    let signer = format!("{kind}:{}", text.to_ascii_lowercase());
    Signer::parse(&signer).map(|_| signer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_policy_can_carry_is_carried_and_the_rest_is_counted() {
        let list = List::read(
            "- name: Lantern\n  names: [Lamp, Light]\n  packages: [org.example.lantern, org.example.lantern]\n  \
             certificates: [A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1]\n  c2: {ips: [192.0.2.1], domains: [a.example, b.example]}\n\
             - name: Ghost\n  certificates: [b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2]\n",
        )
        .unwrap();
        assert_eq!(list.apps.len(), 1);
        assert_eq!(list.apps[0].packages, ["org.example.lantern"]);
        assert_eq!(
            list.apps[0].signers,
            ["sha1:a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1"]
        );
        assert_eq!(
            list.left_out(),
            [
                "left out, since a policy has no place for it:",
                "  c2.domains: 2",
                "  c2.ips: 1",
                "  names: 2",
                "left out, since without a package nothing tells the app:",
                "  Ghost (certificates: 1)",
            ]
        );
    }

    #[test]
    fn the_length_of_a_digest_tells_its_kind() {
        assert_eq!(
            signer(&"AB".repeat(32)),
            Some(format!("sha256:{}", "ab".repeat(32)))
        );
        assert_eq!(
            signer(&"ab".repeat(20)),
            Some(format!("sha1:{}", "ab".repeat(20)))
        );
        assert_eq!(signer(&"ab".repeat(16)), None);
        assert_eq!(signer(&"xy".repeat(20)), None);
        assert_eq!(signer(&"é".repeat(20)), None);
    }
}
