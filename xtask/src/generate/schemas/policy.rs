//! The policy (`docs/policy-format.md`).

use serde_json::{Value, json};

use super::parts::{
    closed, key, list, map, named, one_of, optional, set, some, text_like, whole, with, words,
};
use super::scenario;

const BASIS: &str = "The directive on which this rests.";

pub(super) fn schema() -> Value {
    closed([
        key("format", "Always 1.", named("format")),
        key("id", "The policy's id.", named("policy_id")),
        key(
            "version",
            "Grows with each change.",
            whole(1, u32::MAX.into()),
        ),
        key("title", "What it is.", named("text")),
        key("issuer", "Whose it is.", named("text")),
        key("addressees", "Whom it is for.", named("text")),
        key(
            "time_zone",
            "Where days begin and end.",
            closed([
                key("name", "The IANA name, for people.", named("non_empty")),
                key(
                    "rule",
                    "The rule as a POSIX TZ string, so that no phone needs zone data: `CET-1CEST,M3.5.0,M10.5.0/3`.",
                    named("non_empty"),
                ),
            ]),
        ),
        key(
            "in_force_from",
            "Since when it is in force.",
            closed([
                key("date", "From the start of this day.", named("day")),
                basis(),
            ]),
        ),
        key(
            "notified_on",
            "The day on which the addressees were told; a deployment may give its own.",
            named("day"),
        ),
        optional(
            "review",
            "When it was to be reviewed.",
            closed([key("on", "On this day.", named("day")), basis()]),
        ),
        optional(
            "exemption",
            "Whom it does not address.",
            closed([
                key(
                    "roles",
                    "Whoever holds one of these roles.",
                    list(named("non_empty")),
                ),
                basis(),
            ]),
        ),
        key(
            "service_device",
            "What a service device is.",
            closed([
                key("facts", "One of these facts is enough.", set(named("fact"))),
                basis(),
            ]),
        ),
        optional(
            "zones",
            "That service and personal devices belong on networks of their own.",
            closed([basis()]),
        ),
        key(
            "rules",
            "What holds for which apps; each app in exactly one rule.",
            some(rule()),
        ),
        key(
            "calendar",
            "What counts as a working day.",
            closed([
                key(
                    "working_week",
                    "The days of the week.",
                    named("working_week"),
                ),
                optional("holidays", "Days on which nobody works.", holidays()),
            ]),
        ),
        optional(
            "advice",
            "What travels with every assessment.",
            list(closed([key("code", "The advice.", named("code")), basis()])),
        ),
        key(
            "documents",
            "The documents that directives stand in.",
            list(closed([
                key("id", "How it is cited.", named("basis_id")),
                key("title", "What it is.", named("text")),
                key("date", "The day that it bears.", named("day")),
                optional(
                    "link",
                    "Where it can be read: an https address.",
                    text_like("^https://"),
                ),
            ])),
        ),
        key(
            "directives",
            "What the documents ask for, in your words.",
            list(directive()),
        ),
        optional(
            "interpretations",
            "Where the law leaves something open: what was chosen, and why.",
            list(closed([
                key(
                    "point",
                    "What was left open; one entry a point at most.",
                    words([
                        "in_force",
                        "personal_class",
                        "self_declared_facts",
                        "service_decision",
                        "personal_decision",
                        "until_due",
                        "after_due",
                        "working_week",
                        "unknown_install_time",
                        "impediment",
                        "zones",
                        "review",
                    ]),
                ),
                key("text", "What was chosen, and why.", named("text")),
            ])),
        ),
        key(
            "catalogue",
            "The regulated apps: app id → entry.",
            map(named("app_id"), named("entry")),
        ),
        optional(
            "scenarios",
            "Situations in plain words, with the verdict expected.",
            list(scenario::schema()),
        ),
    ])
}

/// A catalogue entry.
pub(super) fn entry() -> Value {
    closed([
        key("name", "What people call the app.", named("non_empty")),
        optional(
            "display_names",
            "Whole names, any case, for exports without identifiers.",
            list(named("non_empty")),
        ),
        optional(
            "identifiers",
            "Its identifiers on each platform, grouped by where they were learnt.",
            list(group()),
        ),
        optional(
            "not_published",
            "Where it does not exist.",
            list(closed([
                key("platforms", "On these platforms.", list(named("platform"))),
                optional(
                    "interpretation",
                    "Why, if that is a reading of yours.",
                    named("text"),
                ),
            ])),
        ),
        optional(
            "signers",
            "Identifier → the certificates known to sign it.",
            map(named("non_empty"), some(named("signer"))),
        ),
    ])
}

fn group() -> Value {
    let group = closed([
        key(
            "platforms",
            "Where they hold; `schemes` on `ios` only.",
            some(named("platform")),
        ),
        optional(
            "ids",
            "Package or bundle identifiers; on Windows package family names.",
            list(named("non_empty")),
        ),
        optional("schemes", "URL schemes.", list(named("scheme"))),
        optional(
            "developer_signers",
            "Signers all of whose apps count as this one.",
            list(named("signer")),
        ),
        key("learnt_from", "Where they were learnt.", named("non_empty")),
        optional(
            "interpretation",
            "Why they count as this app, if that is a reading of yours.",
            named("text"),
        ),
    ]);
    let forms = [
        ids_on(&["android", "chromeos"], "package"),
        ids_on(&["ios", "macos"], "bundle_identifier"),
        ids_on(&["linux"], "linux_package"),
    ];
    with(group, "allOf", json!(forms))
}

/// A group that holds on one of the platforms has identifiers of this form.
fn ids_on(platforms: &[&str], form: &str) -> Value {
    let here: Vec<_> = platforms
        .iter()
        .map(|platform| json!({ "const": platform }))
        .collect();
    json!({
        "if": { "properties": { "platforms": { "contains": { "anyOf": here } } } },
        "then": { "properties": { "ids": { "items": named(form) } } },
    })
}

fn basis() -> super::parts::Key {
    key("basis", BASIS, named("basis_id"))
}

fn rule() -> Value {
    closed([
        key(
            "apps",
            "The apps, in the order in which findings are reported.",
            set(named("app_id")),
        ),
        key(
            "service",
            "The app on a service device, outside any term for its removal.",
            closed([
                key(
                    "decision",
                    "Whether the device has access.",
                    named("decision"),
                ),
                basis(),
            ]),
        ),
        optional(
            "removal",
            "The term for removing what was there before the notification.",
            closed([
                key(
                    "term",
                    "How long it is.",
                    one_of([
                        optional(
                            "working_days",
                            "So many working days after the notification day.",
                            whole(1, u16::MAX.into()),
                        ),
                        optional(
                            "calendar_days",
                            "So many days after the notification day.",
                            whole(1, u16::MAX.into()),
                        ),
                        optional("by", "To the end of this day.", named("day")),
                    ]),
                ),
                key(
                    "until_due",
                    "Whether the device has access up to and on the due day.",
                    named("decision"),
                ),
                key(
                    "after_due",
                    "Whether it has access after the due day.",
                    named("decision"),
                ),
                basis(),
            ]),
        ),
        optional(
            "impediment",
            "Whoever is prevented from removing the app tells the supervisor.",
            closed([basis()]),
        ),
        key(
            "personal",
            "The app on a personal device.",
            closed([
                key(
                    "decision",
                    "Whether the device has access.",
                    named("decision"),
                ),
                basis(),
                optional(
                    "advice",
                    "What is advised along with a permit.",
                    named("code"),
                ),
            ]),
        ),
    ])
}

fn holidays() -> Value {
    let holidays = list(one_of([
        optional("day", "The same day every year.", named("month_day")),
        optional(
            "easter",
            "So many days after Easter Sunday.",
            whole(-80, 250),
        ),
        optional("date", "One day, once.", named("day")),
    ]));
    with(holidays, "maxItems", json!(100))
}

fn directive() -> Value {
    closed([
        key("id", "How it is cited.", named("basis_id")),
        key(
            "document",
            "The id of the document that it stands in.",
            named("basis_id"),
        ),
        key(
            "number",
            "Its number there, as counted by the policy.",
            whole(0, u32::MAX.into()),
        ),
        key(
            "strength",
            "How strongly it speaks.",
            words([
                "forbidden",
                "required",
                "invited",
                "asked",
                "recommended",
                "stated",
            ]),
        ),
        key("text", "What it asks for.", named("text")),
    ])
}
