//! octroi itself.

use anyhow::{Context, Result};
use octroi_core::{Deployment, Instant, NetworkZone, Policies, Policy, Record, assess};

use crate::case::{Answer, Run};
use crate::workload::{AT, Phone, Workload};

/// From the prepared policies and record to an assessment.
pub(crate) fn prepared(workload: &Workload, phone: &Phone) -> Result<Run> {
    let (policies, deployment, at) = rules(workload)?;
    let record = Record::from_json(phone.record.as_bytes(), &policies)?.into_owned();
    Ok(Box::new(move || {
        let assessment = assess(&policies, &record, &deployment, at);
        Ok(Answer::Zone(match assessment.access.zone {
            NetworkZone::Service => "service",
            NetworkZone::Personal => "personal",
            NetworkZone::None => "none",
        }))
    }))
}

/// From the record as JSON to the assessment as JSON.
pub(crate) fn json(workload: &Workload, phone: &Phone) -> Result<Run> {
    let (policies, deployment, at) = rules(workload)?;
    let record = phone.record.clone();
    Ok(Box::new(move || {
        let record = Record::from_json(record.as_bytes(), &policies)?;
        let assessment = assess(&policies, &record, &deployment, at);
        Ok(Answer::Json(serde_json::to_string(&assessment)?))
    }))
}

fn rules(workload: &Workload) -> Result<(Policies, Deployment, Instant)> {
    let policy = Policy::from_json(workload.policy.as_bytes())?;
    let policies = Policies::new(vec![policy])?;
    let at = Instant::parse(AT).context("not an instant")?;
    Ok((policies, Deployment::default(), at))
}
