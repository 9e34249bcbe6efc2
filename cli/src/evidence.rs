//! `octroi evidence`: statements of phones, checked and made.

use std::path::Path;

use octroi_core::{Decision, NonEmpty, Record, explain};
use octroi_evidence::{
    Appraisal, Appraised, Chains, Challenge, Enrolled, Evidence, Identity, KeyResolver, Limits,
    OneTime, Refusal, Request, Requirements, SoftwareKey, Verifier, appraise, statement,
};

use crate::{
    Outcome,
    arguments::{Format, Keygen, Sign, Verify},
    failure::Failure,
    files, language, page, rules, verdict_page,
};

/// An attestation result counts no longer than what it rests on is young: gateways ask again.
const EAR_LIFETIME: u32 = 300;

pub(crate) fn verify(arguments: &Verify) -> Result<Outcome, Failure> {
    let (deployment, policies) = arguments.rules.select()?;
    let now = arguments.rules.instant(rules::now());
    let keys = keys(arguments)?;
    let signer = arguments.ear.as_deref().map(key).transpose()?;
    let limits = Limits {
        age: arguments.max_age,
        clock_skew: arguments.clock_skew,
        ..Limits::default()
    };
    // One more, and it is too large, whatever follows.
    let most = u64::try_from(limits.bytes).unwrap_or(u64::MAX);
    let (place, token) = files::input(&arguments.file, most.saturating_add(1))?;
    let is_whole = token.len() <= limits.bytes;
    let token = String::from_utf8_lossy(&token);
    let token = if is_whole { token.trim_ascii() } else { &token };
    let challenge = Challenge {
        nonce: &arguments.challenge.nonce,
        audience: &arguments.challenge.audience,
    };
    let verifier = Verifier {
        keys: &*keys,
        // Who remembers from one run to the next is whoever gives out the nonces.
        replay: &OneTime::new(1),
        limits,
    };
    let requirements = Requirements {
        minimum_versions: arguments.minimum.clone(),
        refuse_mismatch: arguments.refuse_mismatch,
    };
    let checked = verifier.verify(token, &challenge, now);
    let appraised = checked.and_then(|evidence| {
        let appraisal = appraise(&evidence, &policies, &deployment, &requirements, now)?;
        Ok((evidence, appraisal))
    });
    let (evidence, appraisal) = match appraised {
        Ok(appraised) => appraised,
        Err(refusal) => return refused(&place, &refusal, arguments.format),
    };
    if let Some(signer) = signer {
        let issuer =
            NonEmpty::new(arguments.challenge.audience.as_str()).ok_or_else(no_audience)?;
        let ear = appraisal.ear(&issuer, now, EAR_LIFETIME);
        print_signed(
            &ear,
            &Identity::Thumbprint(signer.public().thumbprint()),
            &signer,
        )?;
    } else {
        match arguments.format {
            Format::Json => page::print(&(json(&evidence, &appraisal) + "\n"))?,
            Format::Human => {
                let language = arguments.speech.language();
                let assessment = &appraisal.assessment;
                let explanation = explain(assessment, &policies, &deployment, language);
                let texts = language::texts(language);
                let mut notes = vec![
                    texts
                        .note
                        .evidence_signed
                        .replace("{key}", &evidence.key.to_string())
                        .replace("{at}", &evidence.issued_at.to_string()),
                ];
                if appraisal.mismatch.is_some() {
                    notes.push(texts.note.evidence_mismatch.to_owned());
                }
                verdict_page::page(assessment, &explanation, &notes, texts).print()?;
            }
        }
    }
    Ok(match appraisal.assessment.access.decision {
        Decision::Permit => Outcome::Good,
        Decision::Deny => Outcome::Bad,
    })
}

pub(crate) fn sign(arguments: &Sign) -> Result<Outcome, Failure> {
    let (deployment, policies) = arguments.rules.select()?;
    let at = arguments.rules.instant(rules::now());
    let signer = key(&arguments.signer)?;
    let request = Request::new(
        arguments.challenge.nonce.as_str(),
        arguments.challenge.audience.as_str(),
    );
    let mut request = request.map_err(|error| {
        let expected = "a nonce of 8 to 88 bytes and an audience";
        Failure::new("--nonce, --audience", found(&error), expected)
    })?;
    if arguments.device_id {
        request = request.with_device_id();
    }
    let (place, json) = files::whole(&arguments.file, files::EXPORT)?;
    let record = Record::from_json(&json, &policies);
    let record = record.map_err(|error| Failure::read(&place, &error))?;
    let claims = statement(&request, &policies, &record, &deployment, at);
    print_signed(&claims, &Identity::Key(signer.public()), &signer)?;
    Ok(Outcome::Good)
}

pub(crate) fn keygen(arguments: &Keygen) -> Result<Outcome, Failure> {
    let mut secret = [0; 32];
    let random = getrandom::fill(&mut secret);
    let random = random.ok().and_then(|()| SoftwareKey::from_secret(&secret));
    let key = random.ok_or_else(|| {
        Failure::new(
            "this system",
            "no random bytes",
            "random bytes to make a key of",
        )
    })?;
    let jwk = key.to_jwk() + "\n";
    files::create(&arguments.file, jwk.as_bytes(), 0o600)?;
    page::print(&format!("{}\n", key.public().thumbprint()))?;
    Ok(Outcome::Good)
}

/// Whose statements count, as the command line says.
fn keys(arguments: &Verify) -> Result<Box<dyn KeyResolver>, Failure> {
    if arguments.root.is_empty() {
        return Ok(Box::new(Enrolled::new(arguments.key.iter().copied())));
    }
    let mut roots = Vec::new();
    for path in &arguments.root {
        let (_, der) = files::whole(path, files::SMALL)?;
        // Each by itself first, so that the error names the file.
        Chains::new([der.as_slice()]).map_err(|_| {
            let found = "no certificate in DER";
            Failure::new(path.display(), found, "an X.509 certificate in DER")
                .help("`openssl x509 -outform der` makes one of a PEM file")
        })?;
        roots.push(der);
    }
    let chains = Chains::new(roots.iter().map(Vec::as_slice));
    let chains =
        chains.map_err(|fault| Failure::new("--root", fault.to_string(), "certificates"))?;
    Ok(Box::new(chains))
}

fn key(path: &Path) -> Result<SoftwareKey, Failure> {
    let (_, json) = files::whole(path, files::SMALL)?;
    SoftwareKey::from_jwk(&json).ok_or_else(|| {
        let expected = "a JSON Web Key on P-256 with its secret, as `octroi evidence keygen` makes";
        Failure::new(path.display(), "no such key", expected)
    })
}

fn print_signed(
    claims: &octroi_evidence::Claims,
    identity: &Identity,
    signer: &SoftwareKey,
) -> Result<(), Failure> {
    let token = claims.sign_as(identity, signer);
    let token = token
        .map_err(|error| Failure::new("the signature", error.to_string(), "one that holds"))?;
    page::print(&(token + "\n"))
}

fn refused(place: &str, refusal: &Refusal, format: Format) -> Result<Outcome, Failure> {
    let code = refusal.code();
    match format {
        Format::Human => {
            let found = format!("{} (`{code}`)", found(refusal));
            Err(Failure::new(place, found, "a statement that holds"))
        }
        Format::Json => {
            let message = refusal.to_string();
            let refused = serde_json::json!({ "refused": { "code": code, "message": message } });
            page::print(&format!("{refused:#}\n"))?;
            Ok(Outcome::Incomplete)
        }
    }
}

/// What an error says that was found, behind the word that says so.
fn found(error: &impl std::error::Error) -> String {
    let message = error.to_string();
    let bare = message.strip_prefix("found ").map(str::to_owned);
    bare.unwrap_or(message)
}

fn no_audience() -> Failure {
    Failure::new("--audience", "nobody", "whom the statement is for")
}

fn json(evidence: &Evidence, appraisal: &Appraisal) -> String {
    // Every key is a string and nothing is written to but memory: nothing can fail.
    serde_json::to_string_pretty(&Appraised::new(evidence, appraisal)).unwrap_or_default()
}
