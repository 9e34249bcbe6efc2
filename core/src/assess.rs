//! From policies, record, deployment and instant to the assessment, and until when it holds (`docs/readings.md`).

use crate::{
    Policies,
    assessment::{Access, Assessment, Status},
    deployment::Deployment,
    judge::{Case, Judgement},
    presence::Looked,
    record::Record,
    report,
    time::Instant,
};

/// Assesses a device at an instant.
///
/// Total and pure: the same arguments give the same assessment, and every argument gives one. A declaration or an impediment for
/// an app that no policy regulates is ignored; [`Record::unknown_app`] tells one that nobody knows.
pub fn assess(
    policies: &Policies,
    record: &Record<'_>,
    deployment: &Deployment,
    at: Instant,
) -> Assessment {
    let case = Case {
        policies,
        record,
        deployment,
        facts: record.facts(deployment.self_declared_facts),
        looked: Looked::new(policies, record, deployment),
    };
    let now = case.judge(case.looked.sightings(at), at);
    let mut assessment = report::assessment(&case, &now, at);
    case.find_changes(&now, at, &mut assessment);
    assessment
}

impl Case<'_> {
    /// Finds the first later instants at which a decision or a status is another.
    fn find_changes(&self, now: &Judgement<'_>, at: Instant, assessment: &mut Assessment) {
        let mut open = assessment.assessments.len() + 1;
        let mut points = self.turning_points(now, at);
        if points.is_empty() && self.deployment.observation_valid_for.is_none() {
            return;
        }
        let proofs = self.looked.proofs();
        points.extend(proofs.turning_points().filter(|point| *point > at));
        points.retain(|point| *point < Instant::MAX);
        points.sort_unstable();
        points.dedup();
        for later in points {
            let then = self.judge(self.looked.later(&proofs, later), later);
            let mut note = |changed: bool, valid_until: &mut Option<Instant>| {
                if changed && valid_until.is_none() {
                    *valid_until = Some(later);
                    open -= 1;
                }
            };
            note(
                differs((&now.access, now.status), (&then.access, then.status)),
                &mut assessment.valid_until,
            );
            for ((now, then), policy) in now
                .policies
                .iter()
                .zip(&then.policies)
                .zip(&mut assessment.assessments)
            {
                note(
                    differs((&now.access, now.status), (&then.access, then.status)),
                    &mut policy.valid_until,
                );
            }
            if open == 0 {
                return;
            }
        }
    }

    /// Every later instant at which anything but the proofs of absence could turn.
    fn turning_points(&self, now: &Judgement<'_>, at: Instant) -> Vec<Instant> {
        let mut points = Vec::new();
        let mut add = |point| {
            if at < point {
                points.push(point);
            }
        };
        for judged in &now.policies {
            add(judged.prepared.in_force_since);
            let stale_from = judged.prepared.policy.stale_from(self.deployment);
            let dues = judged.present.iter().filter_map(|app| app.due);
            let dues = dues.map(|due| due.over_at);
            stale_from.into_iter().chain(dues).for_each(&mut add);
        }
        if let Some(limit) = self.deployment.declaration_valid_for {
            let declared = self
                .record
                .declarations
                .values()
                .filter_map(|declaration| declaration.declared_at);
            for declared in declared {
                add(declared);
                add(declared.saturating_add(limit));
            }
        }
        points
    }
}

fn differs(now: (&Access, Status), then: (&Access, Status)) -> bool {
    (now.0.decision, now.1) != (then.0.decision, then.1)
}
