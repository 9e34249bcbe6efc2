//! `octroi policy import`: a list of indicators becomes the folder of a pack, of which a person writes the law.

mod list;
mod pack;
mod yaml;

use std::{fs, path::Path};

use octroi_core::PolicyId;

use crate::{Outcome, arguments::Import, failure::Failure, page};
use list::List;
use pack::Pack;

pub(crate) fn import(arguments: &Import) -> Result<Outcome, Failure> {
    let id = id(&arguments.folder)?;
    let text = fs::read_to_string(&arguments.file)
        .map_err(|error| Failure::io(&arguments.file, &error))?;
    let list = List::read(&text).map_err(|fault| fault.in_file(&arguments.file))?;
    let learnt_from = match &arguments.learnt_from {
        Some(told) => told.clone(),
        None => name(&arguments.file),
    };
    let pack = Pack::new(&id, &list, &learnt_from).map_err(|error| {
        Failure::new(
            arguments.file.display(),
            error.to_string(),
            "texts that TOML can hold",
        )
    })?;
    pack.write(&arguments.folder)?;
    for line in list.left_out() {
        page::say(page::plain(&line));
    }
    page::print(&format!(
        "{}: {} apps, {} identifiers, {} signers\n",
        arguments.folder.display(),
        list.apps.len(),
        list.apps
            .iter()
            .map(|app| app.packages.len())
            .sum::<usize>(),
        list.apps.iter().map(|app| app.signers.len()).sum::<usize>(),
    ))?;
    Ok(Outcome::Good)
}

/// The id of the pack is the name of its folder, which must not be there yet.
fn id(folder: &Path) -> Result<PolicyId, Failure> {
    if folder.exists() {
        return Err(Failure::new(
            folder.display(),
            "something that is there",
            "the name of a new folder",
        ));
    }
    let name = name(folder);
    PolicyId::new(&name).ok_or_else(|| {
        let expected =
            "a folder whose name can be the policy's id: lower-case letters, digits and `-`";
        Failure::new(folder.display(), format!("`{name}`"), expected)
    })
}

fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
