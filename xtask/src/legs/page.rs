//! The report of a fleet: its script is bundled anew and compared, and people use the page in a browser.

use std::path::Path;

use anyhow::{Context, Result, anyhow};

use super::tally::Tally;
use super::updates::build;
use crate::debian;
use crate::files;
use crate::tool::Tool;
use crate::workspace::Workspace;

/// Where the script of the page, its tests and the versions of what they stand on are.
const PAGE: &str = "report/page";

/// How the tests begin the line in which they say what they measured.
const COUNTED: &str = "counted: ";

pub(super) fn run(workspace: &Workspace) -> Result<Tally> {
    let mut tally = Tally::default();
    let page = workspace.path(PAGE);
    let work = workspace.target().join("report");
    // What is installed runs nothing by itself.
    let quiet = ["--ignore-scripts", "--no-audit", "--no-fund"];
    Tool::new("npm", &page).args(["ci"]).args(quiet).run()?;
    let types = Tool::new("node", &page).args(["node_modules/typescript/bin/tsc"]);
    tally.case("types", types.run());
    let bundle = work.join("dist");
    let bundler = Tool::new("node", &page).args(["build.mjs".as_ref(), bundle.as_os_str()]);
    bundler.run()?;
    for file in ["page.js", "page.css"] {
        tally.case(
            file,
            fresh(&page.join("dist").join(file), &bundle.join(file)),
        );
    }
    build(workspace, &["--bin", "octroi"])?;
    let browser = debian::on_path(debian::CHROMIUM.name).context("no browser is on the path")?;
    let tests = Tool::new("node", &page).args(["tests/page.test.mjs"]);
    let tests = tests.args([workspace.target().join("debug/octroi"), browser, work]);
    let status = tests.watch(|line| {
        if let Some(name) = line.strip_prefix("ok ") {
            tally.case(name, Ok(()));
        } else if let Some(failure) = line.strip_prefix("not ok ") {
            let (name, why) = failure.split_once(" # ").unwrap_or((failure, ""));
            tally.case(name, Err(anyhow!("{why}")));
        } else if let Some(counted) = line.strip_prefix(COUNTED) {
            tally.counts.push(counted.to_owned());
        }
    })?;
    if !status.success() && tally.failed == 0 {
        tally.failed = 1; // what does not start has no cases
    }
    Ok(tally)
}

/// What is committed is what its sources give.
fn fresh(committed: &Path, bundled: &Path) -> Result<()> {
    if files::read(committed)? == files::read(bundled)? {
        return Ok(());
    }
    Err(anyhow!("is stale; run `npm run build` in {PAGE}"))
}
