//! `octroi policy new`: a pack to start from.

use std::{
    fs::{self, File},
    io::Write,
};

use octroi_core::PolicyId;

use crate::{Outcome, arguments::New, failure::Failure, page};

/// What the pack is made of. `{id}` stands for the id of the policy.
const FILES: [(&str, &str); 3] = [
    ("policy.toml", include_str!("policy.toml")),
    ("catalogue.toml", include_str!("catalogue.toml")),
    ("scenarios.toml", include_str!("scenarios.toml")),
];

pub(crate) fn new(arguments: &New) -> Result<Outcome, Failure> {
    let folder = &arguments.folder;
    let id = match &arguments.id {
        Some(id) => id.clone(),
        None => id_of_the_folder(arguments)?,
    };
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Failure::new(
            folder.display(),
            "a folder with something in it",
            "a new folder, or an empty one: nothing is overwritten",
        ));
    }
    fs::create_dir_all(folder).map_err(|error| Failure::io(folder, &error))?;
    for (name, text) in FILES {
        let path = folder.join(name);
        let write = |text: String| File::create_new(&path)?.write_all(text.as_bytes());
        write(text.replace("{id}", id.as_str())).map_err(|error| Failure::io(&path, &error))?;
    }
    let folder = folder.display();
    page::print(&format!(
        "{folder}/policy.toml     what is decided, and on what basis
{folder}/catalogue.toml  by what the apps are recognised
{folder}/scenarios.toml  situations, with the verdict that you expect

Every CHANGE in them marks what is yours to say. Then:
  octroi policy lint {folder}
  octroi policy test {folder}
  octroi policy table {folder}
"
    ))?;
    Ok(Outcome::Good)
}

fn id_of_the_folder(arguments: &New) -> Result<PolicyId, Failure> {
    let name = arguments.folder.file_name().and_then(|name| name.to_str());
    name.and_then(PolicyId::new).ok_or_else(|| {
        Failure::new(
            arguments.folder.display(),
            "a name that is no id of a policy",
            "lower-case letters, digits and hyphens",
        )
        .help("give the policy an id with --id")
    })
}
