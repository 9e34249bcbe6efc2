//! The native libraries for phones: each is built, is what every Android from 8 on loads, and did not grow unnoticed. And the sample
//! as an APK, as a phone would take it.

use anyhow::Result;

use super::tally::Tally;
use crate::android::{self, Library, Linker, abi};
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace) -> Result<Tally> {
    let mut tally = Tally::default();
    let linker = Linker::provide(workspace)?;
    for abi in &abi::ALL {
        let library = Library::build(workspace, &linker, abi)?;
        tally.case(
            &format!("every Android loads {}", abi.name),
            library.check(workspace),
        );
        tally.case(
            &format!("{} did not grow", abi.name),
            library.compare_size(workspace),
        );
        tally
            .counts
            .push(format!("{}: {} bytes", abi.name, library.bytes()));
    }
    for (name, result) in android::packages(workspace)?.checks(workspace) {
        tally.case(name, result);
    }
    Ok(tally)
}
