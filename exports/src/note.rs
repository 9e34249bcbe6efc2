/// What a person should know of a reading that worked. Data without a text: whoever shows it says it in a language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// A list of packages made with `-s`, `-d` or `-e` looks like a full one: it was taken for full.
    PmListFilter,
    /// The package `android`, which is on every phone, is not in the list of packages.
    PmListNotCompleteAndroid,
    /// A line of the list of packages is no package: an error message, or something else that cannot be read.
    PmListErrorLine {
        /// The line, from 1.
        line: usize,
    },
    /// The list of packages tells of another user than the first, or of a profile.
    PmListOtherUser {
        /// The number of that user.
        user: u32,
    },
    /// Apple's list does not name its platform: it was taken for iOS.
    AppleAssumedIos,
    /// The device did not acknowledge the command.
    AppleError {
        /// The status that it gave.
        status: String,
    },
    /// Entries of Apple's list are known by a name alone, or not at all.
    AppleEntriesWithoutIdentifier {
        /// How many.
        count: usize,
    },
    /// Entries of Apple's list were still being installed, so they are not counted as installed.
    AppleInstalling {
        /// How many.
        count: usize,
    },
}
