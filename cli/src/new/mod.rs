//! `octroi policy new`: a pack to start from.

use crate::{
    Outcome,
    arguments::New,
    failure::Failure,
    page,
    policy::embedded,
    skeleton::{Skeleton, filled},
};

/// What the pack is made of.
const FILES: [(&str, &str); 3] = [
    ("policy.toml", include_str!("policy.toml")),
    ("catalogue.toml", include_str!("catalogue.toml")),
    ("scenarios.toml", include_str!("scenarios.toml")),
];

pub(crate) fn new(arguments: &New) -> Result<Outcome, Failure> {
    let skeleton = Skeleton::new(&arguments.folder, arguments.id.as_ref())?;
    let id = skeleton.id.as_str();
    skeleton.write(&FILES.map(|(name, text)| (name, filled(text, &[("id", id)]))))?;
    let mut folder = skeleton.folder.display().to_string();
    // The bare name of a policy that ships would mean either of the two.
    if embedded()?
        .iter()
        .any(|shipped| shipped.id().as_str() == folder)
    {
        folder.insert_str(0, "./");
    }
    page::print(&format!(
        "{folder}/policy.toml     what is decided, and on what basis
{folder}/catalogue.toml  by what the apps are recognised
{folder}/scenarios.toml  situations, with the verdict that you expect

Every TO WRITE in them marks what is yours to say. Then:
  octroi policy lint {folder}
  octroi policy test {folder}
  octroi policy table {folder}
"
    ))?;
    Ok(Outcome::Good)
}
