//! The tables as data, so that Kotlin refuses the same statements for the same reasons: `tests/evidence/statements.json`.

use std::{fs, path::Path};

use base64ct::{Base64, Encoding};
use octroi_tests::layout;
use serde_json::{Value, json};

use crate::bench::{AUDIENCE, Bench, NONCE};
use crate::{attested, chains, forged};

/// What is only long is written down by its length.
const LONG: usize = 100_000;

fn statements() -> Value {
    let bench = Bench::new();
    let forged = forged::TABLE.iter().map(|(what, forge, code)| {
        let token = forge(&Bench::new());
        let kept = token.trim_end_matches('A');
        let padding = token.len() - kept.len();
        let (token, padding) = if padding > LONG { (kept, padding) } else { (&*token, 0) };
        json!({ "what": what, "code": code, "token": token, "padding": padding, "answered": *code == "replayed" })
    });
    let chains = chains::TABLE.iter().map(|(chain, roots, fault)| {
        let token = chains::token(&bench, chain);
        let roots = roots.iter().map(|name| Base64::encode_string(&chains::der(name)));
        json!({ "chain": chain, "token": token, "roots": roots.collect::<Vec<_>>(), "fault": fault })
    });
    let attested = attested::TABLE.iter().map(|(chain, expected)| {
        let token = chains::token(&bench, chain);
        let (level, code) = match expected {
            Ok(level) => (json!(level), Value::Null),
            Err((code, _)) => (Value::Null, json!(code)),
        };
        json!({ "chain": chain, "token": token, "level": level, "code": code })
    });
    json!({
        "nonce": NONCE,
        "audience": AUDIENCE,
        "now": bench.now.to_string(),
        "enrolled": bench.phone.public().thumbprint().to_string(),
        "honest": bench.token(),
        "root": Base64::encode_string(&chains::der(attested::ROOT)),
        "attested": attested.collect::<Vec<_>>(),
        "forged": forged.collect::<Vec<_>>(),
        "chains": chains.collect::<Vec<_>>(),
    })
}

/// A forgery that is added to a table is one for every language.
#[test]
fn the_tables_are_committed_as_data() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("evidence/statements.json");
    let made = layout::laid_out(&statements());
    if fs::read_to_string(&file).ok().as_ref() != Some(&made) {
        let fresh = Path::new(env!("CARGO_TARGET_TMPDIR")).join("statements.json");
        fs::write(&fresh, made).unwrap();
        panic!(
            "`{}` is stale: look at {} and copy it there",
            file.display(),
            fresh.display()
        );
    }
}
