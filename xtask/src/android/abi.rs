//! The processors of phones, by each of their names.

use goblin::elf::header::{EM_AARCH64, EM_ARM, EM_X86_64};

/// One kind of processor.
pub(crate) struct Abi {
    /// What Android calls it: the folder in an AAR and in an APK.
    pub(crate) name: &'static str,
    /// What Rust calls it.
    pub(crate) target: &'static str,
    /// What the NDK's clang calls it.
    pub(super) ndk: &'static str,
    /// The target with musl's headers: clang without the NDK has none of bionic's.
    pub(super) musl: &'static str,
    /// What ELF calls it.
    pub(super) machine: u16,
    /// How what must be relocated is listed. Every Android that we are for reads the packed form; computers do not, and they test the
    /// library for x86-64.
    pub(super) relocations: &'static str,
}

/// Nearly every phone.
pub(crate) const ARM64: Abi = Abi {
    name: "arm64-v8a",
    target: "aarch64-linux-android",
    ndk: "aarch64-linux-android",
    musl: "aarch64-linux-musl",
    machine: EM_AARCH64,
    relocations: "android",
};

/// Old and cheap phones.
pub(crate) const ARM: Abi = Abi {
    name: "armeabi-v7a",
    target: "armv7-linux-androideabi",
    ndk: "armv7a-linux-androideabi",
    musl: "arm-linux-musleabi",
    machine: EM_ARM,
    relocations: "android",
};

/// Emulators and Chromebooks.
pub(crate) const X86_64: Abi = Abi {
    name: "x86_64",
    target: "x86_64-linux-android",
    ndk: "x86_64-linux-android",
    musl: "x86_64-linux-musl",
    machine: EM_X86_64,
    relocations: "none",
};

/// All that the AAR carries.
pub(crate) const ALL: [Abi; 3] = [ARM64, ARM, X86_64];
