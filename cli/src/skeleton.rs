//! A pack that is begun: templates, filled in and written to a new folder.
//!
//! In a template `{name}` stands for what is filled in, and `TO WRITE` marks what is left to a person.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use octroi_core::PolicyId;

use crate::failure::Failure;

/// The folder of a pack that is begun.
pub(crate) struct Skeleton {
    pub(crate) folder: PathBuf,
    /// The policy's id.
    pub(crate) id: PolicyId,
}

impl Skeleton {
    /// The folder must be a new or an empty one; the id is its name, unless one is given.
    pub(crate) fn new(folder: &Path, id: Option<&PolicyId>) -> Result<Self, Failure> {
        let id = match id {
            Some(id) => id.clone(),
            None => id_of(folder)?,
        };
        let is_new = match fs::read_dir(folder) {
            Ok(mut entries) => entries.next().is_none(),
            Err(_) => !folder.exists(),
        };
        if !is_new {
            return Err(Failure::new(
                folder.display(),
                "something that is there",
                "a new folder, or an empty one: nothing is overwritten",
            ));
        }
        let folder = folder.to_owned();
        Ok(Self { folder, id })
    }

    /// Writes the files, each under its name; what came to be there meanwhile stays.
    pub(crate) fn write(&self, files: &[(&str, String)]) -> Result<(), Failure> {
        let folder = &self.folder;
        fs::create_dir_all(folder).map_err(|error| not_written(folder, "a folder", &error))?;
        for (name, text) in files {
            let path = folder.join(name);
            let written =
                File::create_new(&path).and_then(|mut file| file.write_all(text.as_bytes()));
            written.map_err(|error| not_written(&path, "a file", &error))?;
        }
        Ok(())
    }
}

fn not_written(path: &Path, what: &str, error: &io::Error) -> Failure {
    let expected = format!("{what} that can be created");
    Failure::new(path.display(), error.to_string(), expected)
}

/// The template with each `{name}` filled in.
pub(crate) fn filled(template: &str, values: &[(&str, &str)]) -> String {
    let fill = |text: String, (name, value): &(&str, &str)| {
        let placeholder = format!("{{{name}}}");
        text.replace(&placeholder, value)
    };
    values.iter().fold(template.to_owned(), fill)
}

fn id_of(folder: &Path) -> Result<PolicyId, Failure> {
    let name = folder.file_name().and_then(|name| name.to_str());
    name.and_then(PolicyId::new).ok_or_else(|| {
        Failure::new(
            folder.display(),
            "a name that is no id of a policy",
            "lower-case letters, digits and hyphens",
        )
        .help("give the policy an id with --id")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_to_be_there_meanwhile_stays() {
        let folder = std::env::temp_dir().join(format!("octroi-skeleton-{}", std::process::id()));
        let skeleton = Skeleton::new(&folder, PolicyId::new("x").as_ref()).unwrap();
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("policy.toml"), "mine").unwrap();
        let written = skeleton.write(&[("policy.toml", "theirs".to_owned())]);
        let kept = fs::read_to_string(folder.join("policy.toml")).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        assert!(written.is_err());
        assert_eq!(kept, "mine");
    }

    #[test]
    fn every_placeholder_is_filled_in_and_tables_stay() {
        let text = filled("id = {id}\nat = { id = {id} }", &[("id", "7")]);
        assert_eq!(text, "id = 7\nat = { id = 7 }");
    }
}
