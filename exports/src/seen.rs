//! What was seen, as the record has it: the one place where readers make identifiers.

use octroi_core::{Identifier, Label, Seen, SeenApp, Signer};

/// An app by its identifier, or `None` if that is empty.
pub(crate) fn by_id(
    id: &str,
    name: Option<Label<'static>>,
    signers: Vec<Signer>,
) -> Option<Seen<'static>> {
    Some(Seen::Id {
        id: Identifier::new(id.to_owned())?,
        name,
        signers,
    })
}

/// An app by its identifier, else by its name; `None` if it has neither.
pub(crate) fn by_id_or_name(id: Option<&str>, name: Option<&str>) -> Option<Seen<'static>> {
    let name = name.and_then(|name| Label::new(name.trim().to_owned()));
    match id.map(str::trim).filter(|id| !id.is_empty()) {
        Some(id) => by_id(id, name, Vec::new()),
        None => name.map(Seen::Name),
    }
}

/// An app of which only what it was recognised by and perhaps its version is known.
pub(crate) fn app(seen: Seen<'static>, version: Option<&str>) -> SeenApp<'static> {
    SeenApp {
        seen,
        first_installed: None,
        version: version.and_then(|version| Label::new(version.trim().to_owned())),
    }
}

/// Whether a text can be the name of a package or a bundle: letters, digits, `_`, `.` and `-` (the names of APEX modules and
/// vendors' oddities have it). A misread name must not count as some other app.
pub(crate) fn is_identifier(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    !text.is_empty() && text.bytes().all(is_allowed)
}
