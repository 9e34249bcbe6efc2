//! Documents as people author them: TOML or JSON, one file or the folder of a pack. All become the JSON that core reads, and
//! an error in one is shown where its author wrote it.

use std::{
    collections::{BTreeMap, BTreeSet},
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

use crate::failure::{Failure, Place, Spot};

/// A document and the files that it was put together from.
pub(crate) struct Authored {
    json: Vec<u8>,
    /// The file that each top-level key stands in; JSON has none, for its places are known already.
    sources: BTreeMap<String, Source>,
    /// The catalogue beside the pack, and the apps whose entry is taken from there.
    beside: Option<(Source, BTreeSet<String>)>,
    path: PathBuf,
}

#[derive(Clone)]
struct Source {
    path: PathBuf,
    text: String,
}

/// Why a document could not be put together: at least one failure.
pub(crate) struct Failures {
    pub(crate) first: Box<Failure>,
    pub(crate) others: Vec<Failure>,
}

impl From<Failure> for Failures {
    fn from(first: Failure) -> Self {
        Self {
            first: Box::new(first),
            others: Vec::new(),
        }
    }
}

impl Authored {
    /// Reads a file: TOML if it is called `.toml`, JSON otherwise.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        if path.extension() != Some(OsStr::new("toml")) {
            let json = fs::read(path).map_err(|error| Failure::io(path, &error))?;
            return Ok(Self {
                json,
                sources: BTreeMap::new(),
                beside: None,
                path: path.to_owned(),
            });
        }
        let mut pack = Pack::default();
        pack.add(path)?;
        Ok(pack.finish(path))
    }

    /// Reads a policy: a file, or a folder whose TOML files are put together. The file `policy.toml` stands for its folder.
    ///
    /// The entry of an app that the folder lacks comes from the `catalogue.toml` beside it, or from the one a folder higher. There
    /// may be an error in each file.
    pub(crate) fn read_policy(path: &Path) -> Result<Self, Failures> {
        let path = match path.parent() {
            Some(folder) if path.ends_with("policy.toml") && path.is_file() => &folder.join("."),
            _ if path.is_dir() => path,
            _ => return Ok(Self::read(path)?),
        };
        let mut pack = Pack::default();
        let entries = fs::read_dir(path).map_err(|error| Failure::io(path, &error))?;
        let mut files: Vec<_> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .collect();
        files.sort_unstable();
        files.retain(|file| file.extension() == Some(OsStr::new("toml")) && !is_hidden(file));
        let added = files.iter().map(|file| pack.add(file));
        let mut failures: Vec<_> = added.filter_map(Result::err).collect();
        if files.is_empty() {
            failures.push(Failure::new(
                path.display(),
                "a folder without TOML files",
                "the folder of a pack, with a `policy.toml`",
            ));
        }
        let houses = ["..", "../.."].map(|above| path.join(above).join("catalogue.toml"));
        if let Some(house) = houses.iter().find(|house| house.is_file()) {
            failures.extend(pack.add_missing_apps(house).err());
        }
        let mut failures = failures.into_iter();
        match failures.next() {
            None => Ok(pack.finish(path)),
            Some(first) => Err(Failures {
                first: Box::new(first),
                others: failures.collect(),
            }),
        }
    }

    /// What core makes of it, with errors in the author's own file.
    pub(crate) fn parse<T>(
        &self,
        read: impl FnOnce(&[u8]) -> Result<T, ReadError>,
    ) -> Result<T, Failure> {
        read(&self.json).map_err(|error| self.locate(&error))
    }

    /// The JSON form, which core reads.
    pub(crate) fn json(&self) -> &[u8] {
        &self.json
    }

    pub(crate) fn locate(&self, error: &ReadError) -> Failure {
        Failure::document(Place::Written(Box::new(self.spot(error))), error)
    }

    /// Where its author wrote it.
    pub(crate) fn spot(&self, error: &ReadError) -> Spot {
        if self.sources.is_empty() {
            return Spot {
                file: self.path.clone(),
                at: Some((error.line, self.characters(error))),
            };
        }
        match (error.path.steps(), &self.beside) {
            ([Step::Key(key), Step::Key(app), ..], Some((source, apps)))
                if key == "catalogue" && apps.contains(app) =>
            {
                source.spot(error.path.steps())
            }
            ([Step::Key(key), ..], _) if self.sources.contains_key(key) => {
                let source = self.sources.get(key);
                source.map_or_else(|| self.whole(), |source| source.spot(error.path.steps()))
            }
            _ => self.whole(),
        }
    }

    fn whole(&self) -> Spot {
        Spot {
            file: self.path.clone(),
            at: None,
        }
    }

    /// The column of an error in JSON, which core counts in bytes.
    fn characters(&self, error: &ReadError) -> usize {
        let mut lines = self.json.split(|byte| *byte == b'\n');
        let line = lines.nth(error.line.saturating_sub(1)).unwrap_or_default();
        let before = line.get(..error.column.saturating_sub(1)).unwrap_or(line);
        String::from_utf8_lossy(before).chars().count() + 1
    }
}

/// What an editor or a system leaves behind is no part of a pack.
fn is_hidden(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default();
    name.as_encoded_bytes().starts_with(b".")
}

impl Source {
    /// The file, line and column of a value, or of the nearest one around it.
    fn spot(&self, steps: &[Step]) -> Spot {
        let offset = DeTable::parse(&self.text)
            .ok()
            .map_or(0, |table| offset(&table, steps));
        spot(&self.path, &self.text, offset)
    }
}

fn spot(file: &Path, text: &str, offset: usize) -> Spot {
    Spot {
        file: file.to_owned(),
        at: Some(line_and_column(text, offset)),
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
    beside: Option<(Source, BTreeSet<String>)>,
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
                let here = [Step::from(key.as_str())];
                let source = Source {
                    path: path.to_owned(),
                    text,
                };
                return Err(Failure::written(
                    source.spot(&here),
                    found,
                    "each key in one file",
                ));
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
        let mut taken = BTreeSet::new();
        for (app, entry) in house {
            if named.contains(&app) && !own.contains_key(&app) {
                taken.insert(app.clone());
                own.insert(app, entry);
            }
        }
        let source = Source {
            path: path.to_owned(),
            text,
        };
        self.sources
            .entry("catalogue".to_owned())
            .or_insert_with(|| source.clone());
        self.beside = Some((source, taken));
        Ok(())
    }

    fn finish(self, path: &Path) -> Authored {
        Authored {
            json: Value::Object(self.keys).to_string().into_bytes(),
            sources: self.sources,
            beside: self.beside,
            path: path.to_owned(),
        }
    }
}

fn load(path: &Path) -> Result<(String, Map<String, Value>), Failure> {
    let text = fs::read_to_string(path).map_err(|error| Failure::io(path, &error))?;
    let table = DeTable::parse(&text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        Failure::written(
            spot(path, &text, start),
            error.message().replace('\n', ", "),
            "well-formed TOML",
        )
    })?;
    let keys = object(table.into_inner()).map_err(|number| {
        Failure::written(
            spot(path, &text, number.offset),
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
    Authored::read_policy(path)
        .map_err(|failures| *failures.first)?
        .parse(Policy::from_json)
}
