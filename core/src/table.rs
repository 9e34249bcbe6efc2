//! The decision table of a policy: what it says of each class of device, of each state of an app, and when.

use crate::{
    assessment::{Assessment, PolicyAssessment, Reason},
    code::Code,
    explain::{Explanation, any_app},
    facts::Fact,
    names::{AppId, Language},
    policy::{Policy, Rule},
    record::Record,
    situation::{Sight, Situation, Stage},
    time::{Day, Instant},
};

/// What one rule of a policy decides. Its apps stand alike, so each row is about any one of them, the others being absent.
#[derive(Clone, Debug)]
pub struct DecisionTable {
    /// The apps of the rule.
    pub apps: Vec<AppId>,
    /// Service devices first, then personal ones, then those of which it is unknown; the same situation from its first day on.
    pub rows: Vec<DecisionRow>,
}

/// A situation, and what holds for it over some days.
#[derive(Clone, Debug)]
pub struct DecisionRow {
    /// The first day, unless it is the first of all.
    pub from: Option<Day>,
    /// The last day, unless there is none.
    pub until: Option<Day>,
    /// What is decided on those days; the finding about the first app of the rule says which situation it is.
    pub assessment: PolicyAssessment,
    /// Of its reasons, those that are about more than the class of the device.
    pub deciding: Vec<Reason>,
    /// The same in words.
    pub explanation: Explanation,
}

/// The table of each rule, under no other deployment than the default one.
///
/// Each row was assessed like a phone. Where a rule has several apps, its texts name none of them.
pub fn decision_tables(policy: &Policy, language: Language) -> Vec<DecisionTable> {
    let rules = policy.document().rules.iter();
    let stage = |rule: &Rule| match rule.apps.as_slice() {
        // What is said of the first holds for each.
        [first, _, ..] => Stage::calling(policy, first, any_app(language)),
        _ => Stage::new(policy),
    };
    rules
        .map(|rule| table(&stage(rule), rule, language))
        .collect()
}

fn table(stage: &Stage, rule: &Rule, language: Language) -> DecisionTable {
    let mut rows = Vec::new();
    for facts in classes(stage) {
        let Some(app) = rule.apps.first() else { break };
        for sight in sights(stage, app) {
            let apps = sight
                .map(|sight| (app.clone(), sight))
                .into_iter()
                .collect();
            let situation = Situation {
                facts,
                apps,
                ..Situation::default()
            };
            let periods = periods(stage, app, &stage.record(&situation), sight);
            rows.extend(periods.into_iter().filter_map(|(from, until, assessment)| {
                let explanation = stage.explain(&assessment, language);
                let zone = &stage.document().time_zone;
                let assessment = assessment.assessments.into_iter().next()?;
                let reasons = assessment.reasons.iter();
                let deciding = reasons.filter(|reason| !is_about_class(reason.code));
                Some(DecisionRow {
                    deciding: deciding.cloned().collect(),
                    from: from.map(|from| zone.day(from)),
                    until: until.map(|until| zone.day(until.second_before())),
                    assessment,
                    explanation,
                })
            }));
        }
    }
    DecisionTable {
        apps: rule.apps.clone(),
        rows,
    }
}

/// A service device, a personal one, and one of which nothing is known.
fn classes(stage: &Stage) -> [[Option<bool>; Fact::ALL.len()]; 3] {
    let listed = stage.document().service_device.facts;
    [
        Fact::ALL.map(|fact| listed.contains(fact).then_some(true)),
        [Some(false); Fact::ALL.len()],
        [None; Fact::ALL.len()],
    ]
}

/// Absent, there from before, there from after where that makes a difference, unknown.
fn sights(stage: &Stage, app: &AppId) -> Vec<Option<Sight>> {
    let new_from = stage.new_from(app);
    let force = stage.starts(stage.document().in_force_from.date);
    let since = new_from.unwrap_or(force).second_before();
    let mut sights = vec![None, Some(Sight::There { since })];
    sights.extend(new_from.map(|since| Some(Sight::There { since })));
    sights.push(Some(Sight::Unknown));
    sights
}

type Period = (Option<Instant>, Option<Instant>, Assessment);

/// The spans of time over which the policy says the same of the situation, from the first in which it can be.
fn periods(stage: &Stage, app: &AppId, record: &Record<'_>, sight: Option<Sight>) -> Vec<Period> {
    let force = stage.starts(stage.document().in_force_from.date);
    let mut turns = vec![force];
    turns.extend(stage.overdue_from(app));
    let is_new = |since| stage.new_from(app).is_some_and(|from| from <= since);
    let first = match sight {
        Some(Sight::There { since }) if is_new(since) => Some(since),
        _ => None,
    };
    turns.sort_unstable();
    turns.dedup();
    turns.retain(|turn| first.is_none_or(|first| first < *turn));
    let starts = core::iter::once(first).chain(turns.iter().copied().map(Some));
    let mut periods: Vec<Period> = Vec::new();
    for start in starts {
        let at = start.unwrap_or_else(|| turns.first().map_or(force, |turn| turn.second_before()));
        let assessment = stage.assess(record, at);
        match periods.last_mut() {
            Some((.., last)) if say_the_same(last, &assessment) => {}
            last => {
                if let Some((_, until, _)) = last {
                    *until = start;
                }
                periods.push((start, None, assessment));
            }
        }
    }
    periods
}

fn say_the_same(one: &Assessment, other: &Assessment) -> bool {
    let told = |assessment: &Assessment| {
        let said = assessment.assessments.first().cloned();
        said.map(|said| (said.access, said.status, said.obligations, said.reasons))
    };
    told(one) == told(other)
}

const fn is_about_class(code: Code) -> bool {
    matches!(
        code,
        Code::OwnedByOrganization
            | Code::PurchaseFunded
            | Code::SubscriptionFunded
            | Code::UsageFunded
            | Code::NothingMakesItService
            | Code::ClassUndetermined
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        assessment::{ClassName, Decision, Install, Presence, Status},
        embedded,
    };

    #[test]
    fn the_circular_fits_on_a_page() {
        let tables = decision_tables(&embedded().unwrap()[0], Language::En);
        let rows: Vec<_> = tables[0]
            .rows
            .iter()
            .filter(|row| row.assessment.device_class.class == ClassName::Service)
            .filter(|row| row.assessment.findings[0].presence == Presence::Present)
            .map(|row| {
                let install = row.assessment.findings[0].install.unwrap();
                let from = row.from.map(|day| day.to_string());
                (
                    install,
                    from,
                    row.assessment.access.decision,
                    row.assessment.status,
                )
            })
            .collect();
        let day = |day: &str| Some(day.to_owned());
        assert_eq!(
            rows,
            [
                (
                    Install::Existing,
                    None,
                    Decision::Permit,
                    Status::NotApplicable
                ),
                (
                    Install::Existing,
                    day("2023-03-27"),
                    Decision::Permit,
                    Status::InGracePeriod
                ),
                (
                    Install::Existing,
                    day("2023-04-04"),
                    Decision::Deny,
                    Status::Noncompliant
                ),
                (
                    Install::New,
                    day("2023-03-28"),
                    Decision::Deny,
                    Status::Noncompliant
                ),
            ]
        );
    }
}
