//! Measures octroi beside other engines that take the same decision: `cargo xtask bench`.
#![expect(clippy::print_stdout, reason = "the table is what this program is for")]
#![expect(
    clippy::print_stderr,
    reason = "it takes minutes, and says what it is at"
)]

mod case;
mod cedar;
mod clock;
mod count;
mod embedded;
mod fleet;
mod limits;
mod octroi;
mod python;
mod rego;
mod start;
mod statement;
mod surroundings;
mod table;
mod workload;

use std::env;
use std::path::Path;

use anyhow::{Result, bail};

use crate::case::{GROUPS, Group};
use crate::embedded::Embedded;
use crate::table::{Cost, Table};
use crate::workload::Workload;

fn main() -> Result<()> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    match arguments.as_slice() {
        [mode, case] if mode == count::COUNTED => count::counted(case),
        [mode, folder, devices] if mode == python::WRITE => {
            python::write(Path::new(folder), devices.parse()?)
        }
        [mode, devices] if mode == python::LOOP => {
            println!("{}", python::run(devices.parse()?)?);
            Ok(())
        }
        [octroi, embedded @ ..] => measure(Path::new(octroi), &Embedded::read(embedded)?),
        _ => bail!("expected the path of the `octroi` to measure: run `cargo xtask bench`"),
    }
}

fn measure(octroi: &Path, embedded: &Embedded) -> Result<()> {
    let workload = Workload::new()?;
    eprintln!("do all take the same decisions?");
    case::agree(&workload)?;
    let mut table = Table::default();
    for group in &GROUPS {
        eprintln!("{}", group.what);
        table.group(group, &costs(&workload, group)?);
    }
    eprintln!("the command's start");
    table.start(&start::measure(octroi)?);
    eprintln!("a statement");
    table.statement(&statement::measure()?);
    eprintln!("a fleet");
    table.fleet(&fleet::measure(octroi, &workload)?);
    table.embedded(embedded);
    let surroundings = surroundings::sentence(workload.phone()?.record.len())?;
    println!("{table}\n{surroundings}");
    Ok(())
}

fn costs(workload: &Workload, group: &Group) -> Result<Vec<Cost>> {
    let times = clock::nanoseconds(workload, group.cases)?;
    let cases = group.cases.iter().zip(times);
    cases
        .map(|(case, nanoseconds)| {
            let instructions = count::instructions(case)?;
            Ok(Cost {
                instructions,
                nanoseconds,
            })
        })
        .collect()
}
