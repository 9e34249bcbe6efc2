//! Documents as people author them: TOML or JSON, one file or the folder of a pack. All become the JSON that core reads, and
//! an error in one is shown where its author wrote it.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

use octroi_core::{Policy, ReadError, Step};
use serde_json::{Map, Value};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::failure::Failure;

/// A document and the files that it was put together from.
pub(crate) struct Authored {
    json: Vec<u8>,
    /// The file that each top-level key stands in; JSON has none, for its places are known already.
    sources: BTreeMap<String, Source>,
    path: PathBuf,
}

struct Source {
    path: PathBuf,
    text: String,
}

impl Authored {
    /// Reads a file: TOML if it is called `.toml`, JSON otherwise.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        if path.extension() != Some(OsStr::new("toml")) {
            let json = fs::read(path).map_err(|error| Failure::io(path, &error))?;
            return Ok(Self {
                json,
                sources: BTreeMap::new(),
                path: path.to_owned(),
            });
        }
        let mut pack = Pack::default();
        pack.add(path)?;
        pack.finish(path)
    }

    /// Reads a policy: a file, or a folder whose TOML files are put together. The file `policy.toml` stands for its folder.
    ///
    /// The entry of an app that the folder lacks comes from the `catalogue.toml` beside it, or from the one a folder higher.
    pub(crate) fn read_policy(path: &Path) -> Result<Self, Failure> {
        let path = match path.parent() {
            Some(folder) if path.ends_with("policy.toml") && path.is_file() => &folder.join("."),
            _ if path.is_dir() => path,
            _ => return Self::read(path),
        };
        let mut pack = Pack::default();
        let entries = fs::read_dir(path).map_err(|error| Failure::io(path, &error))?;
        let mut files: Vec<_> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .collect();
        files.sort_unstable();
        files.retain(|file| file.extension() == Some(OsStr::new("toml")) && !is_hidden(file));
        for file in &files {
            pack.add(file)?;
        }
        if files.is_empty() {
            return Err(Failure::new(
                path.display(),
                "a folder without TOML files",
                "the folder of a pack, with a `policy.toml`",
            ));
        }
        let houses = ["..", "../.."].map(|above| path.join(above).join("catalogue.toml"));
        if let Some(house) = houses.iter().find(|house| house.is_file()) {
            pack.add_missing_apps(house)?;
        }
        pack.finish(path)
    }

    /// What core makes of it, with errors in the author's own file.
    pub(crate) fn parse<T>(
        &self,
        read: impl FnOnce(&[u8]) -> Result<T, ReadError>,
    ) -> Result<T, Failure> {
        read(&self.json).map_err(|error| self.locate(&error))
    }

    fn locate(&self, error: &ReadError) -> Failure {
        if self.sources.is_empty() {
            let place = format!("{}:{}:{}", self.path.display(), error.line, error.column);
            return Failure::read(place, error);
        }
        let file = match error.path.steps().first() {
            Some(Step::Key(key)) => self.sources.get(key),
            _ => None,
        };
        let place = match file {
            Some(source) => source.place(error.path.steps()),
            None => self.path.display().to_string(),
        };
        Failure::read(place, error)
    }
}

/// What an editor or a system leaves behind is no part of a pack.
fn is_hidden(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default();
    name.as_encoded_bytes().starts_with(b".")
}

impl Source {
    /// The file, line and column of a value, or of the nearest one around it.
    fn place(&self, steps: &[Step]) -> String {
        let offset = DeTable::parse(&self.text)
            .ok()
            .map_or(0, |table| offset(&table, steps));
        let (line, column) = line_and_column(&self.text, offset);
        format!("{}:{line}:{column}", self.path.display())
    }
}

fn offset(table: &Spanned<DeTable<'_>>, steps: &[Step]) -> usize {
    let Some((Step::Key(key), rest)) = steps.split_first() else {
        return table.span().start;
    };
    let Some((name, mut value)) = table.get_ref().get_key_value(key.as_str()) else {
        return table.span().start;
    };
    let mut start = name.span().start;
    for step in rest {
        let inner = match (step, value.get_ref()) {
            (Step::Key(key), DeValue::Table(table)) => table
                .get_key_value(key.as_str())
                .map(|(name, value)| (name.span().start, value)),
            (Step::Index(index), DeValue::Array(array)) => {
                array.get(*index).map(|value| (value.span().start, value))
            }
            _ => None,
        };
        let Some((place, inside)) = inner else { break };
        (start, value) = (place, inside);
    }
    start
}

fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .map_or(0, |line| line.chars().count())
        + 1;
    (line, column)
}

/// A document in the making.
#[derive(Default)]
struct Pack {
    keys: Map<String, Value>,
    sources: BTreeMap<String, Source>,
}

impl Pack {
    fn add(&mut self, path: &Path) -> Result<(), Failure> {
        let (text, keys) = load(path)?;
        for (key, value) in keys {
            if let Some(source) = self.sources.get(&key) {
                let found = format!(
                    "the key `{key}`, which stands in `{}` too",
                    source.path.display()
                );
                return Err(Failure::new(path.display(), found, "each key in one file"));
            }
            self.sources.insert(
                key.clone(),
                Source {
                    path: path.to_owned(),
                    text: text.clone(),
                },
            );
            self.keys.insert(key, value);
        }
        Ok(())
    }

    /// Takes from another catalogue the apps that the rules name and the pack does not describe.
    fn add_missing_apps(&mut self, path: &Path) -> Result<(), Failure> {
        let (text, mut keys) = load(path)?;
        let Some(Value::Object(house)) = keys.remove("catalogue") else {
            return Ok(());
        };
        let named: Vec<_> = self
            .keys
            .get("rules")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|rule| rule.get("apps")?.as_array())
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
        let own = self
            .keys
            .entry("catalogue")
            .or_insert_with(|| Value::Object(Map::new()));
        let Value::Object(own) = own else {
            return Ok(());
        };
        for (app, entry) in house {
            if named.contains(&app) && !own.contains_key(&app) {
                own.insert(app, entry);
            }
        }
        self.sources
            .entry("catalogue".to_owned())
            .or_insert_with(|| Source {
                path: path.to_owned(),
                text,
            });
        Ok(())
    }

    fn finish(self, path: &Path) -> Result<Authored, Failure> {
        let json = Value::Object(self.keys).to_string().into_bytes();
        Ok(Authored {
            json,
            sources: self.sources,
            path: path.to_owned(),
        })
    }
}

fn load(path: &Path) -> Result<(String, Map<String, Value>), Failure> {
    let text = fs::read_to_string(path).map_err(|error| Failure::io(path, &error))?;
    let table = DeTable::parse(&text).map_err(|error| {
        let (line, column) = line_and_column(&text, error.span().map_or(0, |span| span.start));
        let place = format!("{}:{line}:{column}", path.display());
        Failure::new(
            place,
            error.message().replace('\n', ", "),
            "well-formed TOML",
        )
    })?;
    let keys = object(table.into_inner()).map_err(|number| {
        let (line, column) = line_and_column(&text, number.offset);
        Failure::new(
            format!("{}:{line}:{column}", path.display()),
            format!("`{}`", number.text),
            "a number that JSON has",
        )
    })?;
    Ok((text, keys))
}

/// A number that JSON lacks: `nan`, `inf`, or one too large.
struct NoNumber {
    text: String,
    offset: usize,
}

fn object(table: DeTable<'_>) -> Result<Map<String, Value>, NoNumber> {
    table
        .into_iter()
        .map(|(key, value)| Ok((key.into_inner().into_owned(), json(value)?)))
        .collect()
}

/// Dates become strings, as JSON has them.
fn json(value: Spanned<DeValue<'_>>) -> Result<Value, NoNumber> {
    let offset = value.span().start;
    let no_number = |text: String| NoNumber { text, offset };
    Ok(match value.into_inner() {
        DeValue::String(text) => Value::String(text.into_owned()),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(whole) => Value::from(whole),
            Err(_) => return Err(no_number(number.to_string())),
        },
        DeValue::Float(number) => match number.as_str().parse::<f64>() {
            Ok(float) if float.is_finite() => Value::from(float),
            _ => return Err(no_number(number.to_string())),
        },
        DeValue::Boolean(value) => Value::Bool(value),
        DeValue::Datetime(datetime) => Value::String(datetime.to_string()),
        DeValue::Array(array) => array.into_iter().map(json).collect::<Result<_, _>>()?,
        DeValue::Table(table) => Value::Object(object(table)?),
    })
}

/// Reads a policy from a file or from the folder of a pack.
pub(crate) fn policy(path: &Path) -> Result<Policy, Failure> {
    Authored::read_policy(path)?.parse(Policy::from_json)
}
