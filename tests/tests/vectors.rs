//! Every vector, through the core and through the reference.

use octroi_tests::core_side::{Both, differences};
use octroi_tests::vectors;

#[test]
fn every_vector_comes_out_as_written() {
    let mut count = 0;
    let mut failures = Vec::new();
    for file in vectors::files().unwrap() {
        for vector in vectors::read(&file).unwrap() {
            count += 1;
            let name = format!(
                "{}: {}",
                file.file_name().unwrap_or_default().display(),
                vector.name
            );
            let said = vector.policies().and_then(Both::read).and_then(|both| {
                let core = both.core(&vector.record, &vector.deployment, &vector.at)?;
                let reference = both.reference(&vector.record, &vector.deployment, &vector.at)?;
                Ok((core, reference))
            });
            match said {
                Err(error) => failures.push(format!("{name}: {error}")),
                Ok((core, reference)) => {
                    if reference != vector.assessment {
                        failures.push(format!(
                            "{name}: the reference no longer agrees; see fill-vectors"
                        ));
                    }
                    if core != vector.assessment {
                        failures.push(format!(
                            "{name}\n{}",
                            differences(&core, &vector.assessment)
                        ));
                    }
                }
            }
        }
    }
    println!("counted: {count} vectors");
    assert!(
        failures.is_empty(),
        "{} of {count} vectors:\n{}",
        failures.len(),
        failures.join("\n")
    );
    assert!(count >= 444, "only {count} vectors were found");
}

#[test]
fn names_are_given_once() {
    for file in vectors::files().unwrap() {
        let mut names: Vec<String> = vectors::read(&file)
            .unwrap()
            .into_iter()
            .map(|vector| vector.name)
            .collect();
        names.sort();
        for pair in names.windows(2) {
            assert_ne!(pair[0], pair[1], "twice in {}", file.display());
        }
    }
}
