//! Duties of a device, each once, however many policies ask for it.

use std::cmp::Ordering;

use octroi_core::{AppId, Assessment, Day, Obligation, ObligationKind, ObligationState, Policies};

use crate::{fill, texts::ReportTexts};

/// What must be done, and with which app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Duty {
    kind: ObligationKind,
    app: AppId,
}

impl Duty {
    pub(crate) fn of(obligation: &Obligation) -> Self {
        Self {
            kind: obligation.kind,
            app: obligation.app.clone(),
        }
    }

    /// As the script knows it.
    pub(crate) fn id(&self) -> String {
        let kind = match self.kind {
            ObligationKind::RemoveApp => "remove_app",
            ObligationKind::InformSupervisor => "inform_supervisor",
        };
        format!("{kind} {}", self.app)
    }

    /// In words, with the app's name.
    pub(crate) fn written(&self, policies: &Policies, texts: &ReportTexts) -> String {
        let template = match self.kind {
            ObligationKind::RemoveApp => texts.remove_app,
            ObligationKind::InformSupervisor => texts.inform_supervisor,
        };
        let name = policies.iter().find_map(|policy| policy.entry(&self.app));
        let name = name.map_or_else(|| self.app.to_string(), |entry| entry.name.to_string());
        fill(template, "app", &name)
    }
}

/// The duties of a device. Where several policies ask for the same, the strictest stands for all.
pub(crate) fn duties(assessment: &Assessment) -> Vec<&Obligation> {
    let mut duties: Vec<&Obligation> = Vec::new();
    let all = assessment
        .assessments
        .iter()
        .flat_map(|said| &said.obligations);
    for duty in all {
        let same = duties
            .iter_mut()
            .find(|known| known.kind == duty.kind && known.app == duty.app);
        match same {
            Some(known) if strictness(duty, known) == Ordering::Less => *known = duty,
            Some(_) => {}
            None => duties.push(duty),
        }
    }
    duties
}

/// The stricter of two comes first: what is too late, what is due now, what has time left, what is done; then the earlier day.
fn strictness(one: &Obligation, other: &Obligation) -> Ordering {
    let order = |duty: &Obligation| -> (u8, Option<Day>) {
        let state = match duty.state {
            ObligationState::Overdue => 0,
            ObligationState::DueNow => 1,
            ObligationState::Pending => 2,
            ObligationState::Done => 3,
        };
        (state, duty.due)
    };
    order(one).cmp(&order(other))
}
