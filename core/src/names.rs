//! The names of things: apps, policies, bases, roles; and what stands in four languages.

use core::fmt;
use std::{
    borrow::{Borrow, Cow},
    sync::Arc,
};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, Unexpected, Visitor},
};

use crate::{
    read::{NonEmpty, parsed},
    sieve::Print,
};

macro_rules! name {
    ($(#[$doc:meta])* $type:ident, $expected:literal, $valid:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $type(Arc<str>);

        impl $type {
            /// The name, or `None` if the text is none.
            pub fn new(text: &str) -> Option<Self> {
                let valid: fn(&str) -> bool = $valid;
                valid(text).then(|| Self(text.into()))
            }

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl Borrow<str> for $type {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                parsed(deserializer, $expected, $type::new)
            }
        }
    };
}

name! {
    /// What the catalogue calls an app: `tiktok`.
    AppId, "an app id: lower-case letters, digits, `-`, `_` and `.`", |text| slug(text, b"-_.")
}

name! {
    /// What an issuer calls its policy: `be-brussels-local`.
    PolicyId, "a policy id: lower-case letters, digits and `-`", |text| slug(text, b"-")
}

name! {
    /// The legal reference of a directive: `CIRC2023/07#2`.
    BasisId, "the id of a directive, without spaces", |text| {
        !text.is_empty() && !text.chars().any(|character| character.is_whitespace() || character.is_control())
    }
}

/// A text of at least one character that was observed: the name of an app, a version, a scheme.
#[derive(Clone, PartialEq, Eq)]
pub struct Label<'a>(Cow<'a, str>);

impl<'a> Label<'a> {
    /// The text, or `None` if it is empty.
    pub fn new(text: impl Into<Cow<'a, str>>) -> Option<Self> {
        let text = text.into();
        (!text.is_empty()).then_some(Self(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Label<'_> {
    pub(crate) fn into_owned(self) -> Label<'static> {
        Label(Cow::Owned(self.0.into_owned()))
    }
}

impl From<NonEmpty> for Label<'_> {
    fn from(text: NonEmpty) -> Self {
        Self(Cow::Owned(text.as_str().to_owned()))
    }
}

impl fmt::Display for Label<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Label<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Label<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct LabelVisitor;

        impl<'de> Visitor<'de> for LabelVisitor {
            type Value = Label<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string that is not empty")
            }

            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Label<'de>, E> {
                Label::new(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Label<'de>, E> {
                Label::new(text.to_owned())
                    .ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
            }
        }

        deserializer.deserialize_str(LabelVisitor)
    }
}

/// The identifier of a package or bundle, exactly as it was seen.
#[derive(Clone, PartialEq, Eq)]
pub struct Identifier<'a> {
    text: Label<'a>,
    /// Of this, most identifiers are told at a glance to be none that a policy names.
    print: Print,
}

impl<'a> Identifier<'a> {
    /// The identifier, or `None` if the text is empty.
    pub fn new(text: impl Into<Cow<'a, str>>) -> Option<Self> {
        Label::new(text).map(Self::from)
    }

    /// The identifier of what bears none that may be told.
    pub(crate) fn unnamed(text: &'static str) -> Identifier<'static> {
        Label(Cow::Borrowed(text)).into()
    }

    /// The identifier as text.
    pub fn as_str(&self) -> &str {
        self.text.as_str()
    }

    pub(crate) fn print(&self) -> Print {
        self.print
    }

    pub(crate) fn into_owned(self) -> Identifier<'static> {
        Identifier {
            text: self.text.into_owned(),
            print: self.print,
        }
    }
}

impl<'a> From<Label<'a>> for Identifier<'a> {
    fn from(text: Label<'a>) -> Self {
        let print = Print::of(text.as_str());
        Self { text, print }
    }
}

impl From<NonEmpty> for Identifier<'_> {
    fn from(text: NonEmpty) -> Self {
        Label::from(text).into()
    }
}

impl fmt::Display for Identifier<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

impl fmt::Debug for Identifier<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Identifier<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Label::deserialize(deserializer).map(Self::from)
    }
}

fn slug(text: &str, also: &[u8]) -> bool {
    let alphanumeric = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    text.as_bytes()
        .first()
        .is_some_and(|byte| alphanumeric(*byte))
        && text
            .bytes()
            .all(|byte| alphanumeric(byte) || also.contains(&byte))
}

/// A language in which every text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// French.
    Fr,
    /// Dutch.
    Nl,
    /// German.
    De,
    /// English.
    En,
}

impl Language {
    /// Every language.
    pub const ALL: [Language; 4] = [Language::Fr, Language::Nl, Language::De, Language::En];

    /// The language's ISO 639-1 code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Language::Fr => "fr",
            Language::Nl => "nl",
            Language::De => "de",
            Language::En => "en",
        }
    }

    /// The language of a locale or language tag (`nl_BE.UTF-8`, `de-AT`), if it is one of the four.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_', '.', '@']).next()?;
        Language::ALL
            .into_iter()
            .find(|language| language.as_str().eq_ignore_ascii_case(primary))
    }
}

/// A text in the four languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// French.
    pub fr: NonEmpty,
    /// Dutch.
    pub nl: NonEmpty,
    /// German.
    pub de: NonEmpty,
    /// English.
    pub en: NonEmpty,
}

impl Text {
    /// The text in one language.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Fr => &self.fr,
            Language::Nl => &self.nl,
            Language::De => &self.de,
            Language::En => &self.en,
        }
        .as_str()
    }
}

/// A system that a device runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Platform {
    /// Android.
    Android,
    /// iOS and iPadOS.
    Ios,
    /// macOS.
    Macos,
    /// Windows.
    Windows,
    /// Linux on a computer.
    Linux,
    /// ChromeOS, which runs Android's apps.
    Chromeos,
}

impl Platform {
    /// Every platform.
    pub const ALL: [Platform; 6] = [
        Platform::Android,
        Platform::Ios,
        Platform::Macos,
        Platform::Windows,
        Platform::Linux,
        Platform::Chromeos,
    ];

    /// The name in JSON and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Platform::Android => "android",
            Platform::Ios => "ios",
            Platform::Macos => "macos",
            Platform::Windows => "windows",
            Platform::Linux => "linux",
            Platform::Chromeos => "chromeos",
        }
    }
}

/// The certificate that signed an app, by its digest: `sha256:` or `sha1:` and lower-case hex.
///
/// Android's PackageManager gives SHA-256, Android Management SHA-1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Signer {
    /// SHA-256 of the certificate.
    Sha256([u8; 32]),
    /// SHA-1 of the certificate.
    Sha1([u8; 20]),
}

impl Signer {
    /// The signer, or `None` if the text is none.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, hex) = text.split_once(':')?;
        match kind {
            "sha256" => bytes(hex).map(Signer::Sha256),
            "sha1" => bytes(hex).map(Signer::Sha1),
            _ => None,
        }
    }

    /// Whether both digests are of the same kind, so that they can be compared.
    pub fn comparable(&self, other: &Signer) -> bool {
        core::mem::discriminant(self) == core::mem::discriminant(other)
    }
}

fn bytes<const N: usize>(hex: &str) -> Option<[u8; N]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let (pairs, rest) = hex.as_bytes().as_chunks::<2>();
    if pairs.len() != N || !rest.is_empty() {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(bytes)
}

impl fmt::Display for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, bytes): (_, &[u8]) = match self {
            Signer::Sha256(bytes) => ("sha256", bytes),
            Signer::Sha1(bytes) => ("sha1", bytes),
        };
        write!(f, "{kind}:")?;
        bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Serialize for Signer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Signer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(
            deserializer,
            "`sha256:` and 64, or `sha1:` and 40 lower-case hex digits",
            Signer::parse,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signer_is_read_and_printed_alike() {
        let text = "sha1:d79f7cb8509a5e7e71c4f2afcfb75ea8c87177ca";
        assert_eq!(Signer::parse(text).unwrap().to_string(), text);
        for bad in [
            "sha1:d79f",
            "sha256:d79f7cb8509a5e7e71c4f2afcfb75ea8c87177ca",
            "md5:00",
            "sha1:D79F7CB8509A5E7E71C4F2AFCFB75EA8C87177CA",
        ] {
            assert_eq!(Signer::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_locale_names_its_language() {
        assert_eq!(Language::from_tag("nl_BE.UTF-8"), Some(Language::Nl));
        assert_eq!(Language::from_tag("de-AT"), Some(Language::De));
        assert_eq!(Language::from_tag("C.UTF-8"), None);
    }
}
