//! Random policies, in the shape of any issuer, about the apps of a small universe.

use serde_json::{Map, Value, json};

use crate::choices::Choices;
use crate::situations::{
    APPS, DAYS, FACTS, PLATFORMS, SIGNERS, families_of, ids_of, instant, schemes_of,
};

const POINTS: [&str; 12] = [
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
];

const ZONES: [[&str; 2]; 4] = [
    ["Europe/Brussels", "CET-1CEST,M3.5.0,M10.5.0/3"],
    ["America/New_York", "EST5EDT,M3.2.0,M11.1.0"],
    ["Asia/Kolkata", "IST-5:30"],
    ["Africa/Cairo", "EET-2EEST,M4.5.5/0,M10.5.4/24"],
];

/// One to three policies. Where they share a catalogue, they say the same of each app.
pub fn policies(choices: &mut Choices, shared_catalogue: bool) -> Vec<Value> {
    let shared: Option<Map<String, Value>> = shared_catalogue.then(|| {
        APPS.iter()
            .map(|app| ((*app).to_owned(), entry(app, choices)))
            .collect()
    });
    let count = 1 + choices.below(3);
    (1..=count)
        .map(|number| policy(&format!("p{number}"), shared.as_ref(), choices))
        .collect()
}

fn policy(id: &str, shared: Option<&Map<String, Value>>, choices: &mut Choices) -> Value {
    let bases: Vec<String> = (1..=5).map(|number| format!("{id}#{number}")).collect();
    let bases: Vec<&str> = bases.iter().map(String::as_str).collect();

    let mut apps = choices.shuffled(choices.clone().some(&APPS));
    if apps.is_empty() {
        apps.push("alpha");
    }
    let mut catalogue = Map::new();
    for app in &apps {
        let known = shared.and_then(|shared| shared.get(*app)).cloned();
        catalogue.insert(
            (*app).to_owned(),
            known.unwrap_or_else(|| entry(app, choices)),
        );
    }
    let mut rules: Vec<Value> = Vec::new();
    while let Some(first) = apps.pop() {
        let mut of_this_rule = vec![first];
        if choices.once_in(4) {
            of_this_rule.append(&mut apps);
        }
        rules.push(rule(&of_this_rule, &bases, choices));
    }

    let mut facts = choices.some(&FACTS);
    if facts.is_empty() {
        facts.extend(FACTS);
    }
    let points: Vec<Value> = choices
        .some(&POINTS)
        .into_iter()
        .map(|point| json!({ "point": point, "text": text("open") }))
        .collect();
    let advice: Vec<Value> = choices
        .some(&["recommended_not_to_install", "ccb_advice"])
        .into_iter()
        .map(|code| json!({ "code": code, "basis": choices.one(&bases) }))
        .collect();
    let holidays = [
        json!({ "easter": 1 }),
        json!({ "day": "03-12" }),
        json!({ "date": "2024-03-15" }),
        json!({ "easter": -2 }),
    ];
    let holidays: Vec<&Value> = holidays.iter().filter(|_| choices.once_in(3)).collect();
    let directives: Vec<Value> = choices
        .shuffled(bases.clone())
        .into_iter()
        .map(|id| json!({ "id": id, "document": "doc", "number": 1, "strength": "stated", "text": text("what it asks") }))
        .collect();
    let [zone, zone_rule] = ZONES
        .get(choices.below(ZONES.len()))
        .copied()
        .unwrap_or_default();

    let mut policy = json!({
        "format": 1, "id": id, "version": 1 + choices.below(3),
        "title": text("a policy"), "issuer": text("an issuer"), "addressees": text("addressees"),
        "time_zone": { "name": zone, "rule": zone_rule },
        "in_force_from": { "date": choices.one(&["2024-03-01", "2020-01-01", "2024-03-10", "2024-03-12", "2024-04-01"]),
            "basis": choices.one(&bases) },
        "notified_on": choices.one(&DAYS),
        "service_device": { "facts": facts, "basis": choices.one(&bases) },
        "rules": rules,
        "calendar": { "working_week": choices.one(&["mon-fri", "mon-sat"]), "holidays": holidays },
        "advice": advice,
        "documents": [{ "id": "doc", "title": text("a document"), "date": "2024-01-01" }],
        "directives": directives,
        "interpretations": points,
        "catalogue": catalogue,
        "scenarios": [],
    });
    if let Some(keys) = policy.as_object_mut() {
        if choices.once_in(3) {
            keys.insert(
                "review".into(),
                json!({ "on": choices.one(&DAYS), "basis": choices.one(&bases) }),
            );
        }
        if choices.once_in(4) {
            keys.insert(
                "exemption".into(),
                json!({ "roles": ["press", "police"], "basis": choices.one(&bases) }),
            );
        }
        if choices.once_in(6) {
            keys.insert("stale_since".into(), json!(instant(choices)));
        }
    }
    policy
}

fn rule(apps: &[&str], bases: &[&str], choices: &mut Choices) -> Value {
    let personal_decision = choices.one(&["deny", "permit"]);
    let mut personal = json!({ "decision": personal_decision, "basis": choices.one(bases) });
    if let Some(keys) = personal.as_object_mut()
        && personal_decision == "permit"
        && choices.once_in(2)
    {
        keys.insert(
            "advice".into(),
            json!(choices.one(&["recommended_not_to_install", "ccb_advice"])),
        );
    }
    let mut rule = json!({
        "apps": apps,
        "service": { "decision": choices.one(&["deny", "deny", "deny", "permit"]), "basis": choices.one(bases) },
        "personal": personal,
    });
    if let Some(keys) = rule.as_object_mut() {
        let term = match choices.below(5) {
            0 => None,
            1 | 2 => Some(json!({ "working_days": 1 + choices.below(8) })),
            3 => Some(json!({ "calendar_days": 1 + choices.below(30) })),
            _ => Some(json!({ "by": choices.one(&DAYS) })),
        };
        if let Some(term) = term {
            let until_due = choices.one(&["permit", "permit", "deny"]);
            let after_due = choices.one(&["deny", "deny", "permit"]);
            let removal = json!({ "term": term, "until_due": until_due, "after_due": after_due, "basis": choices.one(bases) });
            keys.insert("removal".into(), removal);
        }
        if choices.once_in(2) {
            keys.insert("impediment".into(), json!({ "basis": choices.one(bases) }));
        }
    }
    rule
}

/// What a catalogue knows of an app: a few groups on a few platforms.
fn entry(app: &str, choices: &mut Choices) -> Value {
    let ids = ids_of(app);
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let schemes = schemes_of(app);
    let schemes: Vec<&str> = schemes.iter().map(String::as_str).collect();
    let families = families_of(app);
    let families: Vec<&str> = families.iter().map(String::as_str).collect();

    let mut groups = Vec::new();
    let mut known_ids: Vec<String> = Vec::new();
    let mut covered: Vec<&str> = Vec::new();
    for _ in 0..choices.below(5) {
        let mut group = Map::new();
        let mut platforms = vec!["ios"];
        match choices.below(4) {
            0 | 1 => {
                platforms = choices.some(&["android", "ios", "chromeos", "macos"]);
                let some = choices.some(&ids);
                if platforms.is_empty() || some.is_empty() {
                    continue;
                }
                known_ids.extend(some.iter().map(|id| (*id).to_owned()));
                group.insert("ids".into(), json!(some));
            }
            2 => {
                let some = choices.some(&schemes);
                if some.is_empty() {
                    continue;
                }
                group.insert("schemes".into(), json!(some));
            }
            _ => {
                platforms = vec!["windows"];
                let family = choices.one(&families);
                known_ids.push(family.to_owned());
                group.insert("ids".into(), json!([family]));
            }
        }
        if choices.once_in(6) {
            group.insert(
                "developer_signers".into(),
                json!([choices.one(&SIGNERS[..3])]),
            );
        }
        if choices.once_in(3) {
            group.insert("interpretation".into(), text("a variant"));
        }
        covered.extend(&platforms);
        group.insert("platforms".into(), json!(platforms));
        group.insert("learnt_from".into(), json!("made up"));
        groups.push(Value::Object(group));
    }
    let mut not_published = Vec::new();
    for platform in PLATFORMS {
        if !covered.contains(&platform) && choices.once_in(3) {
            let mut statement = json!({ "platforms": [platform] });
            if let Some(keys) = statement.as_object_mut()
                && choices.once_in(2)
            {
                keys.insert("interpretation".into(), text("not seen"));
            }
            not_published.push(statement);
        }
    }
    let mut signers = Map::new();
    for id in known_ids {
        let some = choices.some(&SIGNERS[..3]);
        if !some.is_empty() {
            signers.insert(id, json!(some));
        }
    }
    let names = [app.to_uppercase(), format!("{app} Mini")];
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    json!({ "name": app, "display_names": choices.some(&names), "identifiers": groups,
        "not_published": not_published, "signers": signers })
}

fn text(words: &str) -> Value {
    json!({ "fr": words, "nl": words, "de": words, "en": words })
}
