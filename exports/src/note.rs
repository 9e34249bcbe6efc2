/// What a person should know of a reading that worked. Data without a text: texts exist in every language under [`Note::key`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
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

impl Note {
    /// The name of the note's text.
    pub fn key(&self) -> &'static str {
        match self {
            Note::PmListFilter => "pm_list_filter",
            Note::PmListNotCompleteAndroid => "pm_list_not_complete_android",
            Note::PmListErrorLine { .. } => "pm_list_error_line",
            Note::PmListOtherUser { .. } => "pm_list_other_user",
            Note::AppleAssumedIos => "apple_assumed_ios",
            Note::AppleError { .. } => "apple_error",
            Note::AppleEntriesWithoutIdentifier { .. } => "apple_entries_without_identifier",
            Note::AppleInstalling { .. } => "apple_installing",
        }
    }
}
