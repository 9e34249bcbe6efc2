//! Legs: what `cargo xtask test` runs, one after the other.
//!
//! A leg is a function that counts cases and one entry in [`LEGS`].

mod android;
mod apple;
mod consumers;
mod deny;
mod evidence;
mod format;
mod generated;
mod kotlin;
mod layers;
mod lint;
mod maven;
mod msrv;
mod page;
mod pytest;
mod report;
mod rust;
mod swift;
mod tally;
mod updates;

use std::time::Instant;

use anyhow::Result;

use crate::debian::{self, CC, CHROMIUM, JAVAC, MAVEN, NODE, NPM, PIP, Program};
use crate::workspace::Workspace;
pub(crate) use pytest::with_spark as python_with_spark;
use report::{Outcome, Report};
use tally::Tally;

/// One part of the tests.
struct Leg {
    name: &'static str,
    /// The least number of cases. Fewer is a failure: tests that vanish do not pass. Raise it as cases come.
    floor: usize,
    /// The programs it needs beyond the Rust toolchain, and where Debian has them.
    programs: &'static [Program],
    /// Counts cases; an error means that it could not run.
    run: fn(&Workspace) -> Result<Tally>,
}

/// Every leg, the quick ones first.
const LEGS: &[Leg] = &[
    Leg {
        name: "format",
        floor: 3,
        programs: &[],
        run: format::run,
    },
    Leg {
        name: "deny",
        floor: 3,
        programs: &[],
        run: deny::run,
    },
    Leg {
        name: "layers",
        floor: 4,
        programs: &[],
        run: layers::run,
    },
    Leg {
        name: "lint",
        floor: 3,
        programs: &[],
        run: lint::run,
    },
    Leg {
        name: "rust",
        floor: 300,
        programs: &[CC],
        run: rust::run,
    },
    Leg {
        name: "updates",
        floor: 28,
        programs: &[CC, PIP],
        run: updates::run,
    },
    Leg {
        name: "evidence",
        floor: 7,
        programs: &[PIP],
        run: evidence::run,
    },
    Leg {
        name: "report",
        floor: 24,
        programs: &[CC, NODE, NPM, CHROMIUM],
        run: page::run,
    },
    Leg {
        name: "generated",
        floor: 20,
        programs: &[],
        run: generated::run,
    },
    Leg {
        name: "bindings",
        floor: 6,
        programs: &[],
        run: generated::bindings,
    },
    Leg {
        name: "python",
        floor: 53,
        programs: &[CC, PIP],
        run: pytest::python,
    },
    Leg {
        name: "spark",
        floor: 12,
        programs: &[CC, JAVAC, PIP],
        run: pytest::spark,
    },
    Leg {
        name: "kotlin",
        floor: 950,
        programs: &[JAVAC, MAVEN],
        run: kotlin::run,
    },
    Leg {
        name: "android",
        floor: 480,
        programs: &[CC, JAVAC, MAVEN, PIP],
        run: android::run,
    },
    Leg {
        name: "consumers",
        floor: 4,
        programs: &[JAVAC, MAVEN, PIP],
        run: consumers::run,
    },
    Leg {
        name: "swift",
        floor: 1480,
        // Swift is no program of the Debian that most have: the leg provides it.
        programs: &[],
        run: swift::run,
    },
    Leg {
        name: "apple",
        floor: 3,
        programs: &[],
        run: apple::run,
    },
    Leg {
        name: "msrv",
        floor: 5,
        programs: &[],
        run: msrv::run,
    },
];

/// The names of all legs, in the order in which they run.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    LEGS.iter().map(|leg| leg.name)
}

/// Runs the legs of these names, all if there are none. True if every one of them passed.
pub(crate) fn run(workspace: &Workspace, wanted: &[String]) -> bool {
    let mut report = Report::default();
    for leg in LEGS {
        if wanted.is_empty() || wanted.iter().any(|name| name == leg.name) {
            println!("\n── {} ──", leg.name);
            let started = Instant::now();
            let tally =
                debian::provide(workspace, leg.programs).and_then(|()| (leg.run)(workspace));
            if let Err(error) = &tally {
                println!("COULD NOT RUN {}: {error:#}", leg.name);
            }
            report.add(Outcome {
                leg: leg.name,
                floor: leg.floor,
                time: started.elapsed(),
                tally,
            });
        }
    }
    print!("\n{report}");
    report.passed()
}
