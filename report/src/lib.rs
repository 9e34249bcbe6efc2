//! The report of a fleet: one page that holds all it needs, for the people who must act on it.
//!
//! [`Rows`] takes the verdicts of a part of the fleet, on whichever thread; [`Report`] puts the parts together in their order and
//! writes the page. What stands in it comes from the core: assessments are counted, and explained in the core's words. No name of
//! an app that is not regulated can be in it, as none is in an assessment.
//!
//! ```
//! use octroi_core::{Deployment, Instant, Language, Policies, Record, assess, embedded};
//! use octroi_report::{Line, Report, Rows};
//!
//! let deployment = Deployment::default();
//! let policies = Policies::select(&deployment, embedded()?)?;
//! let at = Instant::parse("2023-03-28T08:00:00+02:00").ok_or("not an instant")?;
//! let record = Record::from_json(br#"{ "device": { "id": "phone-1", "platform": "android" } }"#, &policies)?;
//!
//! let mut rows = Rows::new(None);
//! rows.add(Line { file: 0, number: 1 }, &assess(&policies, &record, &deployment, at));
//! let mut report = Report::new(&policies, &deployment, at, None);
//! report.merge(rows);
//! assert!(report.page(Language::En).contains("phone-1"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod calendar;
mod counts;
mod data;
mod duties;
mod html;
mod kinds;
mod listed;
mod page;
mod pseudonyms;
mod report;
mod rows;
mod summary;
mod table;
mod texts;
mod words;

pub use page::BEGINNING;
pub use pseudonyms::{KeyError, Pseudonyms};
pub use report::Report;
pub use rows::{Line, Rows, Unread};

use octroi_core::Language;

use texts::Texts;

/// What the page says in that language.
const fn texts(language: Language) -> &'static Texts {
    match language {
        Language::Fr => &texts::FR,
        Language::Nl => &texts::NL,
        Language::De => &texts::DE,
        Language::En => &texts::EN,
    }
}

/// Something in each language, in the order of [`Language::ALL`].
fn in_each<T>(of: impl FnMut(Language) -> T) -> [T; 4] {
    Language::ALL.map(of)
}

/// A number as the language writes it, in groups of three.
fn written_count(count: u64, language: Language) -> String {
    let separator = match language {
        Language::Fr => "\u{202f}",
        Language::Nl | Language::De => ".",
        Language::En => ",",
    };
    let digits = count.to_string();
    let mut written = String::with_capacity(digits.len() * 2);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            written.push_str(separator);
        }
        written.push(digit);
    }
    written
}

/// The template with its one `{place}` filled in.
fn fill(template: &str, place: &str, value: &str) -> String {
    template.replacen(&format!("{{{place}}}"), value, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_each_language_does() {
        let written = |count| in_each(|language| written_count(count, language));
        assert_eq!(written(7), ["7"; 4]);
        assert_eq!(written(999), ["999"; 4]);
        assert_eq!(written(1240), ["1\u{202f}240", "1.240", "1.240", "1,240"]);
        assert_eq!(written(1_234_567)[3], "1,234,567");
    }
}
