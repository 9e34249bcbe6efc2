//! The record (`docs/forms.md`).

use serde_json::{Value, json};

use super::parts::{any, closed, key, list, map, named, optional, truth, with, words};

pub(super) fn schema() -> Value {
    let device = closed([
        optional(
            "id",
            "A name that means nothing to octroi; given back in the assessment.",
            named("non_empty"),
        ),
        key("platform", "The system that it runs.", named("platform")),
        optional("ownership", "Who owns it.", named("ownership_statements")),
        optional(
            "funding",
            "The administration's share in its costs.",
            closed([
                optional("purchase", "Who paid for it.", named("share_statements")),
                optional(
                    "subscription",
                    "Who pays for its subscription.",
                    named("share_statements"),
                ),
                optional(
                    "usage",
                    "Who pays for its usage.",
                    named("share_statements"),
                ),
            ]),
        ),
    ]);
    let declaration = any([
        named("declared"),
        closed([
            key("value", "Whether it is there.", named("declared")),
            optional("declared_at", "When that was said.", named("instant")),
        ]),
    ]);
    let impediment = closed([
        optional(
            "reason",
            "The reason, in the holder's words.",
            named("non_empty"),
        ),
        optional(
            "supervisor_informed_on",
            "The day on which the supervisor was informed.",
            named("day"),
        ),
    ]);
    closed([
        optional("format", "Always 1.", named("format")),
        key("device", "The device itself.", device),
        optional(
            "holder",
            "The person who holds it.",
            closed([optional(
                "roles",
                "Roles, as the policies' exemptions name them.",
                list(named("non_empty")),
            )]),
        ),
        optional(
            "observations",
            "Who saw which apps, when, and how far they could see.",
            list(observation()),
        ),
        optional(
            "declarations",
            "App → what the holder says of it.",
            map(named("app_id"), declaration),
        ),
        optional(
            "impediments",
            "App → what prevents the holder from removing it.",
            map(named("app_id"), impediment),
        ),
    ])
}

/// What was said of one fact.
pub(super) fn statements(value: &str) -> Value {
    let with_source = || {
        closed([
            key("value", "What was said.", named(value)),
            optional(
                "source",
                "Who said it. Left out: `self_declared`.",
                named("source"),
            ),
        ])
    };
    any([
        named(value),
        with_source(),
        list(any([named(value), with_source()])),
    ])
}

fn observation() -> Value {
    let probe = any([
        named("non_empty"),
        closed([key(
            "scheme",
            "A URL scheme, without `:`.",
            named("non_empty"),
        )]),
    ]);
    closed([
        optional("source", "Who observed; informs only.", named("source")),
        optional("taken_at", "When.", named("instant")),
        optional(
            "scope",
            "How much of the device could be seen: one user, a profile or managed apps only are a `profile`. Left out: `device`.",
            words(["device", "profile"]),
        ),
        optional(
            "complete",
            "Whether every app within the scope is listed. Left out: `false`.",
            truth(),
        ),
        optional("apps", "The apps that were seen.", list(seen())),
        optional(
            "absent",
            "What was asked for and was not there: identifiers, or schemes.",
            list(probe.clone()),
        ),
        optional(
            "not_visible",
            "What could not be asked for: identifiers, or schemes. It proves nothing.",
            list(probe),
        ),
    ])
}

fn seen() -> Value {
    let app = closed([
        optional(
            "id",
            "The package or bundle identifier, exactly.",
            named("non_empty"),
        ),
        optional(
            "scheme",
            "A URL scheme that answered, without `:`.",
            named("non_empty"),
        ),
        optional(
            "name",
            "The name that people see; alone where there is no identifier.",
            named("non_empty"),
        ),
        optional(
            "signers",
            "The certificates that signed it; only beside an `id`.",
            list(named("signer")),
        ),
        optional(
            "first_installed",
            "When it was first installed.",
            named("instant"),
        ),
        optional("version", "Its version; informs only.", named("non_empty")),
    ]);
    let recognised_by = json!([
        { "required": ["id"], "not": { "required": ["scheme"] } },
        { "required": ["scheme"], "not": { "anyOf": [{ "required": ["id"] }, { "required": ["name"] }, { "required": ["signers"] }] } },
        { "required": ["name"], "not": { "anyOf": [{ "required": ["id"] }, { "required": ["scheme"] }, { "required": ["signers"] }] } },
    ]);
    with(app, "oneOf", recognised_by)
}
