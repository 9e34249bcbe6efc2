//! The language in which the command speaks.

use std::env;

use octroi_core::Language;

use crate::texts::{self, Texts};

/// The language of the locale, as POSIX names it; English where it is none of the four.
pub(crate) fn of_the_locale() -> Language {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(|name| env::var(name).ok())
        .find(|value| !value.is_empty())
        .and_then(|value| Language::from_tag(&value))
        .unwrap_or(Language::En)
}

/// What the command says in that language.
pub(crate) fn texts(language: Language) -> &'static Texts {
    match language {
        Language::Fr => &texts::FR,
        Language::Nl => &texts::NL,
        Language::De => &texts::DE,
        Language::En => &texts::EN,
    }
}
