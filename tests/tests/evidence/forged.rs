//! Forged statements, by a table: each is refused for its own reason.

use base64ct::{Base64UrlUnpadded, Encoding};
use octroi_core::{NonEmpty, PolicyId};
use octroi_evidence::{Identity, Request, Requirements, statement};
use serde_json::{Value, json};

use crate::bench::{AUDIENCE, As, Bench, NONCE, RECORD, at, claims_of, header, key, sign};

/// What was done to a statement, and the code of its refusal.
pub(crate) type Forgery = (&'static str, fn(&Bench) -> String, &'static str);

pub(crate) const TABLE: &[Forgery] = &[
    ("nothing but dots", |_| "..".into(), "malformed_header"),
    ("no token", |_| "not a token".into(), "not_compact"),
    ("four parts", |b| b.token() + ".AAAA", "not_compact"),
    ("padded", |b| b.token() + "=", "not_compact"),
    (
        "a line end inside",
        |b| b.token().replacen('.', "\n.", 1),
        "not_compact",
    ),
    (
        "truncated in its claims",
        |b| cut(&b.token(), 1, 9),
        "bad_signature",
    ),
    (
        "truncated in its signature",
        |b| cut(&b.token(), 2, 8),
        "bad_signature",
    ),
    (
        "without its signature",
        |b| cut(&b.token(), 2, usize::MAX),
        "bad_signature",
    ),
    (
        "megabytes long",
        |b| b.token() + &"A".repeat(5_000_000),
        "too_large",
    ),
    (
        "an algorithm of none",
        |b| with_header(b, r#"{"alg":"none","typ":"eat+jwt"}"#),
        "wrong_algorithm",
    ),
    (
        "an algorithm of none, unsigned",
        |b| {
            cut(
                &with_header(b, r#"{"alg":"none","typ":"eat+jwt"}"#),
                2,
                usize::MAX,
            )
        },
        "wrong_algorithm",
    ),
    (
        "HS256, with the public key for a secret",
        |b| with_header(b, &header(&b.phone).replace("ES256", "HS256")),
        "wrong_algorithm",
    ),
    (
        "ES384",
        |b| with_header(b, &header(&b.phone).replace("ES256", "ES384")),
        "wrong_algorithm",
    ),
    (
        "another kind of token",
        |b| with_header(b, &header(&b.phone).replace("eat+jwt", "JWT")),
        "wrong_type",
    ),
    (
        "a parameter that must be understood",
        |b| with_header(b, &header(&b.phone).replacen('{', r#"{"crit":["exp"],"#, 1)),
        "critical_header",
    ),
    (
        "an algorithm twice",
        |b| with_header(b, &header(&b.phone).replacen('{', r#"{"alg":"none","#, 1)),
        "duplicate_member",
    ),
    (
        "a parameter that nobody knows",
        |b| {
            with_header(
                b,
                &header(&b.phone).replacen('{', r#"{"jku":"https://evil.example/keys","#, 1),
            )
        },
        "malformed_header",
    ),
    (
        "a bomb in its header",
        |b| with_header(b, &"[".repeat(20_000)),
        "too_deep",
    ),
    (
        "no key",
        |b| with_header(b, r#"{"alg":"ES256","typ":"eat+jwt"}"#),
        "unknown_key",
    ),
    (
        "a key off the curve",
        |b| {
            let point = Base64UrlUnpadded::encode_string(&[1; 32]);
            let jwk = json!({ "kty": "EC", "crv": "P-256", "x": point, "y": point });
            with_header(
                b,
                &json!({ "alg": "ES256", "typ": "eat+jwt", "jwk": jwk }).to_string(),
            )
        },
        "unknown_key",
    ),
    (
        "an unknown key",
        |b| sign(&header(&key(2)), &b.claims().to_string(), &key(2)),
        "unknown_key",
    ),
    (
        "the wrong key",
        |b| sign(&header(&b.phone), &b.claims().to_string(), &key(2)),
        "bad_signature",
    ),
    (
        "a fact changed after signing",
        |b| {
            changed(b, |claims| {
                claims["octroi"]["record"]["device"]["ownership"] = json!("personal")
            })
        },
        "bad_signature",
    ),
    (
        "an app taken out after signing",
        |b| {
            changed(b, |claims| {
                claims["octroi"]["record"]["observations"][0]["apps"] = json!([])
            })
        },
        "bad_signature",
    ),
    (
        "claims twice",
        |b| {
            let claims =
                b.claims()
                    .to_string()
                    .replacen('{', &format!(r#"{{"eat_nonce":"{NONCE}","#), 1);
            sign(&header(&b.phone), &claims, &b.phone)
        },
        "duplicate_member",
    ),
    (
        "a fact twice",
        |b| {
            let claims = b.claims().to_string();
            let claims =
                claims.replacen(r#""device":{"#, r#""device":{"ownership":"personal","#, 1);
            sign(&header(&b.phone), &claims, &b.phone)
        },
        "duplicate_member",
    ),
    (
        "a bomb in its claims",
        |b| {
            let bomb = format!("{}{}", r#"{"a":"#.repeat(5_000), "}".repeat(5_000));
            sign(&header(&b.phone), &bomb, &b.phone)
        },
        "too_deep",
    ),
    (
        "a bomb in its record",
        |b| {
            claiming(b, |claims| {
                claims["octroi"]["record"]["device"]["ownership"] = nested(40)
            })
        },
        "too_deep",
    ),
    (
        "a claim that nobody knows",
        |b| claiming(b, |claims| claims["admin"] = json!(true)),
        "malformed_claims",
    ),
    (
        "claims that are none",
        |b| sign(&header(&b.phone), "[]", &b.phone),
        "malformed_claims",
    ),
    (
        "a time that is a text",
        |b| claiming(b, |claims| claims["iat"] = json!("now")),
        "malformed_claims",
    ),
    (
        "another profile",
        |b| claiming(b, |claims| claims["eat_profile"] = json!("tag:x,2026:y")),
        "wrong_profile",
    ),
    (
        "an attestation result, which is of the same type",
        |b| {
            let issuer = NonEmpty::new(AUDIENCE).unwrap();
            let appraisal = b.judge(&b.token()).unwrap();
            let result = appraisal.ear(&issuer, b.now, 300);
            // The same in every release.
            let result = result.as_json().replace(env!("CARGO_PKG_VERSION"), "0.0.0");
            sign(&header(&b.phone), &result, &b.phone)
        },
        "malformed_claims",
    ),
    (
        "the nonce of another",
        |b| claiming(b, |claims| claims["eat_nonce"] = json!("another's nonce")),
        "wrong_nonce",
    ),
    (
        "for somebody else",
        |b| claiming(b, |claims| claims["aud"] = json!("https://other.example")),
        "wrong_audience",
    ),
    ("from the future", |b| later(b, 61), "from_the_future"),
    (
        "from the end of time",
        |b| claiming(b, |claims| claims["iat"] = json!(i64::MAX)),
        "from_the_future",
    ),
    ("too old", |b| later(b, -360), "too_old"),
    (
        "from the beginning of time",
        |b| claiming(b, |claims| claims["iat"] = json!(i64::MIN)),
        "too_old",
    ),
    (
        "expired",
        |b| {
            let expired = b.now.unix_seconds() - 60;
            claiming(b, |claims| claims["exp"] = json!(expired))
        },
        "expired",
    ),
    (
        "replayed",
        |b| {
            let token = b.token();
            b.judge(&token).unwrap();
            token
        },
        "replayed",
    ),
    (
        "a record that is none",
        |b| claiming(b, |claims| claims["octroi"]["record"] = json!({})),
        "malformed_record",
    ),
    (
        "a verdict that does not follow from its facts",
        |b| {
            claiming(b, |claims| {
                claims["octroi"]["verdict"]["status"] = json!("compliant")
            })
        },
        "verdict_mismatch",
    ),
    (
        "facts that do not lead to its verdict",
        |b| {
            claiming(b, |claims| {
                claims["octroi"]["record"]["observations"] = json!([])
            })
        },
        "verdict_mismatch",
    ),
];

#[test]
fn each_forgery_is_refused_for_its_own_reason() {
    let mut codes = std::collections::BTreeSet::new();
    for (what, forge, code) in TABLE {
        let bench = Bench::new();
        let refusal = bench.judge(&forge(&bench)).unwrap_err();
        assert_eq!(refusal.code(), *code, "{what}: {refusal}");
        codes.insert(*code);
    }
    println!(
        "counted: {} forged statements, refused for {} reasons",
        TABLE.len(),
        codes.len()
    );
}

/// The table proves nothing if what it starts from is refused as well.
#[test]
fn what_nobody_forged_is_taken() {
    let bench = Bench::new();
    let appraisal = bench.judge(&bench.token()).unwrap();
    assert_eq!(appraisal.mismatch, None);
    assert_eq!(
        appraisal.assessment.status,
        octroi_core::Status::InGracePeriod
    );
    // Within what clocks may be off, before and after.
    for seconds in [60, -300, -359] {
        let bench = Bench::new();
        assert!(bench.verify(&later(&bench, seconds)).is_ok(), "{seconds}");
    }
}

/// A phone whose clock is ahead by less than is borne looks at its apps, and is let in at once.
#[test]
fn what_a_fast_clock_saw_is_not_stale() {
    let mut bench = Bench::new();
    let limited = br#"{ "observation_valid_for": "PT1H" }"#;
    bench.deployment = octroi_core::Deployment::from_json(limited).unwrap();
    let seen = r#"{ "device": { "platform": "android", "ownership": "organization" },
        "observations": [{ "source": "platform", "taken_at": "2023-03-28T10:00:30+02:00", "complete": true,
          "apps": [{ "id": "org.example.secret" }] }] }"#;
    let (record, ahead) = (bench.record(seen), at("2023-03-28T10:00:30+02:00"));
    let request = Request::new(NONCE, AUDIENCE).unwrap();
    let stated = statement(&request, &bench.policies, &record, &bench.deployment, ahead);
    let token = sign(&header(&bench.phone), stated.as_json(), &bench.phone);
    let appraisal = bench.judge(&token).unwrap();
    assert_eq!(appraisal.assessment.status, octroi_core::Status::Compliant);
}

/// A character here and there, and the last of each part: nothing in a token is without its signature.
#[test]
fn no_character_can_be_changed() {
    let bench = Bench::new();
    let token = bench.token();
    let ends: Vec<_> = token.match_indices('.').map(|(at, _)| at - 1).collect();
    let last = token.len() - 1;
    for at in (0..token.len()).step_by(9).chain(ends).chain([last]) {
        let mut bytes = token.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let turned = String::from_utf8(bytes).unwrap();
        if let Ok(evidence) = bench.verify(&turned) {
            panic!("{at}: {evidence:?}");
        }
    }
    assert!(
        bench.verify(&token).is_ok(),
        "the nonce was used up by a forgery"
    );
}

#[test]
fn an_old_policy_and_a_full_memory_are_reasons_too() {
    let mut bench = Bench::new();
    let local = PolicyId::new("be-brussels-local").unwrap();
    let region = PolicyId::new("be-brussels-region").unwrap();
    for (policy, minimum, taken) in [(&local, 1, true), (&local, 2, false), (&region, 1, false)] {
        bench.replay = octroi_evidence::OneTime::new(1);
        bench.requirements = Requirements {
            minimum_versions: vec![(policy.clone(), minimum)],
            ..Requirements::default()
        };
        let judged = bench.judge(&bench.token());
        assert_eq!(
            judged.as_ref().err().map(|refusal| refusal.code()),
            (!taken).then_some("policy_too_old")
        );
    }
    // A higher version beside the one under which was decided raises nothing.
    bench.replay = octroi_evidence::OneTime::new(1);
    bench.requirements.minimum_versions = vec![(local.clone(), 2)];
    let twice = claiming(&bench, |claims| {
        let policies = &mut claims["octroi"]["policies"];
        *policies = json!([{ "id": "be-brussels-local", "version": 9 }, policies[0]]);
    });
    assert_eq!(bench.judge(&twice).unwrap_err().code(), "policy_too_old");

    bench.replay = octroi_evidence::OneTime::new(0);
    assert_eq!(
        bench.judge(&bench.token()).unwrap_err().code(),
        "replay_store_full"
    );
}

/// Where the server does not refuse it, what the phone says of itself is told, and changes nothing.
#[test]
fn a_verdict_is_compared_and_never_believed() {
    let mut bench = Bench::new();
    bench.requirements.refuse_mismatch = false;
    let honest = bench.judge(&bench.token()).unwrap().assessment;
    bench.replay = octroi_evidence::OneTime::new(1);
    let lie = claiming(&bench, |claims| {
        claims["octroi"]["verdict"] = json!({ "decision": "permit", "zone": "service", "certain": true, "status": "compliant" });
    });
    let appraisal = bench.judge(&lie).unwrap();
    assert_eq!(appraisal.assessment, honest);
    assert_eq!(
        appraisal.mismatch.unwrap().stated.status,
        octroi_core::Status::Compliant
    );
}

/// What leaves the phone is what the policies ask about.
#[test]
fn a_statement_names_no_other_app_and_no_device() {
    let bench = Bench::new();
    let claims = bench.claims();
    for secret in ["secret", "inventory-7", "29.1", "TikTok"] {
        assert!(!claims.to_string().contains(secret), "{secret}: {claims:#}");
    }
    let request = Request::new(NONCE, AUDIENCE)
        .unwrap()
        .with_device_id()
        .with_lifetime(120);
    let record = bench.record(RECORD);
    let asked = statement(
        &request,
        &bench.policies,
        &record,
        &bench.deployment,
        bench.now,
    );
    let token = asked
        .sign(&As(Identity::Key(bench.phone.public()), &bench.phone))
        .unwrap();
    let claims = claims_of(&token);
    assert_eq!(claims["octroi"]["record"]["device"]["id"], "inventory-7");
    assert_eq!(claims["exp"], at("2023-03-28T08:02:00Z").unix_seconds());
    assert_eq!(
        bench
            .judge(&token)
            .unwrap()
            .assessment
            .device_id
            .unwrap()
            .as_str(),
        "inventory-7"
    );
}

#[test]
fn a_request_has_a_nonce_and_an_audience() {
    for (nonce, audience, fits) in [
        ("1234567".to_owned(), AUDIENCE, false),
        ("12345678".to_owned(), AUDIENCE, true),
        ("x".repeat(88), AUDIENCE, true),
        ("x".repeat(89), AUDIENCE, false),
        ("12345678".to_owned(), "", false),
    ] {
        assert_eq!(Request::new(nonce, audience).is_ok(), fits);
    }
}

fn with_header(bench: &Bench, header: &str) -> String {
    sign(header, &bench.claims().to_string(), &bench.phone)
}

/// Claims as the phone would sign them itself, were it to lie.
fn claiming(bench: &Bench, change: impl FnOnce(&mut Value)) -> String {
    let mut claims = bench.claims();
    change(&mut claims);
    sign(&header(&bench.phone), &claims.to_string(), &bench.phone)
}

fn later(bench: &Bench, seconds: i64) -> String {
    let issued = bench.now.unix_seconds() + seconds;
    claiming(bench, |claims| claims["iat"] = json!(issued))
}

/// The statement with other claims under its old signature.
fn changed(bench: &Bench, change: impl FnOnce(&mut Value)) -> String {
    let token = bench.token();
    let mut claims = claims_of(&token);
    change(&mut claims);
    let mut parts: Vec<_> = token.split('.').map(str::to_owned).collect();
    parts[1] = Base64UrlUnpadded::encode_string(claims.to_string().as_bytes());
    parts.join(".")
}

/// Without the last so many characters of a part.
fn cut(token: &str, part: usize, characters: usize) -> String {
    let mut parts: Vec<_> = token.split('.').collect();
    let length = parts[part].len();
    // Four characters are three bytes: so it stays base64.
    let kept = length.saturating_sub(characters) / 4 * 4;
    parts[part] = &parts[part][..kept];
    parts.join(".")
}

fn nested(deep: usize) -> Value {
    (0..deep).fold(json!(1), |inner, _| json!([inner]))
}
