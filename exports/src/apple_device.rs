//! What an Apple device says of itself: its answer to DeviceInformation.

use octroi_core::Platform;

use crate::{
    error::{ExportError, Place, excerpt},
    note::Note,
    part::{Claim, Part},
    property_list::Value,
};

/// Where the answer stands.
pub(crate) const ABOUT: &str = "QueryResponses";

/// Takes over the platform, and what it says of the owner: nothing certain.
pub(crate) fn look(about: Value, part: &mut Part) -> Result<(), ExportError> {
    let wrong = |key: Option<&str>, found: &str, expected: &str| {
        let path = key.map_or(ABOUT.to_owned(), |key| format!("{ABOUT}.{key}"));
        Err(ExportError::new(Place::Path(path), found, expected))
    };
    let about = match about {
        Value::Dictionary(about) => about,
        other => return wrong(None, other.name(), "a dictionary"),
    };
    match about.get("IsSupervised") {
        Some(Value::Boolean(true)) => part.notes.push(Note::AppleSupervised),
        None | Some(Value::Boolean(false)) => {}
        Some(other) => return wrong(Some("IsSupervised"), other.name(), "a boolean"),
    }
    match about.get("ProductName") {
        None => Ok(()),
        Some(Value::String(product)) => match platform(product.trim()) {
            Some(platform) => {
                part.claim = Claim::says(platform, "the platform of the device's `ProductName`");
                Ok(())
            }
            None => wrong(
                Some("ProductName"),
                &excerpt(product),
                "an iPhone, an iPad, an iPod or a Mac",
            ),
        },
        Some(other) => wrong(Some("ProductName"), other.name(), "a string"),
    }
}

/// The platform of a product such as `iPad8,12`.
fn platform(product: &str) -> Option<Platform> {
    let beginnings = [
        ("iPhone", Platform::Ios),
        ("iPad", Platform::Ios),
        ("iPod", Platform::Ios),
        ("iMac", Platform::Macos),
        ("Mac", Platform::Macos),
        ("VirtualMac", Platform::Macos),
    ];
    let known = beginnings
        .iter()
        .find(|(beginning, _)| product.starts_with(beginning));
    known.map(|(_, platform)| *platform)
}
