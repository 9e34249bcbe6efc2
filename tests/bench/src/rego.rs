//! The same decision in Rego, on regorus' virtual machine: compiled once, the data loaded once.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine, Value};
use serde_json::json;

use crate::case::{Answer, Run};
use crate::workload::{Phone, Workload};

const ZONE: &str = "data.octroi.zone";

/// The rule that is common to all.
const COMMON: &str = r#"
package octroi
import rego.v1

zone := "none" if regulated
else := "service" if service
else := "personal"

service if input.device.ownership == "organization"
service if {
    some share in input.device.funding
    share in {"partial", "full"}
}
"#;

/// Each app of the record is looked up, as one would write it first.
const EACH: &str = "
regulated if {
    some observation in input.observations
    some app in observation.apps
    data.apps[app.id]
}
";

/// What is installed is a set already.
const SET: &str = "
regulated if count(input.installed & data.identifiers) > 0
";

/// What is installed is made a set, for JSON has none.
const SET_OF_RECORD: &str = "
installed := {app.id | some observation in input.observations; some app in observation.apps}
regulated if count(installed & data.identifiers) > 0
";

/// A lookup for each app, from a prepared input.
pub(crate) fn each(workload: &Workload, phone: &Phone) -> Result<Run> {
    prepared(
        machine(workload, EACH)?,
        Value::from_json_str(&phone.record)?,
    )
}

/// One intersection of sets, from a prepared input that holds a set.
pub(crate) fn set(workload: &Workload, phone: &Phone) -> Result<Run> {
    let device =
        json!({ "ownership": phone.ownership, "funding": { "subscription": phone.subscription } });
    let input = object([
        ("device", Value::from(device)),
        ("installed", strings(&phone.installed)),
    ]);
    prepared(machine(workload, SET)?, input)
}

/// A lookup for each app, from the record as JSON to the decision as JSON.
pub(crate) fn each_json(workload: &Workload, phone: &Phone) -> Result<Run> {
    json_to_json(machine(workload, EACH)?, phone)
}

/// One intersection of sets, from the record as JSON to the decision as JSON.
pub(crate) fn set_json(workload: &Workload, phone: &Phone) -> Result<Run> {
    json_to_json(machine(workload, SET_OF_RECORD)?, phone)
}

fn prepared(mut machine: RegoVM, input: Value) -> Result<Run> {
    Ok(Box::new(move || {
        machine.set_input(input.clone());
        let zone = machine.execute_entry_point_by_index(0)?;
        Ok(Answer::Zone(match zone.as_string()?.as_ref() {
            "service" => "service",
            "personal" => "personal",
            _ => "none",
        }))
    }))
}

fn json_to_json(mut machine: RegoVM, phone: &Phone) -> Result<Run> {
    let record = phone.record.clone();
    Ok(Box::new(move || {
        machine.set_input(Value::from_json_str(&record)?);
        let zone = machine.execute_entry_point_by_index(0)?;
        Ok(Answer::Json(zone.to_json_str()?))
    }))
}

fn machine(workload: &Workload, regulated: &str) -> Result<RegoVM> {
    let mut engine = Engine::new();
    engine.add_policy("octroi.rego".to_owned(), format!("{COMMON}{regulated}"))?;
    let compiled = engine.compile_with_entrypoint(&ZONE.into())?;
    let program = Compiler::compile_from_policy(&compiled, &[ZONE])
        .map_err(|error| anyhow::anyhow!("{error}"))
        .context("cannot compile the Rego")?;
    let apps = workload
        .identifiers
        .iter()
        .map(|id| (Value::from(id.as_str()), Value::from(true)));
    let mut machine = RegoVM::new();
    machine.load_program(program);
    machine.set_data(object([
        ("apps", Value::from(apps.collect::<BTreeMap<_, _>>())),
        ("identifiers", strings(&workload.identifiers)),
    ]))?;
    Ok(machine)
}

fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    let fields = fields.map(|(name, value)| (Value::from(name), value));
    Value::from(BTreeMap::from(fields))
}

fn strings(words: &[String]) -> Value {
    let words = words.iter().map(|word| Value::from(word.as_str()));
    Value::from(words.collect::<BTreeSet<_>>())
}
