//! What a server found of a statement, as `octroi evidence verify` prints it (`docs/evidence.md`). It is an output, as an assessment is.

use serde_json::{Value, json};

use super::assessment;
use super::parts::{
    Key, any, described, key, list, named, nullable, open, text_like, truth, whole, words,
};

pub(super) fn schema() -> Value {
    any([
        described("A statement that counts, judged again.", appraised()),
        described("A statement that does not count.", refused()),
    ])
}

fn appraised() -> Value {
    open([
        key(
            "key",
            "The thumbprint of the key that signed it (RFC 7638).",
            text_like("^[A-Za-z0-9_-]{43}$"),
        ),
        key(
            "attested",
            "Where the key is kept, if the maker of the device vouches for it, and for that it was made for this nonce.",
            nullable(words(["trusted_environment", "strongbox"])),
        ),
        key(
            "issued_at",
            "When it was issued, by the phone's clock.",
            named("instant"),
        ),
        key(
            "software",
            "The program that made it, as it says.",
            open([
                key("name", "Its name.", text()),
                key("version", "Its version.", text()),
            ]),
        ),
        key(
            "policies",
            "The policies of the phone.",
            list(open([
                key("id", "The id of one.", named("policy_id")),
                key("version", "Its version.", whole(0, u32::MAX.into())),
            ])),
        ),
        key("stated", "The phone's own verdict.", verdict()),
        key(
            "follows",
            "The verdict that follows from the phone's facts in its place, if it is another.",
            nullable(verdict()),
        ),
        key(
            "assessment",
            "What was decided from the phone's facts: the verdict that counts.",
            assessment::schema(),
        ),
    ])
}

fn verdict() -> Value {
    open([
        key("decision", "The decision.", named("decision")),
        key(
            "zone",
            "Which network the device belongs on.",
            named("zone"),
        ),
        key(
            "certain",
            "Whether the decision is the same however the unknown facts turn out.",
            truth(),
        ),
        status(),
    ])
}

fn status() -> Key {
    key("status", "The verdict in one word.", named("status"))
}

/// What others wrote.
fn text() -> Value {
    json!({ "type": "string" })
}

fn refused() -> Value {
    open([key(
        "refused",
        "Why.",
        open([
            key(
                "code",
                "The reason; a later version may add some.",
                text_like("^[a-z0-9_]+$"),
            ),
            key("message", "The same in English.", text()),
        ]),
    )])
}
