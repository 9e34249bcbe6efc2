//! What several forms, or several places of one, have in common.

use serde_json::{Value, json};

use super::parts::{closed, described, key, named, text_like, with, words};
use super::{policy, record};

/// Not `\s`: readers of patterns do not agree on what it is.
const NO_SPACES: &str =
    r"^[^\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$";

/// A definition by its name.
pub(super) fn definition(name: &str) -> Option<Value> {
    let (says, schema) = match name {
        "app_id" => (
            "What the catalogue calls an app: lower-case letters, digits, `-`, `_` and `.`.",
            text_like("^[a-z0-9][a-z0-9._-]*$"),
        ),
        "policy_id" => (
            "The id of a policy: lower-case letters, digits and `-`.",
            text_like("^[a-z0-9][a-z0-9-]*$"),
        ),
        "basis_id" => (
            "The id of a directive, without spaces.",
            text_like(NO_SPACES),
        ),
        "package" => (
            "An Android package, such as `org.example.app`.",
            text_like("^[A-Za-z][A-Za-z0-9_]*([.][A-Za-z][A-Za-z0-9_]*)+$"),
        ),
        "bundle_identifier" => (
            "A bundle identifier: letters, digits, `-` and `.`.",
            text_like("^[A-Za-z0-9.-]+$"),
        ),
        "linux_package" => (
            "The name of a package, without spaces.",
            text_like(NO_SPACES),
        ),
        "scheme" => (
            "A URL scheme without its `:`, such as `example-app`.",
            text_like("^[A-Za-z][A-Za-z0-9+.-]*$"),
        ),
        "non_empty" => (
            "A string of at least one character.",
            json!({ "type": "string", "minLength": 1 }),
        ),
        "text" => ("A text in all four languages, none empty.", text()),
        "day" => (
            "A date written YYYY-MM-DD.",
            time_like(
                "date",
                "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
            ),
        ),
        "month_day" => (
            "A day of the year written MM-DD.",
            text_like("^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"),
        ),
        "instant" => (
            "An instant in RFC 3339, with an offset.",
            time_like(
                "date-time",
                "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)([.][0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$",
            ),
        ),
        // Other units may stand there, if there are none of them.
        "duration" => (
            "An ISO 8601 duration of days and hours, such as `P7D` or `PT36H`.",
            text_like(
                "^P(0+Y)?(0+M)?(0+W)?([0-9]+D)?(T([0-9]+([.,]0+)?H)?(0+([.,]0+)?M)?(0+([.,]0+)?S)?)?$",
            ),
        ),
        "signer" => (
            "A certificate by its digest: `sha256:` or `sha1:` and lower-case hex.",
            text_like("^(sha256:[0-9a-f]{64}|sha1:[0-9a-f]{40})$"),
        ),
        "platform" => (
            "A system that a device runs.",
            words(["android", "ios", "macos", "windows", "linux", "chromeos"]),
        ),
        "decision" => (
            "Whether a device may reach the administration's internal networks and systems.",
            words(["permit", "deny"]),
        ),
        "ownership" => (
            "Who owns the device: an authority that the policy addresses, or anyone else.",
            words(["organization", "personal", "unknown"]),
        ),
        "share" => (
            "The administration's share in a cost.",
            words(["none", "partial", "full", "unknown"]),
        ),
        "source" => (
            "Who says so. Left out: `self_declared`.",
            words(["mdm", "managed_config", "platform", "self_declared"]),
        ),
        "declared" => (
            "Whether an app is there, in the holder's words.",
            words(["absent", "present"]),
        ),
        "fact" => (
            "A fact of the device.",
            words([
                "ownership",
                "funding.purchase",
                "funding.subscription",
                "funding.usage",
            ]),
        ),
        "class" => (
            "A class of devices.",
            words(["service", "personal", "undetermined"]),
        ),
        "zone" => (
            "Which network a device belongs on.",
            words(["none", "personal", "service"]),
        ),
        "status" => (
            "The verdict in one word.",
            words([
                "compliant",
                "in_grace_period",
                "noncompliant",
                "unknown",
                "not_applicable",
            ]),
        ),
        "working_week" => (
            "The days of the week on which people work.",
            words(["mon-fri", "mon-sat"]),
        ),
        "code" => (
            "Why something was decided, how it was known, or what is advised.",
            code(),
        ),
        "format" => (
            "The version of the form: 1 is the only one.",
            json!({ "const": 1 }),
        ),
        "entry" => ("How an app is recognised.", policy::entry()),
        "ownership_statements" => (
            "A value, one with its source, or an array of both.",
            record::statements("ownership"),
        ),
        "share_statements" => (
            "A value, one with its source, or an array of both.",
            record::statements("share"),
        ),
        _ => return None,
    };
    Some(described(says, schema))
}

/// The format tells some editors that a date may stand there without quotes; whether it is right is for the pattern.
fn time_like(format: &str, pattern: &str) -> Value {
    with(text_like(pattern), "format", json!(format))
}

fn text() -> Value {
    closed([
        key("fr", "French.", named("non_empty")),
        key("nl", "Dutch.", named("non_empty")),
        key("de", "German.", named("non_empty")),
        key("en", "English.", named("non_empty")),
    ])
}

fn code() -> Value {
    words([
        "owned_by_organization",
        "purchase_funded",
        "subscription_funded",
        "usage_funded",
        "nothing_makes_it_service",
        "class_undetermined",
        "identifier_seen",
        "scheme_answered",
        "name_seen",
        "declared_present",
        "unexpected_signer",
        "complete_list_lacks_it",
        "probed_absent",
        "schemes_unanswered",
        "declared_absent",
        "not_published_on_platform",
        "no_observation",
        "not_visible",
        "profile_only",
        "list_empty",
        "list_incomplete",
        "not_probed",
        "observation_stale",
        "declaration_refused",
        "declaration_stale",
        "platform_not_covered",
        "forbidden_on_service_device",
        "within_removal_term",
        "removal_term_passed",
        "installed_after_notification",
        "personal_device_with_app",
        "no_regulated_app",
        "not_in_force",
        "exempt_role",
        "undetermined_denied",
        "undetermined_permitted",
        "clock_went_back",
        "policy_stale",
        "update_needs_newer_app",
        "state_damaged",
        "ccb_advice",
        "inform_supervisor_if_prevented",
        "recommended_not_to_install",
        "settle_missing_fact",
        "review_date_passed",
    ])
}
