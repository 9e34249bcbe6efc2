//! What fuzzing asks of each parser: one function a target, called by libFuzzer and, on the corpus, by the tests.
//!
//! None may panic or hang on any input. Beyond that each says what must hold of what it read.

mod updates;

use base64ct::{Base64UrlUnpadded, Encoding};
use octroi_core::{
    Deployment, Instant, Policies, Policy, Presence, ReadError, Record, assess, embedded,
};
use octroi_evidence::{
    Attestation, Chains, Challenge, Enrolled, KeyHint, KeyResolver, Limits, OneTime, Signer,
    SoftwareKey, Verifier,
};
use octroi_exports::{Kind, Options, Reading};

pub use updates::{metadata, updates};

/// One target: its name, and what it does with an input.
pub type Target = (&'static str, fn(&[u8]));

/// Every target, by the name of its file and of its corpus.
pub const TARGETS: [Target; 14] = [
    ("amapi", amapi),
    ("apple_mdm", apple_mdm),
    ("attestation", attestation),
    ("deployment", deployment),
    ("dumpsys", dumpsys),
    ("evidence", evidence),
    ("fleetdm", fleetdm),
    ("ideviceinstaller", ideviceinstaller),
    ("intune", intune),
    ("metadata", metadata),
    ("pm_list", pm_list),
    ("policy", policy),
    ("record", record),
    ("updates", updates),
];

/// Apple's list of apps.
pub fn apple_mdm(data: &[u8]) {
    export(data, Kind::AppleMdm);
}

/// What a certificate says of its key's attestation, and a certificate: pinned, and as the key's own. Nobody issued it.
pub fn attestation(data: &[u8]) {
    let _ = Attestation::read(data);
    let chain = [data.to_vec()];
    let hint = KeyHint {
        key: None,
        chain: &chain,
    };
    let now = Instant::from_unix_seconds(1_680_000_000);
    if let Ok(chains) = Chains::new([data]) {
        let _ = chains.resolve(&hint, now);
    }
    assert!(Chains::default().resolve(&hint, now).is_err());
}

/// A device of Android Management.
pub fn amapi(data: &[u8]) {
    export(data, Kind::Amapi);
}

/// A dump of Android's package service.
pub fn dumpsys(data: &[u8]) {
    export(data, Kind::Dumpsys);
}

/// A host of Fleet.
pub fn fleetdm(data: &[u8]) {
    export(data, Kind::Fleetdm);
}

/// A list of ideviceinstaller's.
pub fn ideviceinstaller(data: &[u8]) {
    export(data, Kind::Ideviceinstaller);
}

/// A device of Intune.
pub fn intune(data: &[u8]) {
    export(data, Kind::Intune);
}

/// A list of packages.
pub fn pm_list(data: &[u8]) {
    export(data, Kind::PmList);
}

/// A deployment.
pub fn deployment(data: &[u8]) {
    if let Err(error) = Deployment::from_json(data) {
        names_a_place(&error, data);
    }
}

/// A statement: as it comes from the network, and as the claims of a key that is known, which are read only then. None of it was
/// answered, so none is taken.
pub fn evidence(data: &[u8]) {
    let Some(phone) = SoftwareKey::from_secret(&[1; 32]) else {
        return; // other tests say so
    };
    let verifier = Verifier {
        keys: &Enrolled::new([phone.public().thumbprint()]),
        replay: &OneTime::new(1),
        limits: Limits::default(),
    };
    let challenge = Challenge {
        nonce: "never given out",
        audience: "nobody",
    };
    let now = Instant::from_unix_seconds(1_680_000_000);
    let token = String::from_utf8_lossy(data);
    for token in [token.clone(), signed(&token, &phone).into()] {
        let refusal = verifier.verify(&token, &challenge, now);
        assert!(refusal.is_err(), "{refusal:?}");
    }
}

/// These claims, signed by the key.
fn signed(claims: &str, phone: &SoftwareKey) -> String {
    let jwk = phone.public().to_jwk();
    let header = format!(r#"{{"alg":"ES256","typ":"eat+jwt","jwk":{jwk}}}"#);
    let encode = |text: &[u8]| Base64UrlUnpadded::encode_string(text);
    let bytes = format!(
        "{}.{}",
        encode(header.as_bytes()),
        encode(claims.as_bytes())
    );
    let Ok(signature) = phone.sign(bytes.as_bytes());
    format!("{bytes}.{}", encode(&signature))
}

/// A policy. One that is accepted is written and read again as the same.
pub fn policy(data: &[u8]) {
    match Policy::from_json(data) {
        Ok(policy) => assert_eq!(Policy::from_json(policy.to_json().as_bytes()), Ok(policy)),
        Err(error) => names_a_place(&error, data),
    }
}

/// A device record, under the policies that ship.
pub fn record(data: &[u8]) {
    let shipped = embedded().map(|policies| Policies::new(policies.to_vec()));
    let Ok(Ok(policies)) = shipped else {
        return; // other tests say so
    };
    if let Err(error) = Record::from_json(data, &policies) {
        names_a_place(&error, data);
    }
}

/// An export, under the policies that ship. Whatever was read can be assessed, and what saw nothing proves nothing.
fn export(data: &[u8], kind: Kind) {
    let _ = Kind::detect(data);
    let shipped = embedded().map(|policies| Policies::new(policies.to_vec()));
    let Ok(Ok(policies)) = shipped else {
        return; // other tests say so
    };
    match octroi_exports::read(data, kind, &policies, &Options::default()) {
        Ok(Reading { record, .. }) => {
            let at = Instant::from_unix_seconds(1_680_000_000);
            let assessment = assess(&policies, &record, &Deployment::default(), at);
            let saw_nothing = record.observations.iter().all(|seen| seen.apps.is_empty());
            for finding in assessment
                .assessments
                .iter()
                .flat_map(|said| &said.findings)
            {
                assert!(
                    !(saw_nothing && finding.presence == Presence::Absent),
                    "{finding:?}"
                );
            }
        }
        Err(error) => assert!(
            !error.found.is_empty() && !error.expected.is_empty(),
            "{error:?}"
        ),
    }
}

/// An error points into the input and says what it found and what it expected.
fn names_a_place(error: &ReadError, data: &[u8]) {
    let lines = data.split(|byte| *byte == b'\n').count();
    assert!((1..=lines).contains(&error.line), "{error:?}");
    assert!(error.column >= 1, "{error:?}");
    assert!(
        !error.found.is_empty() && !error.expected.is_empty(),
        "{error:?}"
    );
}
