//! The JSON of device managements: which one it is, and what it says instead of a device.

use core::fmt;
use std::collections::BTreeMap;

use octroi_core::from_json;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error as _, IgnoredAny, MapAccess, Visitor},
};

use crate::{
    Kind,
    error::{ExportError, Place, excerpt},
    one_kind::Unmixed,
};

/// Which export a JSON object is, by the first of its keys that only one of them has. Where there is none, it is taken for a
/// record, whose reader says what is wrong.
pub(crate) fn detect(text: &str) -> Kind {
    let mut found = None;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    // An error ends the search early, and so does what was searched.
    let _ = deserializer.deserialize_map(Keys(&mut found));
    found.unwrap_or(Kind::Record)
}

/// The keys by which each is known.
pub(crate) const KEYS: [(&str, Kind); 33] = [
    ("format", Kind::Record),
    ("device", Kind::Record),
    ("holder", Kind::Record),
    ("observations", Kind::Record),
    ("declarations", Kind::Record),
    ("impediments", Kind::Record),
    ("managementMode", Kind::Amapi),
    ("applicationReports", Kind::Amapi),
    ("appliedState", Kind::Amapi),
    ("hardwareInfo", Kind::Amapi),
    ("ownership", Kind::Amapi),
    ("policyName", Kind::Amapi),
    ("enrollmentTime", Kind::Amapi),
    ("lastStatusReportTime", Kind::Amapi),
    ("devices", Kind::Amapi),
    ("@odata.context", Kind::Intune),
    ("@odata.type", Kind::Intune),
    ("value", Kind::Intune),
    ("detectedApps", Kind::Intune),
    ("managedDeviceOwnerType", Kind::Intune),
    ("ownerType", Kind::Intune),
    ("operatingSystem", Kind::Intune),
    ("deviceEnrollmentType", Kind::Intune),
    ("azureADDeviceId", Kind::Intune),
    ("error", Kind::Intune),
    ("host", Kind::Fleetdm),
    ("hosts", Kind::Fleetdm),
    ("software", Kind::Fleetdm),
    ("software_updated_at", Kind::Fleetdm),
    ("detail_updated_at", Kind::Fleetdm),
    ("osquery_version", Kind::Fleetdm),
    ("orbit_version", Kind::Fleetdm),
    ("errors", Kind::Fleetdm),
];

struct Keys<'a>(&'a mut Option<Kind>);

impl<'de> Visitor<'de> for Keys<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            let known = KEYS.iter().find(|(known, _)| *known == key);
            if let Some((_, kind)) = known {
                *self.0 = Some(*kind);
                return Err(A::Error::custom("found"));
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

/// Refuses an object that has none of the keys by which its kind is known: of another kind nothing might be read, and all of it be ignored.
pub(crate) fn expect(text: &str, kind: Kind) -> Result<(), ExportError> {
    if detect(text) == kind {
        return Ok(());
    }
    let keys: BTreeMap<String, IgnoredAny> = match serde_json::from_str(text) {
        Ok(keys) => keys,
        // The reader says what is wrong, and where.
        Err(_) => return Ok(()),
    };
    let is_key_of =
        |key: &str, kind| KEYS.contains(&(key, kind)) || matches!(key, "error" | "errors");
    if keys.keys().any(|key| is_key_of(key, kind)) {
        return Ok(());
    }
    let other = keys.keys().find_map(|key| {
        let known = KEYS.iter().find(|(known, _)| known == key);
        known.map(|(_, other)| format!("the key `{key}`, as `{other}` has it"))
    });
    let own = KEYS.iter().filter(|(_, of)| *of == kind);
    let own: Vec<String> = own.map(|(key, _)| format!("`{key}`")).collect();
    Err(ExportError::new(
        Place::Whole,
        other.unwrap_or_else(|| "none of its keys".to_owned()),
        format!("`{kind}`, which has one of {}", own.join(", ")),
    ))
}

/// Reads a document of a device management, unless it says why there is none.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, ExportError> {
    // Few documents have the word at all: those that have it are read twice.
    if text.contains("\"error") {
        let reply: Reply = from_json(text.as_bytes())?;
        let errors = reply.errors.into_iter().flatten();
        let reasons = errors.filter_map(|error| error.reason);
        if let Some(ErrorReply { code, message }) = reply.error {
            return Err(refused(code.map(|code| code.0), message));
        }
        if let Some(reason) = reasons.reduce(|all, next| format!("{all}; {next}")) {
            return Err(refused(reply.message, Some(reason)));
        }
    }
    let Unmixed::<T, false>(document) = from_json(text.as_bytes())?;
    Ok(document)
}

/// The device management gives an error in place of a device: that says nothing of the device.
fn refused(code: Option<String>, message: Option<String>) -> ExportError {
    let said: Vec<String> = [code, message]
        .iter()
        .flatten()
        .map(|text| excerpt(text))
        .collect();
    let found = format!("an error of the device management: {}", said.join(", "));
    ExportError::new(Place::Whole, found, "a device")
}

/// The one device of an answer that can hold several.
pub(crate) fn only<T>(devices: Vec<T>) -> Result<T, ExportError> {
    let count = devices.len();
    match devices.into_iter().next() {
        Some(device) if count == 1 => Ok(device),
        _ => Err(ExportError::new(
            Place::Devices,
            format!("{count} devices"),
            "one device",
        )),
    }
}

/// Why a management gives no device. Microsoft Graph: `{"error": {"code": "…", "message": "…"}}`; Google: the same with a number
/// for a code; Fleet: `{"message": "…", "errors": [{"reason": "…"}]}`.
#[derive(Deserialize)]
struct Reply {
    #[serde(default)]
    error: Option<ErrorReply>,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    errors: Option<Vec<Reason>>,
}

#[derive(Deserialize)]
struct ErrorReply {
    #[serde(default)]
    code: Option<CodeText>,
    #[serde(default)]
    message: Option<String>,
}

#[derive(Deserialize)]
struct Reason {
    #[serde(default)]
    reason: Option<String>,
}

/// A code in words or as a number.
struct CodeText(String);

impl<'de> Deserialize<'de> for CodeText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct CodeVisitor;

        impl Visitor<'_> for CodeVisitor {
            type Value = CodeText;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or a whole number")
            }

            fn visit_str<E>(self, text: &str) -> Result<CodeText, E> {
                Ok(CodeText(text.to_owned()))
            }

            fn visit_u64<E>(self, number: u64) -> Result<CodeText, E> {
                Ok(CodeText(number.to_string()))
            }

            fn visit_i64<E>(self, number: i64) -> Result<CodeText, E> {
                Ok(CodeText(number.to_string()))
            }
        }

        deserializer.deserialize_any(CodeVisitor)
    }
}
