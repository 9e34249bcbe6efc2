//! A phone and a server that know each other.

use base64ct::{Base64UrlUnpadded, Encoding};
use octroi_core::{Deployment, Instant, Policies, Record, embedded};
use octroi_evidence::{
    Appraisal, Challenge, Enrolled, Evidence, Identity, KeyResolver, Limits, OneTime, Refusal,
    Replay, Request, Requirements, Signer, SoftwareKey, Verifier, appraise, statement,
};
use serde_json::Value;

pub(crate) const NONCE: &str = "a nonce of the server's";
pub(crate) const AUDIENCE: &str = "https://gateway.example";

/// A phone of the administration that still has the app, seen in a list of all apps.
pub(crate) const RECORD: &str = r#"{
    "device": { "id": "inventory-7", "platform": "android", "ownership": "organization" },
    "observations": [{ "source": "platform", "taken_at": "2023-03-28T08:00:00+02:00", "complete": true, "apps": [
        { "id": "com.zhiliaoapp.musically", "first_installed": "2022-05-01T00:00:00Z", "version": "29.1", "name": "TikTok" },
        { "id": "org.example.secret", "version": "1.0" }
    ] }]
}"#;

pub(crate) struct Bench {
    pub(crate) policies: Policies,
    pub(crate) deployment: Deployment,
    pub(crate) now: Instant,
    pub(crate) phone: SoftwareKey,
    pub(crate) replay: OneTime,
    pub(crate) requirements: Requirements,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self {
            policies: Policies::from(embedded().unwrap()[0].clone()),
            deployment: Deployment::default(),
            now: at("2023-03-28T10:00:00+02:00"),
            phone: key(1),
            replay: OneTime::new(100),
            requirements: Requirements {
                refuse_mismatch: true,
                ..Requirements::default()
            },
        }
    }

    pub(crate) fn record(&self, json: &'static str) -> Record<'static> {
        Record::from_json(json.as_bytes(), &self.policies).unwrap()
    }

    /// The claims of the phone's statement.
    pub(crate) fn claims(&self) -> Value {
        let request = Request::new(NONCE, AUDIENCE).unwrap();
        let record = self.record(RECORD);
        let claims = statement(
            &request,
            &self.policies,
            &record,
            &self.deployment,
            self.now,
        );
        let mut claims: Value = serde_json::from_str(claims.as_json()).unwrap();
        // The same in every release: what other languages read of it is committed.
        claims["swversion"] = "0.0.0".into();
        claims
    }

    pub(crate) fn token(&self) -> String {
        sign(
            &header(&self.phone),
            &self.claims().to_string(),
            &self.phone,
        )
    }

    pub(crate) fn verify(&self, token: &str) -> Result<Evidence, Refusal> {
        let enrolled = Enrolled::new([self.phone.public().thumbprint()]);
        self.verify_with(&enrolled, token)
    }

    pub(crate) fn verify_with(
        &self,
        keys: &dyn KeyResolver,
        token: &str,
    ) -> Result<Evidence, Refusal> {
        let verifier = Verifier {
            keys,
            replay: &self.replay as &dyn Replay,
            limits: Limits::default(),
        };
        let challenge = Challenge {
            nonce: NONCE,
            audience: AUDIENCE,
        };
        verifier.verify(token, &challenge, self.now)
    }

    pub(crate) fn judge(&self, token: &str) -> Result<Appraisal, Refusal> {
        let evidence = self.verify(token)?;
        appraise(
            &evidence,
            &self.policies,
            &self.deployment,
            &self.requirements,
            self.now,
        )
    }
}

pub(crate) fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

pub(crate) fn key(number: u8) -> SoftwareKey {
    SoftwareKey::from_secret(&[number; 32]).unwrap()
}

/// The header of a statement, by the key itself.
pub(crate) fn header(phone: &SoftwareKey) -> String {
    let jwk = phone.public().to_jwk();
    format!(r#"{{"alg":"ES256","typ":"eat+jwt","jwk":{jwk}}}"#)
}

/// A token of any header and any claims, signed.
pub(crate) fn sign(header: &str, claims: &str, phone: &SoftwareKey) -> String {
    let encode = |text: &[u8]| Base64UrlUnpadded::encode_string(text);
    let signed = format!(
        "{}.{}",
        encode(header.as_bytes()),
        encode(claims.as_bytes())
    );
    let Ok(signature) = phone.sign(signed.as_bytes());
    format!("{signed}.{}", encode(&signature))
}

/// The claims in a token.
pub(crate) fn claims_of(token: &str) -> Value {
    let part = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&Base64UrlUnpadded::decode_vec(part).unwrap()).unwrap()
}

/// A signer that says of itself what it is told to.
pub(crate) struct As<'a>(pub(crate) Identity, pub(crate) &'a SoftwareKey);

impl Signer for As<'_> {
    type Error = core::convert::Infallible;

    fn identity(&self) -> Identity {
        self.0.clone()
    }

    fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, Self::Error> {
        self.1.sign(bytes)
    }
}
