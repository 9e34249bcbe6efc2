//! Prints a random fleet with the assessments that core and reference agree on, for the languages that cannot call them.
//!
//! `cargo run -p octroi-tests --bin random-fleet -- SEED DEVICES`: one JSON object with `policies`, `stale_since`, `deployment`, `at`, `records` and
//! `assessments`. The same seed gives the same fleet.

use std::io::{self, Write as _};

use octroi_tests::choices::Choices;
use octroi_tests::core_side::Both;
use octroi_tests::{issuers, situations};
use serde_json::{Map, Value, json};

fn main() -> Result<(), String> {
    let numbers: Vec<u64> = std::env::args()
        .skip(1)
        .filter_map(|argument| argument.parse().ok())
        .collect();
    let &[seed, devices] = numbers.as_slice() else {
        return Err("expected a seed and a number of devices".to_owned());
    };
    let mut numbers = Numbers(seed);
    let mut choices = numbers.choices();
    let wire = issuers::policies(&mut choices, true);
    let mut deployment = situations::deployment(&mut choices, &wire);
    let at = situations::instant(&mut choices);
    let both = Both::read(wire.clone())?;
    let mut stale_since = Map::new();
    for policy in both.policies.iter() {
        let instant = policy.stale_since().map(|instant| json!(instant));
        stale_since.extend(instant.map(|instant| (policy.id().to_string(), instant)));
    }
    if let Some(keys) = deployment.as_object_mut() {
        let ids = both.policies.iter().map(|policy| policy.id().as_str());
        keys.insert("policies".to_owned(), ids.collect());
    }
    let mut records = Vec::new();
    let mut assessments = Vec::new();
    for number in 0..devices {
        let mut record = situations::record(&mut numbers.choices(), &wire);
        if let Some(device) = record.get_mut("device").and_then(Value::as_object_mut) {
            device.insert("id".to_owned(), format!("device-{number}").into());
        }
        assessments.push(both.agreed(&record, &deployment, &at)?);
        records.push(record);
    }
    let fleet = json!({
        "policies": both.policies.iter().map(|policy| policy.to_json()).collect::<Vec<_>>(),
        "stale_since": stale_since,
        "deployment": deployment,
        "at": at,
        "records": records,
        "assessments": assessments,
    });
    writeln!(io::stdout(), "{fleet}").map_err(|error| error.to_string())
}

/// Numbers that look random, the same after the same seed (Steele, Lea and Flood: SplitMix).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn choices(&mut self) -> Choices {
        let bytes: Vec<u8> = (0..90).flat_map(|_| self.next().to_le_bytes()).collect();
        bytes.into()
    }
}
