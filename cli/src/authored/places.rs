//! Where an author wrote the values of a document.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use octroi_core::Step;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::failure::Spot;

/// A file, and where its values stand.
pub(super) struct Source {
    pub(super) path: PathBuf,
    text: String,
    top: Place,
}

/// Where a value begins, or its key if it has one; and where the values in it do.
struct Place {
    start: usize,
    inside: Inside,
}

enum Inside {
    Keys(BTreeMap<String, Place>),
    Items(Vec<Place>),
    Nothing,
}

impl Source {
    pub(super) fn new(path: &Path, text: &str, table: &Spanned<DeTable<'_>>) -> Self {
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
            top: Place {
                start: table.span().start,
                inside: Inside::of_table(table.get_ref()),
            },
        }
    }

    /// The file, line and column of a value, or of the nearest one around it.
    pub(super) fn spot(&self, steps: &[Step]) -> Spot {
        let mut place = &self.top;
        for step in steps {
            let inner = match (step, &place.inside) {
                (Step::Key(key), Inside::Keys(keys)) => keys.get(key),
                (Step::Index(index), Inside::Items(items)) => items.get(*index),
                _ => None,
            };
            let Some(inner) = inner else { break };
            place = inner;
        }
        Spot::at_offset(&self.path, &self.text, place.start)
    }
}

impl Inside {
    fn of_table(table: &DeTable<'_>) -> Self {
        let places = table.iter().map(|(key, value)| {
            let inside = Self::of_value(value.get_ref());
            let start = key.span().start;
            (key.get_ref().to_string(), Place { start, inside })
        });
        Self::Keys(places.collect())
    }

    fn of_value(value: &DeValue<'_>) -> Self {
        match value {
            DeValue::Table(table) => Self::of_table(table),
            DeValue::Array(items) => {
                let places = items.iter().map(|item| Place {
                    start: item.span().start,
                    inside: Self::of_value(item.get_ref()),
                });
                Self::Items(places.collect())
            }
            _ => Self::Nothing,
        }
    }
}
