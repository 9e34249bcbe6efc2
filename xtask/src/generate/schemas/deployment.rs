//! The deployment (`docs/forms.md`).

use serde_json::Value;

use super::parts::{any, closed, list, map, named, optional, set, text_like, words};

pub(super) fn schema() -> Value {
    let name = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    let hosts = list(any([
        text_like(&format!("^([*][.])?{name}([.]{name})*$")),
        text_like(&ipv6()),
    ]));
    let notified = any([named("day"), map(named("policy_id"), named("day"))]);
    closed([
        optional("administration", "Its name.", named("non_empty")),
        optional(
            "policies",
            "The policies that it is under, in the order in which they are assessed. Left out: `be-brussels-local`.",
            set(named("policy_id")),
        ),
        optional(
            "notified_on",
            "The day on which it was told: one, or one a policy. Left out: the policies' own.",
            notified,
        ),
        optional(
            "when_undetermined",
            "What is decided where the known facts leave it open. Left out: `deny`.",
            named("decision"),
        ),
        optional(
            "self_declared_facts",
            "Whether the holder's word may clear a fact. Left out: `accepted`.",
            words(["accepted", "incriminating_only"]),
        ),
        optional(
            "declared_absence",
            "Whether the holder's word that an app is absent counts. Left out: `refused`.",
            words(["accepted", "refused"]),
        ),
        optional(
            "declaration_valid_for",
            "For how long a declared absence counts. Left out: no limit.",
            named("duration"),
        ),
        optional(
            "observation_valid_for",
            "For how long an observation proves absence. Left out: no limit.",
            named("duration"),
        ),
        optional(
            "working_week",
            "Left out: the policies' own.",
            named("working_week"),
        ),
        optional(
            "extra_holidays",
            "Days on which nobody works, besides the policies' own.",
            list(named("day")),
        ),
        optional(
            "zones",
            "The administration's own names for the zones of its network.",
            closed([
                optional(
                    "service",
                    "Where service devices belong.",
                    named("non_empty"),
                ),
                optional(
                    "personal",
                    "Where personal devices belong.",
                    named("non_empty"),
                ),
            ]),
        ),
        optional(
            "contacts",
            "Whom people turn to.",
            closed([
                optional(
                    "supervisor",
                    "The functional supervisor, who is informed of an impediment.",
                    named("non_empty"),
                ),
                optional(
                    "helpdesk",
                    "Whoever helps with the device.",
                    named("non_empty"),
                ),
            ]),
        ),
        optional(
            "internal_hosts",
            "The hosts that are internal: names, `*.` for everything below one, addresses.",
            hosts,
        ),
        optional(
            "policy_stale_after",
            "For how long a policy is relied on past the expiry of its update metadata. Left out: no limit.",
            named("duration"),
        ),
    ])
}

/// Eight groups, or fewer with `::` in place of at least one: how many may stand behind it hangs on how many stand before.
fn ipv6() -> String {
    let group = "[0-9A-Fa-f]{1,4}";
    let mut forms = vec![
        format!("({group}:){{7}}{group}"),
        format!("::({group}(:{group}){{0,6}})?"),
    ];
    forms.extend((1..=6).map(|before| {
        let more = 6 - before;
        format!("({group}:){{{before}}}:({group}(:{group}){{0,{more}}})?")
    }));
    forms.push(format!("({group}:){{7}}:"));
    format!("^({})$", forms.join("|"))
}
