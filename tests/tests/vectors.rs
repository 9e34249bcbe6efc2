//! Every vector, through the core and through the reference.

use octroi_core::Assessment;
use octroi_tests::core_side::{Both, differences};
use octroi_tests::vectors;
use serde_json::{Value, json};

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

/// On Windows a list may name a package without its publisher, and then it is any that the catalogue knows by that name: the signer of
/// one of them is no stranger because it does not sign the other.
#[test]
fn a_package_of_two_publishers_may_be_signed_by_either() {
    let pack = vectors::pack("be-brussels-local").unwrap();
    let mut pack: Value = serde_json::from_str(&pack).unwrap();
    let [one, other, stranger] =
        ["1", "2", "3"].map(|digit| format!("sha256:{}", digit.repeat(64)));
    let families = ["Example.App_abcdefghjkmnp", "Example.App_qrstvwxyz0123"];
    let [first, second] = families;
    let entry = &mut pack["catalogue"]["tiktok"];
    entry["identifiers"] =
        json!([{ "platforms": ["windows"], "ids": families, "learnt_from": "made up" }]);
    entry["not_published"] = json!([]);
    entry["signers"] = json!({ first: [one], second: [other] });
    pack["scenarios"] = json!([]);
    let both = Both::read(vec![pack]).unwrap();
    let evidence = |id: &str, signer: &str| {
        let app = json!({ "id": id, "signers": [signer] });
        let record =
            json!({ "device": { "platform": "windows" }, "observations": [{ "apps": [app] }] });
        let said = both
            .agreed(&record, &json!({}), "2023-04-20T09:00:00+02:00")
            .unwrap();
        said["assessments"][0]["findings"][0]["evidence"].clone()
    };
    let known = json!(["identifier_seen"]);
    let unknown = json!(["identifier_seen", "unexpected_signer"]);
    for (id, signer, expected) in [
        ("Example.App", &one, &known),
        ("Example.App", &other, &known),
        ("Example.App", &stranger, &unknown),
        (first, &one, &known),
        (first, &other, &unknown),
    ] {
        assert_eq!(&evidence(id, signer), expected, "{id} signed by {signer}");
    }
}

/// A phone keeps its last assessment, and a server reads what a phone sent.
#[test]
fn an_assessment_is_read_back_as_it_was_written() {
    for file in vectors::files().unwrap() {
        for vector in vectors::read(&file).unwrap() {
            let written = vector.assessment.to_string();
            let read = Assessment::from_json(written.as_bytes()).unwrap();
            let again: Value = serde_json::from_str(&read.to_json()).unwrap();
            assert_eq!(again, vector.assessment, "{}", vector.name);
        }
    }
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
