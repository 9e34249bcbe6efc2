//! The XCFramework: what it is made of, and that an app does not grow unnoticed.

use anyhow::Result;

use super::tally::Tally;
use crate::apple;
use crate::swift::Swift;
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace) -> Result<Tally> {
    let mut tally = Tally::default();
    let framework = apple::assemble(workspace)?;
    tally.faults("the framework is whole", &framework.faults()?);
    let swift = Swift::provide(workspace)?;
    tally.case(
        "clang reads the headers",
        framework.compile(workspace, &swift),
    );
    let bytes = framework.linked_size(workspace, &swift)?;
    tally.case("an app did not grow", apple::compare_size(workspace, bytes));
    tally.counts.push(format!("an app grows by {bytes} bytes"));
    Ok(tally)
}
