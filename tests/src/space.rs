//! Spaces of situations, each small enough to be walked through from end to end.

use serde_json::{Map, Value, json};

/// Policies, and what is varied under them. Every combination is a case.
#[derive(Debug)]
pub struct Space {
    /// What it covers, in plain words.
    pub name: &'static str,
    /// Names of packs, as the vectors name them.
    pub policies: &'static [&'static str],
    /// The device with its facts.
    pub devices: Vec<Value>,
    /// What else the record says: observations, declarations, impediments.
    pub sights: Vec<Value>,
    /// What the administration sets.
    pub deployments: Vec<Value>,
    /// When.
    pub instants: &'static [&'static str],
}

impl Space {
    /// How many cases it has.
    #[must_use]
    pub fn size(&self) -> usize {
        self.devices.len() * self.sights.len() * self.deployments.len() * self.instants.len()
    }
}

/// A record of a device of which that was seen.
#[must_use]
pub fn record(device: &Value, sight: &Value) -> Value {
    merged(&[&json!({ "device": device }), sight])
}

/// All the spaces.
#[must_use]
pub fn all() -> Vec<Space> {
    const CIRCULAR: &[&str] = &["be-brussels-local"];
    const REGION: &[&str] = &["be-brussels-region"];
    const BOTH: &[&str] = &["be-brussels-local", "be-brussels-region"];
    const TWO_APPS: &[&str] = &["hand-made/two-apps.json"];
    const THREE: &[&str] = &[
        "hand-made/by-date.json",
        "hand-made/two-apps.json",
        "be-brussels-local",
    ];
    let mut spaces = Vec::new();
    for policies in [CIRCULAR, REGION, BOTH] {
        spaces.push(Space {
            name: "every value and source of every fact",
            policies,
            devices: devices([8, 4, 4, 4]),
            sights: few_sights("tiktok", "com.zhiliaoapp.musically", NEW_IN_2023),
            deployments: every([undetermined(), self_declared()]),
            instants: &PHASES,
        });
        spaces.push(Space {
            name: "every way of seeing and not seeing",
            policies,
            devices: devices([3, 2, 1, 2]),
            sights: every([
                sights_of_tiktok(),
                declarations("tiktok"),
                impediments("tiktok", 2),
            ]),
            deployments: every([undetermined(), absence()]),
            instants: &PHASES,
        });
        spaces.push(Space {
            name: "every way of setting the term",
            policies,
            devices: devices([3, 2, 2, 1]),
            sights: every([
                few_sights("tiktok", "com.zhiliaoapp.musically", NEW_IN_2023),
                impediments("tiktok", 3),
            ]),
            deployments: every([undetermined(), terms(), absence().split_off(4)]),
            instants: &BORDERS,
        });
    }
    for (policies, ways) in [(TWO_APPS, [4, 2, 1, 4]), (THREE, [3, 1, 1, 4])] {
        spaces.push(Space {
            name: "two apps with a term each",
            policies,
            devices: devices(ways),
            sights: two_apps(),
            deployments: every([undetermined(), absence().split_off(3), weeks()]),
            instants: &SPRING_2024,
        });
    }
    spaces
}

/// Before force, in the term, its last second, after it, after the review.
const PHASES: [&str; 5] = [
    "2023-03-20T10:00:00+01:00",
    "2023-03-29T10:00:00+02:00",
    "2023-04-03T23:59:59+02:00",
    "2023-04-20T10:00:00+02:00",
    "2023-10-02T10:00:00+02:00",
];

/// The seconds around every border of the circular, and around what the terms below move them to.
const BORDERS: [&str; 10] = [
    "2023-03-26T21:59:59Z",
    "2023-03-26T22:00:00Z",
    "2023-03-31T12:00:00Z",
    "2023-04-01T21:59:59Z",
    "2023-04-01T22:00:00Z",
    "2023-04-03T21:59:59Z",
    "2023-04-03T22:00:00Z",
    "2023-04-14T21:59:59Z",
    "2023-04-14T22:00:00Z",
    "2023-09-26T22:00:00Z",
];

/// Before force, in both terms, after the shorter one, after both, after the review.
const SPRING_2024: [&str; 5] = [
    "2024-02-20T10:00:00+01:00",
    "2024-03-04T10:00:00+01:00",
    "2024-03-12T10:00:00+01:00",
    "2024-04-12T10:00:00+02:00",
    "2024-09-02T10:00:00+02:00",
];

const NEW_IN_2023: &str = "2023-03-28T00:00:00+02:00";
const NEW_IN_2024: &str = "2024-03-03T00:00:00+01:00";

/// Devices with the first so many ways of stating each of the four facts; null is not stated.
fn devices(counts: [usize; 4]) -> Vec<Value> {
    let mdm = |value: &str| json!({ "value": value, "source": "mdm" });
    let ownership = [
        Value::Null,
        json!("organization"),
        json!("personal"),
        mdm("personal"),
        json!(["personal", mdm("organization")]),
        json!(["unknown", mdm("personal"), "personal"]),
        json!({ "value": "unknown", "source": "mdm" }),
        json!([]),
    ];
    let purchase = [Value::Null, json!("none"), mdm("none"), json!("partial")];
    let subscription = [
        json!("none"),
        Value::Null,
        json!([{ "value": "none" }, mdm("none")]),
        mdm("full"),
    ];
    let usage = [
        json!("none"),
        Value::Null,
        mdm("none"),
        json!(["none", "partial"]),
    ];
    let [owned, bought, subscribed, used] = counts;
    let mut devices = Vec::new();
    for ownership in ownership.iter().take(owned) {
        for purchase in purchase.iter().take(bought) {
            for subscription in subscription.iter().take(subscribed) {
                for usage in usage.iter().take(used) {
                    let funding = stated([
                        ("purchase", purchase),
                        ("subscription", subscription),
                        ("usage", usage),
                    ]);
                    let facts = stated([("ownership", ownership), ("funding", &funding)]);
                    devices.push(merged(&[&json!({ "platform": "android" }), &facts]));
                }
            }
        }
    }
    devices
}

/// Unknown, absent, present since long, present since a moment ago, present since nobody knows when.
fn few_sights(app: &str, id: &str, new: &str) -> Vec<Value> {
    let seen = |entry: Value| json!({ "observations": [{ "source": "mdm", "apps": [entry] }] });
    vec![
        json!({}),
        json!({ "observations": [{ "complete": true, "apps": [{ "id": "org.example.agenda" }] }] }),
        seen(json!({ "id": id, "first_installed": "2020-01-01T00:00:00Z" })),
        seen(json!({ "id": id, "first_installed": new })),
        json!({ "declarations": { app: "present" } }),
    ]
}

fn sights_of_tiktok() -> Vec<Value> {
    let observed = |observations: Value| json!({ "observations": observations });
    let all_ids = [
        "com.zhiliaoapp.musically",
        "com.ss.android.ugc.trill",
        "com.zhiliaoapp.musically.go",
        "com.ss.android.ugc.tiktok.lite",
        "com.tiktok.tv",
    ];
    let fresh = "2023-04-19T10:00:00+02:00";
    vec![
        observed(json!([])),
        observed(json!([{ "apps": [] }])),
        observed(json!([{ "apps": [{ "id": "org.example.agenda" }] }])),
        observed(
            json!([{ "taken_at": fresh, "complete": true, "apps": [{ "id": "org.example.agenda" }] }]),
        ),
        observed(
            json!([{ "complete": true, "scope": "profile", "apps": [{ "id": "org.example.agenda" }] }]),
        ),
        observed(
            json!([{ "complete": true, "apps": [{ "id": "org.example.agenda" }, { "name": "Carte" }] }]),
        ),
        observed(json!([{ "taken_at": fresh, "absent": all_ids }])),
        observed(
            json!([{ "taken_at": fresh, "scope": "profile", "absent": all_ids }, { "absent": ["org.a"] }]),
        ),
        observed(json!([{ "absent": ["com.tiktok.tv"] }])),
        observed(json!([{ "absent": all_ids, "not_visible": ["org.a", "com.tiktok.tv"] }])),
        observed(json!([{ "apps": [{ "id": "com.tiktok.tv" }] }])),
        observed(
            json!([{ "apps": [{ "name": "tiktok", "first_installed": "2023-01-01T00:00:00Z" }] }]),
        ),
        observed(json!([
            { "apps": [{ "id": "com.tiktok.tv", "first_installed": "2023-01-01T00:00:00Z" }] },
            { "apps": [{ "id": "com.ss.android.ugc.trill", "signers": ["sha1:0000000000000000000000000000000000000000"],
                "first_installed": NEW_IN_2023 }] },
        ])),
    ]
}

fn declarations(app: &str) -> Vec<Value> {
    vec![
        json!({}),
        json!({ "declarations": { app: "absent" } }),
        json!({ "declarations": { app: { "value": "absent", "declared_at": "2023-03-28T12:00:00+02:00" } } }),
        json!({ "declarations": { app: "present" } }),
    ]
}

fn impediments(app: &str, count: usize) -> Vec<Value> {
    let mut all = vec![
        json!({}),
        json!({ "impediments": { app: { "reason": "x", "supervisor_informed_on": "2023-04-02" } } }),
        json!({ "impediments": { app: {} } }),
    ];
    all.truncate(count);
    all
}

/// The few sights of each of two apps, together; a complete list for one is one for both.
fn two_apps() -> Vec<Value> {
    let mut sights = Vec::new();
    for ferry in few_sights("ferry", "org.example.ferry", NEW_IN_2024) {
        for courier in few_sights("courier", "org.example.courier.mini", NEW_IN_2024) {
            for more in [
                json!({}),
                json!({ "impediments": { "ferry": { "supervisor_informed_on": "2024-03-12" } } }),
            ] {
                let mut together = merged(&[&ferry, &courier, &more]);
                for key in ["observations", "declarations"] {
                    let (one, two) = (ferry.get(key), courier.get(key));
                    if let (Some(one), Some(two), Some(keys)) = (one, two, together.as_object_mut())
                    {
                        let joined = match (one, two) {
                            (Value::Array(one), Value::Array(two)) => {
                                json!([&one[..], &two[..]].concat())
                            }
                            _ => merged(&[one, two]),
                        };
                        keys.insert(key.to_owned(), joined);
                    }
                }
                sights.push(together);
            }
        }
    }
    sights
}

fn undetermined() -> Vec<Value> {
    vec![json!({}), json!({ "when_undetermined": "permit" })]
}

fn self_declared() -> Vec<Value> {
    vec![
        json!({}),
        json!({ "self_declared_facts": "incriminating_only" }),
    ]
}

fn absence() -> Vec<Value> {
    vec![
        json!({}),
        json!({ "declared_absence": "accepted", "declaration_valid_for": "P7D" }),
        json!({ "observation_valid_for": "PT36H" }),
        json!({ "observation_valid_for": "P7D", "self_declared_facts": "incriminating_only" }),
        json!({ "declared_absence": "accepted", "observation_valid_for": "P200D", "declaration_valid_for": "PT36H" }),
        json!({ "declared_absence": "accepted" }),
    ]
}

fn terms() -> Vec<Value> {
    vec![
        json!({}),
        json!({ "working_week": "mon-sat" }),
        json!({ "notified_on": "2023-04-06" }),
        json!({ "notified_on": { "be-brussels-local": "2023-04-06" }, "working_week": "mon-sat" }),
        json!({ "extra_holidays": ["2023-03-30", "2023-04-04"] }),
        json!({ "notified_on": "2023-03-10" }),
    ]
}

fn weeks() -> Vec<Value> {
    vec![
        json!({}),
        json!({ "working_week": "mon-sat", "extra_holidays": ["2024-03-07"] }),
    ]
}

/// Every choice of one from each list, put together.
fn every<const N: usize>(lists: [Vec<Value>; N]) -> Vec<Value> {
    let mut all = vec![json!({})];
    for list in lists {
        all = all
            .iter()
            .flat_map(|before| list.iter().map(|more| merged(&[before, more])))
            .collect();
    }
    all
}

fn merged(values: &[&Value]) -> Value {
    let mut keys = Map::new();
    for value in values {
        keys.extend(
            value
                .as_object()
                .into_iter()
                .flatten()
                .map(|(key, value)| (key.clone(), value.clone())),
        );
    }
    Value::Object(keys)
}

fn stated<const N: usize>(values: [(&str, &Value); N]) -> Value {
    let stated = values.into_iter().filter(|(_, value)| !value.is_null());
    Value::Object(
        stated
            .map(|(key, value)| (key.to_owned(), value.clone()))
            .collect(),
    )
}
