//! A statement on a server: checked and judged anew, beside the check of its signature alone.

use anyhow::{Context, Result, bail, ensure};
use base64ct::{Base64UrlUnpadded, Encoding};
use octroi_core::{Deployment, Instant, Policies, Record, embedded};
use octroi_evidence::{
    Challenge, Enrolled, Identity, Limits, Replay, Request, Requirements, Seen, SoftwareKey,
    Verifier, appraise, statement,
};
use p256::ecdsa::{Signature, VerifyingKey, signature::Verifier as _};

use crate::clock;

const RECORD: &str = include_str!("../../../policies/examples/service-phone.json");
const AT: &str = "2023-03-28T10:00:00+02:00";
const CHALLENGE: Challenge<'_> = Challenge {
    nonce: "8f14e45fceea167a",
    audience: "https://gateway.example",
};
const ROUNDS: usize = 301;
/// The runs that are timed together.
const TOGETHER: u32 = 20;

/// How long they take, in microseconds.
pub(crate) struct Statement {
    /// `verify` and `appraise`.
    pub(crate) judged: f64,
    /// ES256 of the same bytes, with a key and a signature that were read before.
    pub(crate) signature: f64,
}

/// What remembers nonces is the server's, and here it costs nothing.
struct Forgetful;

impl Replay for Forgetful {
    fn first_use(&self, _: &str, _: Instant, _: Instant) -> Seen {
        Seen::First
    }
}

/// Measures both, in turns.
pub(crate) fn measure() -> Result<Statement> {
    let now = Instant::parse(AT).context("not an instant")?;
    let policies = &Policies::new(embedded()?.to_vec())?;
    let deployment = Deployment::default();
    let phone = SoftwareKey::from_secret(&[7; 32]).context("not a secret")?;
    let record = Record::from_json(RECORD.as_bytes(), policies)?;
    let request = Request::new(CHALLENGE.nonce, CHALLENGE.audience)?;
    let claims = statement(&request, policies, &record, &deployment, now);
    let token = claims.sign_as(&Identity::Key(phone.public()), &phone)?;

    let (signed, signature) = token.rsplit_once('.').context("not a token")?;
    let signature = Base64UrlUnpadded::decode_vec(signature)?;
    let signature = Signature::from_slice(&signature)?;
    let key = VerifyingKey::from_sec1_bytes(&phone.public().to_sec1())?;
    let alone = || Ok(key.verify(signed.as_bytes(), &signature)?);

    let keys = Enrolled::new([phone.public().thumbprint()]);
    let verifier = Verifier {
        keys: &keys,
        replay: &Forgetful,
        limits: Limits::default(),
    };
    let requirements = Requirements::default();
    let judged = || {
        let evidence = verifier.verify(&token, &CHALLENGE, now)?;
        let appraisal = appraise(&evidence, policies, &deployment, &requirements, now)?;
        ensure!(appraisal.mismatch.is_none(), "a verdict that differs");
        Ok(())
    };

    let mut subjects: [&dyn Fn() -> Result<()>; 2] = [&judged, &alone];
    let medians = clock::in_turns(ROUNDS, &mut subjects, |run| {
        let taken = clock::time(|| (0..TOGETHER).try_for_each(|_| run()))?;
        Ok(taken.as_secs_f64() * 1e6 / f64::from(TOGETHER))
    })?;
    match medians.as_slice() {
        &[judged, signature] => Ok(Statement { judged, signature }),
        _ => bail!("not two times"),
    }
}
