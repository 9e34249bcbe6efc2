//! The native libraries for phones: each is built, is what every Android from 8 on loads, and did not grow unnoticed. The one that this
//! machine can run goes through the Kotlin tests, too. And the sample as an APK, as a phone would take it.

use anyhow::Result;

use super::maven;
use super::tally::Tally;
use crate::android::{self, Library, Linker, abi, bionic};
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
    let sample = android::sample(workspace, &android::packed(workspace)?)?;
    for (name, result) in sample.checks(workspace) {
        tally.case(name, result);
    }
    let library = Library::path(workspace, &abi::X86_64);
    let preload = bionic::libraries(workspace)?;
    let what = "Kotlin tests with the library for x86_64 phones";
    maven::run(workspace, &mut tally, what, |maven| {
        let library = format!(
            "-Duniffi.component.octroi_ffi.libraryOverride={}",
            library.display()
        );
        let maven = maven.args(["--projects", "octroi-jvm", "test", &library]);
        maven.env("LD_PRELOAD", preload)
    })?;
    Ok(tally)
}
