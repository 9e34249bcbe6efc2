//! The catalogue: the regulated apps and how they are recognised.

use serde::{Deserialize, Serialize};

use crate::{
    names::{Platform, Signer, Text},
    read::{Entries, NonEmpty, given},
};

/// A regulated app.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What people call it.
    pub name: NonEmpty,
    /// Names by which an entry without identifiers is recognised: the whole name, any case.
    #[serde(default)]
    pub display_names: Vec<NonEmpty>,
    /// Its identifiers on each platform.
    #[serde(default)]
    pub identifiers: Vec<Group>,
    /// Where it does not exist.
    #[serde(default)]
    pub not_published: Vec<NotPublished>,
    /// The certificates known to sign each identifier.
    #[serde(default)]
    pub(crate) signers: Entries<NonEmpty, Vec<Signer>>,
}

impl Entry {
    /// The certificates known to sign the identifier.
    pub fn signers_of(&self, identifier: &str) -> &[Signer] {
        self.signers.0.get(identifier).map_or(&[], Vec::as_slice)
    }

    /// The groups of identifiers that hold on the platform.
    pub fn groups_on(&self, platform: Platform) -> impl Iterator<Item = &Group> {
        let groups = self.identifiers.iter();
        groups.filter(move |group| group.platforms.contains(&platform))
    }

    /// The statements that the app does not exist on the platform.
    pub fn absences_on(&self, platform: Platform) -> impl Iterator<Item = &NotPublished> {
        let absences = self.not_published.iter();
        absences.filter(move |absence| absence.platforms.contains(&platform))
    }

    /// Whether something names the app on the platform: an identifier, a scheme, a developer's signer.
    pub fn covers(&self, platform: Platform) -> bool {
        self.groups_on(platform).next().is_some()
    }

    /// Whether the app exists on the platform, as far as this entry says.
    pub fn is_published(&self, platform: Platform) -> bool {
        self.absences_on(platform).next().is_none()
    }
}

/// Identifiers learnt from one place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// The platforms that they hold on.
    pub platforms: Vec<Platform>,
    /// Package or bundle identifiers; on Windows package family names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ids: Vec<NonEmpty>,
    /// URL schemes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub schemes: Vec<NonEmpty>,
    /// Signers all of whose apps count as this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub developer_signers: Vec<Signer>,
    /// Where they were learnt.
    pub learnt_from: NonEmpty,
    /// Why they count as this app, if that is a reading of ours.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub interpretation: Option<Text>,
}

/// Platforms on which an app does not exist.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotPublished {
    /// The platforms.
    pub platforms: Vec<Platform>,
    /// Why, if that is a reading of ours.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub interpretation: Option<Text>,
}

/// The parts of a Windows package that tell it from others: its name, and its publisher where that is given.
///
/// A family name is `Name_PublisherId`, a full name `Name_Version_Architecture_ResourceId_PublisherId`
/// (<https://learn.microsoft.com/windows/apps/desktop/modernize/package-identity-overview>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WindowsPackage<'a> {
    pub(crate) name: &'a str,
    pub(crate) publisher: Option<&'a str>,
}

impl<'a> WindowsPackage<'a> {
    pub(crate) fn parse(text: &'a str) -> Self {
        let mut parts = text.split('_');
        let read = (
            parts.next(),
            parts.next(),
            parts.next(),
            parts.next(),
            parts.next(),
            parts.next(),
        );
        match read {
            (Some(name), Some(publisher), None, ..)
            | (Some(name), _, _, _, Some(publisher), None) => Self {
                name,
                publisher: Some(publisher),
            },
            _ => Self {
                name: text,
                publisher: None,
            },
        }
    }

    pub(crate) fn same_as(self, known: WindowsPackage<'_>) -> bool {
        let publishers_agree = match (self.publisher, known.publisher) {
            (Some(this), Some(that)) => this == that,
            _ => true,
        };
        self.name == known.name && publishers_agree
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_names_of_a_windows_package_are_one_identifier() {
        let known = WindowsPackage::parse("BytedancePte.Ltd.TikTok_6yccndn6064se");
        for same in [
            "BytedancePte.Ltd.TikTok",
            "BytedancePte.Ltd.TikTok_6yccndn6064se",
            "BytedancePte.Ltd.TikTok_1.0.2.0_x64__6yccndn6064se",
            "BytedancePte.Ltd.TikTok_9.9.9.9_arm64_fr_6yccndn6064se",
        ] {
            assert!(WindowsPackage::parse(same).same_as(known), "{same}");
        }
        for other in [
            "BytedancePte.Ltd.TikTokStudio",
            "BytedancePte.Ltd.TikTok_otherpublisher",
            "BytedancePte.Ltd.TikTok_1.0.2.0_x64__otherpublisher",
            "BytedancePte.Ltd.TikTok_1_2_3",
            "bytedancepte.ltd.tiktok",
        ] {
            assert!(!WindowsPackage::parse(other).same_as(known), "{other}");
        }
    }
}
