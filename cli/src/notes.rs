//! What a person should know of a reading, in words.

use octroi_core::visible;
use octroi_exports::Note;

use crate::texts::Texts;

/// The notes on what one file says.
pub(crate) struct NotesOf {
    /// What to call the file.
    pub(crate) place: String,
    pub(crate) notes: Vec<Note>,
}

/// The notes in words, each after its file where there are several.
pub(crate) fn say(files: &[NotesOf], texts: &Texts) -> Vec<String> {
    let several = files.len() > 1;
    let said = files.iter().flat_map(|file| {
        file.notes.iter().map(move |note| {
            let words = in_words(note, texts);
            if several {
                format!("{}: {words}", visible(&file.place))
            } else {
                words
            }
        })
    });
    said.collect()
}

fn in_words(note: &Note, texts: &Texts) -> String {
    let texts = &texts.note;
    let counted = |text: &str, count: &usize| text.replace("{count}", &count.to_string());
    match note {
        Note::PmListFilter => texts.pm_list_filter.to_owned(),
        Note::PmListNotCompleteAndroid => texts.pm_list_not_complete_android.to_owned(),
        Note::PmListOtherUser { user } => texts
            .pm_list_other_user
            .replace("{user}", &user.to_string()),
        Note::PmListNameFilter => texts.pm_list_name_filter.to_owned(),
        Note::PmListOneUserAssumed => texts.pm_list_one_user_assumed.to_owned(),
        Note::AppleFilter => texts.apple_filter.to_owned(),
        Note::AppleAssumedIos => texts.apple_assumed_ios.to_owned(),
        Note::AppleSomeApps => texts.apple_some_apps.to_owned(),
        Note::AppleError { status } => texts.apple_error.replace("{status}", status),
        Note::AppleSupervised => texts.apple_supervised.to_owned(),
        Note::AppleInstalling { count } => counted(texts.apple_installing, count),
        Note::EntriesWithoutIdentifier { count } => {
            counted(texts.entries_without_identifier, count)
        }
        Note::EntriesUnknown { count } => counted(texts.entries_unknown, count),
        Note::NotInstalled { count } => counted(texts.not_installed, count),
        Note::ManagedOnly => texts.managed_only.to_owned(),
        Note::ListEmpty => texts.list_empty.to_owned(),
        Note::NoList => texts.no_list.to_owned(),
        Note::ListGoesOn => texts.list_goes_on.to_owned(),
        Note::ErrorLine { line } => texts.error_line.replace("{line}", &line.to_string()),
        Note::LocalTimes { zone } => texts.local_times.replace("{zone}", zone),
        Note::TimeNotRead { line } => texts.time_not_read.replace("{line}", &line.to_string()),
        Note::DumpsysNotWhole => texts.dumpsys_not_whole.to_owned(),
        Note::IdeviceinstallerFilter => texts.ideviceinstaller_filter.to_owned(),
        Note::IdeviceinstallerNotWhole => texts.ideviceinstaller_not_whole.to_owned(),
    }
}
