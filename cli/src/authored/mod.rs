//! Documents as people author them: TOML or JSON, one file or the folder of a pack. All become the JSON that core reads, and
//! an error in one is shown where its author wrote it.

mod load;
mod places;

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
    rc::Rc,
};

use octroi_core::{ReadError, Step};
use serde_json::{Map, Value};

use crate::failure::{Failure, Place, Spot};
use load::load;
use places::Source;

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// A document and the files that it was put together from.
pub(crate) struct Authored {
    json: Vec<u8>,
    /// The file that each top-level key stands in; JSON has none, for its places are known already.
    sources: BTreeMap<String, Rc<Source>>,
    /// The catalogue beside the pack, and the apps whose entry is taken from there.
    beside: Option<(Rc<Source>, BTreeSet<String>)>,
    path: PathBuf,
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
            let mut json = fs::read(path).map_err(|error| Failure::io(path, &error))?;
            // As in records: editors of some systems write one.
            if json.starts_with(BOM) {
                json.drain(..BOM.len());
            }
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
        let mut files = files(path).map_err(|error| Failure::io(path, &error))?;
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
        let mut failure = Failure::document(Place::Written(Box::new(self.spot(error))), error);
        if let Failure::Wrong {
            path,
            found,
            expected,
            ..
        } = &mut failure
            && error.is_missing_field
            && path.is_empty()
            && found.contains("`catalogue`")
            && self.path.is_dir()
        {
            expected.push_str(
                ": a file `catalogue.toml` in the folder, or for several packs one or two folders above it",
            );
        }
        failure
    }

    /// Where its author wrote it.
    pub(crate) fn spot(&self, error: &ReadError) -> Spot {
        let steps = error.path.steps();
        if self.sources.is_empty() {
            return Spot::at_byte(&self.path, &self.json, error.line, error.column);
        }
        match (steps, &self.beside) {
            ([Step::Key(key), Step::Key(app), ..], Some((source, apps)))
                if key == "catalogue" && apps.contains(app) =>
            {
                source.spot(steps)
            }
            ([Step::Key(key), ..], _) => {
                let source = self.sources.get(key);
                source.map_or_else(|| Spot::whole(&self.path), |source| source.spot(steps))
            }
            _ => Spot::whole(&self.path),
        }
    }
}

fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect()
}

/// What an editor or a system leaves behind is no part of a pack.
fn is_hidden(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default();
    name.as_encoded_bytes().starts_with(b".")
}

/// A document in the making.
#[derive(Default)]
struct Pack {
    keys: Map<String, Value>,
    sources: BTreeMap<String, Rc<Source>>,
    beside: Option<(Rc<Source>, BTreeSet<String>)>,
}

impl Pack {
    fn add(&mut self, path: &Path) -> Result<(), Failure> {
        let (source, keys) = load(path)?;
        let source = Rc::new(source);
        for (key, value) in keys {
            if let Some(other) = self.sources.get(&key) {
                let found = format!(
                    "the key `{key}`, which stands in `{}` too",
                    other.path.display()
                );
                let spot = source.spot(&[Step::from(key.as_str())]);
                return Err(Failure::written(spot, found, "each key in one file"));
            }
            self.sources.insert(key.clone(), Rc::clone(&source));
            self.keys.insert(key, value);
        }
        Ok(())
    }

    /// Takes from another catalogue the apps that the rules name and the pack does not describe.
    fn add_missing_apps(&mut self, path: &Path) -> Result<(), Failure> {
        let (source, mut keys) = load(path)?;
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
        let source = Rc::new(source);
        self.sources
            .entry("catalogue".to_owned())
            .or_insert_with(|| Rc::clone(&source));
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
