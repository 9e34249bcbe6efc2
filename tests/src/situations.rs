//! Random records, deployments and instants, from a small universe in which things meet.

use serde_json::{Map, Value, json};

use crate::choices::Choices;

/// The apps of the universe.
pub const APPS: [&str; 3] = ["alpha", "beta", "gamma"];

/// The platforms; Android, being the plainest, comes first.
pub const PLATFORMS: [&str; 6] = ["android", "ios", "windows", "chromeos", "macos", "linux"];

/// A digest of each kind that no catalogue names.
pub const STRANGERS: [&str; 2] = [
    "sha256:eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee",
    "sha1:eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee",
];

pub(crate) const SIGNERS: [&str; 5] = [
    "sha256:1111111111111111111111111111111111111111111111111111111111111111",
    "sha256:2222222222222222222222222222222222222222222222222222222222222222",
    "sha1:3333333333333333333333333333333333333333",
    STRANGERS[0],
    STRANGERS[1],
];

pub(crate) const FACTS: [&str; 4] = [
    "ownership",
    "funding.purchase",
    "funding.subscription",
    "funding.usage",
];

pub(crate) const DAYS: [&str; 14] = [
    "2024-03-10",
    "2024-03-08",
    "2024-03-01",
    "2024-03-11",
    "2024-03-12",
    "2024-03-15",
    "2024-03-29",
    "2024-03-30",
    "2024-03-31",
    "2024-04-01",
    "2024-04-02",
    "2024-04-09",
    "2024-04-25",
    "2024-04-26",
];

const TIMES: [&str; 10] = [
    "12:00:00Z",
    "00:00:00Z",
    "00:00:00+01:00",
    "00:00:00-05:00",
    "23:59:59+01:00",
    "23:59:59-04:00",
    "22:00:00Z",
    "04:59:59.5Z",
    "18:30:00Z",
    "18:29:59.999Z",
];

/// An instant in the spring of 2024.
pub fn instant(choices: &mut Choices) -> String {
    format!("{}T{}", choices.one(&DAYS), choices.one(&TIMES))
}

pub(crate) fn ids_of(app: &str) -> Vec<String> {
    let mut ids = vec![format!("org.{app}"), format!("org.{app}.two")];
    if app != "gamma" {
        ids.push("org.shared".to_owned()); // one identifier of two apps
    }
    ids
}

pub(crate) fn schemes_of(app: &str) -> Vec<String> {
    vec![app.to_owned(), format!("{app}-two")]
}

/// One name, by two publishers.
pub(crate) fn families_of(app: &str) -> [String; 2] {
    [
        format!("Org.{app}_abcdefghjkmnp"),
        format!("Org.{app}_qrstvwxyz0123"),
    ]
}

/// A record of a device, whose holder speaks of the apps that these policies regulate.
pub fn record(choices: &mut Choices, policies: &[Value]) -> Value {
    let regulated: Vec<&str> = APPS
        .into_iter()
        .filter(|app| {
            policies
                .iter()
                .any(|policy| policy.pointer(&format!("/catalogue/{app}")).is_some())
        })
        .collect();
    let mut device = Map::new();
    device.insert("platform".into(), json!(choices.one(&PLATFORMS)));
    let mut funding = Map::new();
    for fact in FACTS {
        let stated = match fact.strip_prefix("funding.") {
            None => statements(
                &["personal", "personal", "organization", "unknown"],
                choices,
            ),
            Some(_) => statements(
                &["none", "none", "none", "partial", "full", "unknown"],
                choices,
            ),
        };
        if let Some(stated) = stated {
            match fact.strip_prefix("funding.") {
                None => device.insert(fact.into(), stated),
                Some(share) => funding.insert(share.into(), stated),
            };
        }
    }
    device.insert("funding".into(), Value::Object(funding));

    let observations: Vec<Value> = (0..choices.below(4))
        .map(|_| observation(choices))
        .collect();
    let mut declarations = Map::new();
    let mut impediments = Map::new();
    for app in regulated {
        match choices.below(8) {
            0..4 => {}
            4 => drop(declarations.insert(app.into(), json!("absent"))),
            5 => {
                declarations.insert(
                    app.into(),
                    json!({ "value": "absent", "declared_at": instant(choices) }),
                );
            }
            6 => drop(declarations.insert(app.into(), json!("present"))),
            _ => {
                declarations.insert(
                    app.into(),
                    json!({ "value": "present", "declared_at": instant(choices) }),
                );
            }
        }
        if choices.once_in(5) {
            let informed = json!({ "supervisor_informed_on": choices.one(&DAYS) });
            impediments.insert(
                app.into(),
                choices.value(&[informed, json!({ "reason": "away" })]),
            );
        }
    }
    json!({
        "device": device,
        "holder": { "roles": choices.value(&[json!([]), json!([]), json!(["clerk"]), json!(["clerk", "press"])]) },
        "observations": observations,
        "declarations": declarations,
        "impediments": impediments,
    })
}

fn statements(values: &[&str], choices: &mut Choices) -> Option<Value> {
    let mut statement = || {
        let value = choices.one(values);
        match choices.below(4) {
            0 | 1 => json!(value),
            2 => json!({ "value": value }),
            _ => {
                json!({ "value": value, "source": choices.one(&["mdm", "self_declared", "platform", "managed_config"]) })
            }
        }
    };
    let [one, two] = [statement(), statement()];
    match choices.below(6) {
        0 | 1 => Some(one),
        2 => Some(json!([one, two])),
        3 => Some(json!([])),
        _ => None,
    }
}

fn observation(choices: &mut Choices) -> Value {
    let mut observation = Map::new();
    let kind = choices.below(3);
    if choices.once_in(2) {
        observation.insert("taken_at".into(), json!(instant(choices)));
    }
    if choices.once_in(4) {
        observation.insert("scope".into(), json!("profile"));
    }
    if kind == 0 || choices.once_in(4) {
        observation.insert("complete".into(), json!(true));
    }
    let mut apps = Vec::new();
    let (mut absent, mut hidden) = (Vec::new(), Vec::new());
    if kind == 0 {
        apps.push(json!({ "id": "org.other", "signers": STRANGERS }));
    }
    if kind == 1 {
        for app in APPS {
            absent.extend(ids_of(app).into_iter().map(Value::String));
            absent.extend(families_of(app).into_iter().map(Value::String));
            absent.extend(
                schemes_of(app)
                    .into_iter()
                    .map(|scheme| json!({ "scheme": scheme })),
            );
        }
        absent.retain(|_| !choices.once_in(9));
        if choices.once_in(4) {
            hidden.clone_from(&absent);
            hidden.retain(|_| choices.once_in(3));
            absent.retain(|probe| !hidden.contains(probe) || choices.once_in(3));
        }
    }
    if kind == 2 || choices.once_in(3) {
        for _ in 0..choices.below(3) {
            apps.push(seen(choices));
        }
    }
    observation.insert("apps".into(), Value::Array(apps));
    observation.insert("absent".into(), Value::Array(absent));
    observation.insert("not_visible".into(), Value::Array(hidden));
    Value::Object(observation)
}

fn seen(choices: &mut Choices) -> Value {
    let app = choices.one(&["other", "alpha", "beta", "gamma"]);
    let mut entry = Map::new();
    match choices.below(5) {
        0..3 => {
            let mut ids = ids_of(app);
            ids.extend(families_of(app));
            ids.extend(
                ["", "_1.0_x64__abcdefghjkmnp", "_zzzzzzzzzzzzz", "_1.0_x64"]
                    .map(|rest| format!("Org.{app}{rest}")),
            );
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            entry.insert("id".into(), json!(choices.one(&ids)));
            if choices.once_in(2) {
                entry.insert("signers".into(), json!(choices.some(&SIGNERS)));
            }
            if choices.once_in(4) {
                entry.insert("name".into(), json!(app));
            }
        }
        3 => {
            entry.insert(
                "scheme".into(),
                json!(choices.one(&[app, &format!("{app}-two")])),
            );
        }
        _ => {
            entry.insert(
                "name".into(),
                json!(choices.one(&[app, &format!("{app} mini"), "something"])),
            );
        }
    }
    if choices.once_in(2) {
        entry.insert("first_installed".into(), json!(instant(choices)));
    }
    Value::Object(entry)
}

/// What an administration sets.
pub fn deployment(choices: &mut Choices, policies: &[Value]) -> Value {
    let mut keys = Map::new();
    let mut maybe = |key: &str, times: usize, values: &[Value]| {
        if choices.once_in(times) {
            keys.insert(key.to_owned(), choices.value(values));
        }
    };
    maybe("when_undetermined", 2, &[json!("permit"), json!("deny")]);
    maybe(
        "self_declared_facts",
        3,
        &[json!("incriminating_only"), json!("accepted")],
    );
    maybe(
        "declared_absence",
        2,
        &[json!("accepted"), json!("refused")],
    );
    maybe(
        "declaration_valid_for",
        3,
        &[json!("P7D"), json!("PT12H"), json!("P1DT1H")],
    );
    maybe(
        "observation_valid_for",
        3,
        &[json!("P7D"), json!("PT36H"), json!("P1D")],
    );
    maybe("working_week", 3, &[json!("mon-sat"), json!("mon-fri")]);
    maybe(
        "extra_holidays",
        3,
        &[
            json!(["2024-03-13"]),
            json!(["2024-04-02", "2024-03-11"]),
            json!([]),
        ],
    );
    maybe(
        "policy_stale_after",
        2,
        &[json!("P1D"), json!("PT6H"), json!("P30D")],
    );
    let ids: Vec<&Value> = policies
        .iter()
        .filter_map(|policy| policy.get("id"))
        .collect();
    let one_day = choices.one(&DAYS);
    let notified_on = match choices.below(4) {
        0 | 1 => None,
        2 => Some(json!(one_day)),
        _ => ids
            .first()
            .and_then(|id| id.as_str())
            .map(|id| json!({ id: one_day })),
    };
    if let Some(notified_on) = notified_on {
        keys.insert("notified_on".into(), notified_on);
    }
    Value::Object(keys)
}
