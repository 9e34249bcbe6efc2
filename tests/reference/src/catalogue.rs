//! What the given policies know of an app on one platform, put together.

use serde_json::Value;

use crate::json::{list, text, texts};

/// An identifier, a scheme or a developer's signer, and whether the group that names it is marked as interpretation.
pub(crate) struct Mark<'a> {
    pub(crate) text: &'a str,
    pub(crate) marked: bool,
}

/// The shared entry of an app (reading 5), seen from one platform.
#[derive(Default)]
pub(crate) struct Entry<'a> {
    pub(crate) ids: Vec<Mark<'a>>,
    pub(crate) schemes: Vec<Mark<'a>>,
    pub(crate) developer_signers: Vec<Mark<'a>>,
    pub(crate) display_names: Vec<&'a str>,
    /// Identifier and one of its known signers.
    pub(crate) signers: Vec<(&'a str, &'a str)>,
    /// For each statement that the app is not published here: whether it is marked.
    pub(crate) not_published: Vec<bool>,
}

impl<'a> Entry<'a> {
    pub(crate) fn of(app: &str, platform: &str, policies: &'a [Value]) -> Self {
        let mut entry = Entry::default();
        for policy in policies {
            let Some(known) = policy
                .get("catalogue")
                .and_then(|catalogue| catalogue.get(app))
            else {
                continue;
            };
            entry.display_names.extend(texts(known, "display_names"));
            for group in list(known, "identifiers") {
                if texts(group, "platforms").contains(&platform) {
                    let marked = group.get("interpretation").is_some();
                    let marks = |key| {
                        texts(group, key)
                            .into_iter()
                            .map(move |text| Mark { text, marked })
                    };
                    entry.ids.extend(marks("ids"));
                    entry.schemes.extend(marks("schemes"));
                    entry.developer_signers.extend(marks("developer_signers"));
                }
            }
            for statement in list(known, "not_published") {
                if texts(statement, "platforms").contains(&platform) {
                    entry
                        .not_published
                        .push(statement.get("interpretation").is_some());
                }
            }
            for (id, signers) in known
                .get("signers")
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
            {
                for signer in signers
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
                {
                    entry.signers.push((id, signer));
                }
            }
        }
        entry
    }

    /// Whether the app has any identifier on this platform (reading 6).
    pub(crate) fn covers_platform(&self) -> bool {
        !self.ids.is_empty() || !self.schemes.is_empty() || !self.developer_signers.is_empty()
    }
}

/// Whether two identifiers are the same one: on Windows whichever of its names is used (reading 7), elsewhere exactly.
pub(crate) fn same_id(platform: &str, one: &str, other: &str) -> bool {
    if platform != "windows" {
        return one == other;
    }
    let (Some((name, publisher)), Some((other_name, other_publisher))) =
        (windows_name(one), windows_name(other))
    else {
        return one == other;
    };
    let same_publisher = match (publisher, other_publisher) {
        (Some(publisher), Some(other)) => publisher == other,
        _ => true,
    };
    name == other_name && same_publisher
}

/// Name and publisher id of a package name, a family name or a full name.
fn windows_name(id: &str) -> Option<(&str, Option<&str>)> {
    let parts: Vec<&str> = id.split('_').collect();
    match parts.as_slice() {
        [name] => Some((name, None)),
        [name, publisher] | [name, _, _, _, publisher] => Some((name, Some(publisher))),
        _ => None,
    }
}

/// The digest kind of a signer: `sha256` or `sha1`.
pub(crate) fn digest_kind(signer: &str) -> &str {
    signer.split(':').next().unwrap_or(signer)
}

/// The signers of an app entry of the record.
pub(crate) fn signers_of(entry: &Value) -> Vec<&str> {
    texts(entry, "signers")
}

/// Whether an app entry of the record is a name alone.
pub(crate) fn is_name_alone(entry: &Value) -> bool {
    text(entry, "id").is_none() && text(entry, "scheme").is_none()
}
