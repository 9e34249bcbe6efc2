//! The same decision in Cedar. It answers yes or no, so the question is: may the phone reach this network?
//!
//! Cedar's policies cannot walk through a record, so it gets the installed identifiers as a set: its own form of JSON.

use std::collections::{HashMap, HashSet};

use anyhow::Result;
use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityUid, PolicySet, Request,
    RestrictedExpression,
};
use serde_json::json;

use crate::case::{Answer, Run};
use crate::workload::{Phone, Workload};

/// The regulated identifiers are an attribute of an entity: as a set in the policy's text they would be built
/// anew for each question.
const POLICIES: &str = r#"
permit (principal, action, resource == Network::"service")
when { context.ownership == "organization" || ["partial", "full"].contains(context.subscription) };

permit (principal, action, resource == Network::"personal")
unless { context.ownership == "organization" || ["partial", "full"].contains(context.subscription) };

forbid (principal, action, resource)
when { Apps::"regulated".identifiers.containsAny(context.installed) };
"#;

/// From prepared policies, entities and requests to the decision.
pub(crate) fn prepared(workload: &Workload, phone: &Phone) -> Result<Run> {
    let rules = Rules::new(workload)?;
    let context = Context::from_json_str(&input(phone), None)?;
    let service = rules.request(&rules.service, context.clone())?;
    let personal = rules.request(&rules.personal, context)?;
    Ok(Box::new(move || {
        let zone = if rules.permit(&service) {
            "service"
        } else if rules.permit(&personal) {
            "personal"
        } else {
            "none"
        };
        Ok(Answer::Zone(zone))
    }))
}

/// From the facts as JSON to the decision as JSON.
pub(crate) fn json(workload: &Workload, phone: &Phone) -> Result<Run> {
    let rules = Rules::new(workload)?;
    let input = input(phone);
    Ok(Box::new(move || {
        let context = Context::from_json_str(&input, None)?;
        let zone = if rules.permit(&rules.request(&rules.service, context.clone())?) {
            "service"
        } else if rules.permit(&rules.request(&rules.personal, context)?) {
            "personal"
        } else {
            "none"
        };
        Ok(Answer::Json(serde_json::to_string(zone)?))
    }))
}

struct Rules {
    policies: PolicySet,
    entities: Entities,
    authorizer: Authorizer,
    phone: EntityUid,
    reach: EntityUid,
    service: EntityUid,
    personal: EntityUid,
}

impl Rules {
    fn new(workload: &Workload) -> Result<Self> {
        let ids = workload.identifiers.iter().cloned();
        let ids = RestrictedExpression::new_set(ids.map(RestrictedExpression::new_string));
        let attributes = HashMap::from([("identifiers".to_owned(), ids)]);
        let regulated = r#"Apps::"regulated""#.parse()?;
        let regulated = Entity::new(regulated, attributes, HashSet::new())?;
        Ok(Self {
            policies: POLICIES.parse()?,
            entities: Entities::from_entities([regulated], None)?,
            authorizer: Authorizer::new(),
            phone: r#"Phone::"it""#.parse()?,
            reach: r#"Action::"reach""#.parse()?,
            service: r#"Network::"service""#.parse()?,
            personal: r#"Network::"personal""#.parse()?,
        })
    }

    fn request(&self, network: &EntityUid, context: Context) -> Result<Request> {
        let (phone, reach) = (self.phone.clone(), self.reach.clone());
        Ok(Request::new(phone, reach, network.clone(), context, None)?)
    }

    fn permit(&self, request: &Request) -> bool {
        let response = self
            .authorizer
            .is_authorized(request, &self.policies, &self.entities);
        response.decision() == Decision::Allow
    }
}

fn input(phone: &Phone) -> String {
    let Phone {
        ownership,
        subscription,
        installed,
        ..
    } = phone;
    json!({ "ownership": ownership, "subscription": subscription, "installed": installed })
        .to_string()
}
