//! `octroi policy import`: a list of indicators becomes the folder of a pack, of which a person writes the law.

mod list;
mod pack;
mod yaml;

use std::{fs, path::Path};

use octroi_core::visible;

use crate::{Outcome, arguments::Import, failure::Failure, page, skeleton::Skeleton};
use list::List;

pub(crate) fn import(arguments: &Import) -> Result<Outcome, Failure> {
    let skeleton = Skeleton::new(&arguments.folder, arguments.id.as_ref())?;
    let text = fs::read_to_string(&arguments.file)
        .map_err(|error| Failure::io(&arguments.file, &error))?;
    let list = List::read(&text).map_err(|fault| fault.in_file(&arguments.file, &text))?;
    let learnt_from = match &arguments.learnt_from {
        Some(told) => told.clone(),
        None => name(&arguments.file),
    };
    let files = pack::files(&skeleton.id, &list, &learnt_from).map_err(|error| {
        Failure::new(
            arguments.file.display(),
            error.to_string(),
            "texts that TOML can hold",
        )
    })?;
    skeleton.write(&files)?;
    for line in list.left_out() {
        page::say(visible(&line));
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

fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
