use serde::Serialize;

/// What a person should know of a reading that worked. Data without a text: whoever shows it says it in a language.
///
/// As JSON, `code` names it: `{ "code": "error_line", "line": 3 }`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Note {
    /// A list of packages made with `-s`, `-d`, `-e`, `-q` or `--factory-only` looks like a full one: it was taken for full.
    PmListFilter,
    /// The package `android`, which is on every phone, is not in the list of packages.
    PmListNotCompleteAndroid,
    /// The names in the list of packages have a part of `android` in common, as those of a list made with a name filter.
    PmListNameFilter,
    /// The list of packages was taken for full, as with [`Note::PmListFilter`], and for that of a phone with one user: it does
    /// not say which users there are, and another one, or a profile, may have more apps.
    PmListOneUserAssumed,
    /// The list of packages tells of another user than the first, or of a profile.
    PmListOtherUser {
        /// The number of that user.
        user: u32,
    },
    /// The answer to a request for named apps or managed apps only looks like a full list: it was taken for full.
    AppleFilter,
    /// The request that stands beside Apple's list asked for some apps only.
    AppleSomeApps,
    /// Apple's list does not name its platform: it was taken for iOS.
    AppleAssumedIos,
    /// The device did not acknowledge the command.
    AppleError {
        /// The status that it gave.
        status: String,
    },
    /// The device is supervised, which Apple says of devices that usually, not always, belong to the organization.
    AppleSupervised,
    /// Entries of Apple's list were still being installed, so they are not counted as installed.
    AppleInstalling {
        /// How many.
        count: usize,
    },
    /// Entries are known by a name alone.
    EntriesWithoutIdentifier {
        /// How many.
        count: usize,
    },
    /// Entries do not say which app they are, if any: they have neither an identifier nor a name, or are of an unknown source.
    EntriesUnknown {
        /// How many.
        count: usize,
    },
    /// Entries are listed, though the export says that they are not installed.
    NotInstalled {
        /// How many.
        count: usize,
    },
    /// The list shows the managed part of the device only.
    ManagedOnly,
    /// The list has no app that is installed, and no phone is without apps.
    ListEmpty,
    /// There is no list of apps in the export.
    NoList,
    /// The list goes on in another answer.
    ListGoesOn,
    /// A line is no whole entry of the list: an error message, a line that was cut, or something else that cannot be read.
    ErrorLine {
        /// The line, from 1.
        line: usize,
    },
    /// Times without a zone were read in this one.
    LocalTimes {
        /// Its name.
        zone: String,
    },
    /// A time of installation cannot be read: it is unknown.
    TimeNotRead {
        /// The line, from 1.
        line: usize,
    },
    /// The dump of Android's package service lacks its end or the package `android`, or it is several dumps.
    DumpsysNotWhole,
    /// A list of named apps looks like a full one of `ideviceinstaller`'s: it was taken for full.
    IdeviceinstallerFilter,
    /// The list of `ideviceinstaller` is one of the apps that come with the system, or has fewer entries than it says.
    IdeviceinstallerNotWhole,
}
