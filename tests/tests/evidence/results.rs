//! What a server says of a phone to those who know no octroi.

use octroi_core::{Decision, NonEmpty, Policies, Policy, Status, embedded};
use octroi_evidence::{ComplianceChange, Identity, OneTime, appraise};
use serde_json::{Value, json};

use crate::bench::{Bench, claims_of, key};

fn text(text: &str) -> NonEmpty {
    NonEmpty::new(text).unwrap()
}

/// A result says how the device is set up. That it is a certain device, or runs certain programs, nobody attested.
#[test]
fn an_attestation_result_affirms_no_more_than_was_appraised() {
    let bench = Bench::new();
    let mut appraisal = bench.judge(&bench.token()).unwrap();
    for (status, tier, claim) in [
        (Status::Compliant, "affirming", 2),
        (Status::InGracePeriod, "warning", 32),
        (Status::Noncompliant, "contraindicated", 96),
        (Status::Unknown, "none", 0),
        (Status::NotApplicable, "none", 0),
    ] {
        appraisal.assessment.status = status;
        let server = key(9);
        let identity = Identity::Thumbprint(server.public().thumbprint());
        let token = appraisal
            .ear(&text("https://verifier.example"), bench.now, 300)
            .sign_as(&identity, &server);
        let ear = claims_of(&token.unwrap());
        let appraised = &ear["submods"]["octroi"];
        assert_eq!(appraised["ear.status"], tier);
        assert_eq!(
            appraised["ear.trustworthiness-vector"],
            json!({ "configuration": claim })
        );
        assert_eq!(ear["sub"], bench.phone.public().thumbprint().to_string());
        assert_eq!(ear["exp"], bench.now.unix_seconds() + 300);
    }
}

/// A gateway that keeps a result keeps it no longer than the verdict holds.
#[test]
fn an_attestation_result_ends_with_the_verdict() {
    let bench = Bench::new();
    let appraisal = bench.judge(&bench.token()).unwrap();
    let until = appraisal.assessment.valid_until.unwrap();
    let ear = appraisal.ear(&text("https://verifier.example"), bench.now, 30 * 86_400);
    let ear: Value = serde_json::from_str(ear.as_json()).unwrap();
    assert_eq!(ear["exp"], until.unix_seconds());
}

#[test]
fn any_permit_is_compliant_to_an_identity_provider() {
    let bench = Bench::new();
    let mut appraisal = bench.judge(&bench.token()).unwrap();
    for (decision, word) in [
        (Decision::Permit, "compliant"),
        (Decision::Deny, "not-compliant"),
    ] {
        appraisal.assessment.access.decision = decision;
        let change = ComplianceChange {
            issuer: text("https://verifier.example"),
            audience: text("https://idp.example"),
            id: text("7f1c"),
            device: text("inventory-7"),
            before: Decision::Permit,
        };
        let event: Value =
            serde_json::from_str(change.event(&appraisal, bench.now).as_json()).unwrap();
        assert_eq!(
            event["sub_id"],
            json!({ "format": "opaque", "id": "inventory-7" })
        );
        let events = event["events"].as_object().unwrap();
        let (name, said) = events.iter().next().unwrap();
        assert_eq!(
            (
                events.len(),
                name.ends_with("/caep/event-type/device-compliance-change")
            ),
            (1, true)
        );
        assert_eq!(
            (&said["previous_status"], &said["current_status"]),
            (&json!("compliant"), &json!(word))
        );
    }
}

/// A list is complete for the apps that the phone's policies name: of an app that only the server's policy names it says nothing.
#[test]
fn a_list_proves_nothing_of_an_app_that_the_phone_did_not_look_for() {
    let mut bench = Bench::new();
    bench.requirements.refuse_mismatch = false;
    let mut pack: Value = serde_json::from_str(&embedded().unwrap()[0].to_json()).unwrap();
    let groups = pack["catalogue"]["tiktok"]["identifiers"]
        .as_array_mut()
        .unwrap();
    groups.push(json!({ "platforms": ["android"], "developer_signers": ["sha1:d79f7cb8509a5e7e71c4f2afcfb75ea8c87177ca"], "learnt_from": "x" }));
    let by_signer = Policies::from(Policy::from_json(pack.to_string().as_bytes()).unwrap());
    pack["version"] = json!(2);
    let newer = Policies::from(Policy::from_json(pack.to_string().as_bytes()).unwrap());

    let record = r#"{ "device": { "platform": "android", "ownership": "organization" }, "observations": [{ "complete": true,
        "apps": [{ "id": "org.example", "signers": ["sha1:eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"] }] }] }"#;
    let record = bench.record(record);
    let request =
        octroi_evidence::Request::new(crate::bench::NONCE, crate::bench::AUDIENCE).unwrap();
    for (phone, server, presence) in [
        (&by_signer, &by_signer, "absent"),
        (&by_signer, &newer, "unknown"),
        (&bench.policies, &newer, "unknown"),
    ] {
        let claims =
            octroi_evidence::statement(&request, phone, &record, &bench.deployment, bench.now);
        bench.replay = OneTime::new(1);
        let evidence = bench.verify(&claims.sign(&bench.phone).unwrap()).unwrap();
        let appraisal = appraise(
            &evidence,
            server,
            &bench.deployment,
            &bench.requirements,
            bench.now,
        )
        .unwrap();
        let assessment = serde_json::to_value(&appraisal.assessment).unwrap();
        assert_eq!(
            assessment["assessments"][0]["findings"][0]["presence"],
            presence
        );
    }
}
