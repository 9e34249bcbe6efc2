//! The kinds of machines, and the library for each: a static one, of which the app's build takes what is called.

use std::path::PathBuf;

use anyhow::Result;

use crate::native::{Archive, OCTROI, StandardLibrary};
use crate::workspace::Workspace;

const PROFILE: &str = "mobile";

/// One kind of machine.
pub(crate) struct Slice {
    /// Its folder in the framework.
    pub(super) identifier: &'static str,
    /// What Rust calls it.
    target: &'static str,
    /// What an XCFramework calls the system.
    pub(super) platform: &'static str,
    /// What it calls the variant of it.
    pub(super) variant: Option<&'static str>,
    /// What Mach-O calls the system and its variant.
    pub(super) number: u32,
    /// The variable that tells the oldest version of the system that it is for, and that version.
    oldest: (&'static str, &'static str),
}

const IOS: (&str, &str) = ("IPHONEOS_DEPLOYMENT_TARGET", "15.0");

/// What is always in the framework. The Mac is there for developers: an app's tests run on it.
pub(super) const SLICES: [Slice; 2] = [
    Slice {
        identifier: "ios-arm64",
        target: "aarch64-apple-ios",
        platform: "ios",
        variant: None,
        number: goblin::mach::load_command::PLATFORM_IOS,
        oldest: IOS,
    },
    Slice {
        identifier: "macos-arm64",
        target: "aarch64-apple-darwin",
        platform: "macos",
        variant: None,
        number: goblin::mach::load_command::PLATFORM_MACOS,
        oldest: ("MACOSX_DEPLOYMENT_TARGET", "12.0"),
    },
];

/// What is in it on request.
pub(super) const SIMULATOR: Slice = Slice {
    identifier: "ios-arm64-simulator",
    target: "aarch64-apple-ios-sim",
    platform: "ios",
    variant: Some("simulator"),
    number: goblin::mach::load_command::PLATFORM_IOSSIMULATOR,
    oldest: IOS,
};

impl Slice {
    /// Builds the library and says where it is.
    pub(super) fn build(&self, workspace: &Workspace) -> Result<PathBuf> {
        let archive = Archive {
            interface: &OCTROI,
            target: self.target,
            profile: PROFILE,
            standard_library: StandardLibrary::Small,
            options: &[],
            environment: Some(self.oldest),
        };
        archive.build(workspace)
    }

    /// The oldest system as Mach-O writes it: `15.0` in bytes.
    pub(super) fn oldest_number(&self) -> u32 {
        let mut numbers = self
            .oldest
            .1
            .split('.')
            .map(|part| part.parse().unwrap_or(0));
        let mut next = || numbers.next().unwrap_or(0);
        (next() << 16) | (next() << 8)
    }

    /// The oldest system as clang writes it.
    pub(super) fn triple(&self) -> String {
        let simulator = self
            .variant
            .map_or_else(String::new, |name| format!("-{name}"));
        format!("arm64-apple-{}{}{simulator}", self.platform, self.oldest.1)
    }
}
