//! A scenario of a policy.

use serde_json::Value;

use super::parts::{closed, key, list, map, named, optional, truth};

pub(super) fn schema() -> Value {
    let device = closed([
        optional("ownership", "Who owns it.", named("ownership")),
        optional("purchase", "Who paid for it.", named("share")),
        optional(
            "subscription",
            "Who pays for its subscription.",
            named("share"),
        ),
        optional("usage", "Who pays for its usage.", named("share")),
    ]);
    let expected = closed([
        key(
            "decision",
            "Whether the device has access.",
            named("decision"),
        ),
        optional("class", "The class of device.", named("class")),
        optional("zone", "The network that it belongs on.", named("zone")),
        optional(
            "certain",
            "Whether nothing unknown could change the decision.",
            truth(),
        ),
        optional("status", "The status.", named("status")),
        optional(
            "missing",
            "The unknown facts on which the verdict hangs, all of them.",
            list(named("non_empty")),
        ),
        optional(
            "due",
            "App → the last day for its removal.",
            map(named("app_id"), named("day")),
        ),
        optional(
            "reasons",
            "Reasons that must be among those given.",
            list(named("code")),
        ),
        optional(
            "advice",
            "Advice that must be among that given.",
            list(named("code")),
        ),
    ]);
    closed([
        key(
            "situation",
            "The situation in plain words.",
            named("non_empty"),
        ),
        key("at", "The instant of the assessment.", named("instant")),
        optional(
            "device",
            "What is known of the device; what is left out is unknown.",
            device,
        ),
        optional(
            "apps",
            "App → whether it is there; what is left out is unknown.",
            map(named("app_id"), named("declared")),
        ),
        optional(
            "installed",
            "App → when it was installed.",
            map(named("app_id"), named("instant")),
        ),
        optional(
            "prevented",
            "Apps that the holder is prevented from removing.",
            list(named("app_id")),
        ),
        optional(
            "supervisor_informed_on",
            "The day on which the supervisor was told of that.",
            named("day"),
        ),
        optional("roles", "The holder's roles.", list(named("non_empty"))),
        optional(
            "notified_on",
            "The administration's own day of notification.",
            named("day"),
        ),
        key(
            "expect",
            "The verdict expected; what is left out is not looked at.",
            expected,
        ),
    ])
}
