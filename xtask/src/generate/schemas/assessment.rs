//! The assessment (`docs/forms.md`). It is an output: a later version may add keys and codes, so neither is closed here.

use serde_json::Value;

use super::parts::{Key, any, key, list, named, nullable, open, text_like, truth, whole, words};

pub(super) fn schema() -> Value {
    open([
        key("format", "Always 1.", named("format")),
        key(
            "device_id",
            "The record's `device.id`, as it was given.",
            nullable(named("non_empty")),
        ),
        key(
            "assessed_at",
            "The instant for which it was decided.",
            named("instant"),
        ),
        valid_until(),
        access(),
        status(),
        key(
            "assessments",
            "What each policy says by itself, in the order in which the policies were given.",
            list(one()),
        ),
    ])
}

fn one() -> Value {
    let findings = open([
        app(),
        key(
            "presence",
            "Whether it is there.",
            words(["present", "absent", "unknown"]),
        ),
        key(
            "evidence",
            "How that is known, or why it is not.",
            list(code()),
        ),
        key(
            "install",
            "Whether it was there before the notification; only of an app that is present.",
            nullable(words(["existing", "new"])),
        ),
    ]);
    let obligations = open([
        key(
            "kind",
            "What must be done.",
            words(["remove_app", "inform_supervisor"]),
        ),
        app(),
        key(
            "due",
            "The last day on which it is done in time, in the policy's time zone; null where it is due at once.",
            nullable(named("day")),
        ),
        key(
            "state",
            "How it stands.",
            words(["pending", "overdue", "due_now", "done"]),
        ),
        key(
            "basis",
            "The directive that asks for it.",
            named("basis_id"),
        ),
    ]);
    open([
        key(
            "policy",
            "Which policy.",
            open([
                key("id", "Its id.", named("policy_id")),
                key("version", "Its version.", whole(1, u32::MAX.into())),
            ]),
        ),
        valid_until(),
        key(
            "device_class",
            "The class of the device under this policy.",
            open([
                key("class", "The class.", named("class")),
                key(
                    "because",
                    "The facts that make a service device of it.",
                    list(named("fact")),
                ),
                key(
                    "missing",
                    "The facts that are unknown, while the class is undetermined.",
                    list(named("fact")),
                ),
            ]),
        ),
        access(),
        status(),
        key(
            "findings",
            "One for each app that the policy regulates, in its order.",
            list(findings),
        ),
        key("obligations", "What the holder must do.", list(obligations)),
        key(
            "reasons",
            "Why, in the order of the codes.",
            list(open([
                key("code", "The reason.", code()),
                basis(),
                key(
                    "interpretation",
                    "Whether it was decided by a reading of the policy's author, where the text leaves something open.",
                    truth(),
                ),
            ])),
        ),
        key(
            "advice",
            "What is advised, in the order of the codes.",
            list(open([key("code", "The advice.", code()), basis()])),
        ),
    ])
}

fn access() -> Key {
    let missing = any([named("fact"), text_like("^app[.][a-z0-9][a-z0-9._-]*$")]);
    key(
        "access",
        "The verdict.",
        open([
            key(
                "decision",
                "Whether the device may reach the administration's internal networks and systems.",
                named("decision"),
            ),
            key("zone", "Which network it belongs on.", named("zone")),
            key(
                "certain",
                "Whether the decision is the same however the unknown facts turn out.",
                truth(),
            ),
            key(
                "missing",
                "The unknown facts on which it hangs, if it is not certain.",
                list(missing),
            ),
        ]),
    )
}

fn status() -> Key {
    key("status", "The verdict in one word.", named("status"))
}

fn valid_until() -> Key {
    key(
        "valid_until",
        "The first later instant at which the same record would give another decision or status; null if there is none.",
        nullable(named("instant")),
    )
}

fn app() -> Key {
    key("app", "Which app.", named("app_id"))
}

fn basis() -> Key {
    key(
        "basis",
        "The directive that it rests on, or null.",
        nullable(named("basis_id")),
    )
}

fn code() -> Value {
    text_like("^[a-z0-9_]+$")
}
