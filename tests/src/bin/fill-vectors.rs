//! Fills in the assessments that the vectors expect, from the reference evaluator.
//!
//! `cargo run -p octroi-tests --bin fill-vectors [-- --overwrite]`: an expectation that is there and differs is reported
//! and kept, unless `--overwrite` says otherwise. Review what changes: a vector is only worth the eyes that read it.

use std::fs;
use std::io::{self, Write as _};
use std::process::ExitCode;

use octroi_tests::{layout, vectors};
use serde_json::{Value, json};

fn main() -> Result<ExitCode, String> {
    let overwrite = match std::env::args().skip(1).collect::<Vec<_>>().as_slice() {
        [] => false,
        [flag] if flag == "--overwrite" => true,
        _ => return Err("the only argument is --overwrite".to_owned()),
    };
    let mut differences = 0;
    let mut count = 0;
    for file in vectors::files()? {
        let mut filled = Vec::new();
        for mut vector in vectors::read(&file)? {
            count += 1;
            let named = |error| format!("{}: {}: {error}", file.display(), vector.name);
            let policies = vector.policies().map_err(named)?;
            let assessment =
                octroi_reference::assess(&policies, &vector.record, &vector.deployment, &vector.at)
                    .map_err(named)?;
            if vector.assessment != Value::Null && vector.assessment != assessment {
                differences += 1;
                say(&format!("differs: {}: {}", file.display(), vector.name))?;
            }
            if vector.assessment == Value::Null || overwrite {
                vector.assessment = assessment;
            }
            filled.push(json!(vector));
        }
        fs::write(&file, layout::laid_out(&Value::Array(filled)))
            .map_err(|error| error.to_string())?;
    }
    say(&format!(
        "{count} vectors, {differences} expectations that differed"
    ))?;
    Ok(if differences > 0 && !overwrite {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn say(line: &str) -> Result<(), String> {
    writeln!(io::stdout(), "{line}").map_err(|error| error.to_string())
}
