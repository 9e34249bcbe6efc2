//! Which text says what.

use super::texts::Texts;
use crate::{
    assessment::{ClassName, Obligation, ObligationKind, ObligationState, Presence},
    code::Code,
    facts::Fact,
    policy::Strength,
};

pub(super) const fn code(texts: &Texts, code: Code) -> &'static str {
    let texts = &texts.code;
    match code {
        Code::OwnedByOrganization => texts.owned_by_organization,
        Code::PurchaseFunded => texts.purchase_funded,
        Code::SubscriptionFunded => texts.subscription_funded,
        Code::UsageFunded => texts.usage_funded,
        Code::NothingMakesItService => texts.nothing_makes_it_service,
        Code::ClassUndetermined => texts.class_undetermined,
        Code::IdentifierSeen => texts.identifier_seen,
        Code::SchemeAnswered => texts.scheme_answered,
        Code::NameSeen => texts.name_seen,
        Code::DeclaredPresent => texts.declared_present,
        Code::UnexpectedSigner => texts.unexpected_signer,
        Code::CompleteListLacksIt => texts.complete_list_lacks_it,
        Code::ProbedAbsent => texts.probed_absent,
        Code::SchemesUnanswered => texts.schemes_unanswered,
        Code::DeclaredAbsent => texts.declared_absent,
        Code::NotPublishedOnPlatform => texts.not_published_on_platform,
        Code::NoObservation => texts.no_observation,
        Code::NotVisible => texts.not_visible,
        Code::ProfileOnly => texts.profile_only,
        Code::ListEmpty => texts.list_empty,
        Code::ListIncomplete => texts.list_incomplete,
        Code::NotProbed => texts.not_probed,
        Code::ObservationStale => texts.observation_stale,
        Code::DeclarationRefused => texts.declaration_refused,
        Code::DeclarationStale => texts.declaration_stale,
        Code::PlatformNotCovered => texts.platform_not_covered,
        Code::ForbiddenOnServiceDevice => texts.forbidden_on_service_device,
        Code::WithinRemovalTerm => texts.within_removal_term,
        Code::RemovalTermPassed => texts.removal_term_passed,
        Code::InstalledAfterNotification => texts.installed_after_notification,
        Code::PersonalDeviceWithApp => texts.personal_device_with_app,
        Code::NoRegulatedApp => texts.no_regulated_app,
        Code::NotInForce => texts.not_in_force,
        Code::ExemptRole => texts.exempt_role,
        Code::UndeterminedDenied => texts.undetermined_denied,
        Code::UndeterminedPermitted => texts.undetermined_permitted,
        Code::ClockWentBack => texts.clock_went_back,
        Code::PolicyStale => texts.policy_stale,
        Code::UpdateNeedsNewerApp => texts.update_needs_newer_app,
        Code::StateDamaged => texts.state_damaged,
        Code::CcbAdvice => texts.ccb_advice,
        Code::InformSupervisorIfPrevented => texts.inform_supervisor_if_prevented,
        Code::RecommendedNotToInstall => texts.recommended_not_to_install,
        Code::SettleMissingFact => texts.settle_missing_fact,
        Code::ReviewDatePassed => texts.review_date_passed,
    }
}

pub(super) const fn question(texts: &Texts, fact: Fact) -> &'static str {
    match fact {
        Fact::Ownership => texts.question.ownership,
        Fact::Purchase => texts.question.funding_purchase,
        Fact::Subscription => texts.question.funding_subscription,
        Fact::Usage => texts.question.funding_usage,
    }
}

pub(super) const fn strength(texts: &Texts, strength: Strength) -> &'static str {
    match strength {
        Strength::Forbidden => texts.strength.forbidden,
        Strength::Required => texts.strength.required,
        Strength::Invited => texts.strength.invited,
        Strength::Asked => texts.strength.asked,
        Strength::Recommended => texts.strength.recommended,
        Strength::Stated => texts.strength.stated,
    }
}

pub(super) const fn class(texts: &Texts, class: ClassName) -> &'static str {
    match class {
        ClassName::Service => texts.class.service,
        ClassName::Personal => texts.class.personal,
        ClassName::Undetermined => texts.class.undetermined,
    }
}

pub(super) const fn presence(texts: &Texts, presence: Presence) -> &'static str {
    match presence {
        Presence::Present => texts.presence.present,
        Presence::Absent => texts.presence.absent,
        Presence::Unknown => texts.presence.unknown,
    }
}

pub(super) const fn obligation(texts: &Texts, obligation: &Obligation) -> &'static str {
    let texts = &texts.obligation;
    match (obligation.kind, obligation.state) {
        (ObligationKind::RemoveApp, ObligationState::Pending) => texts.remove_app_pending,
        (ObligationKind::RemoveApp, ObligationState::Overdue) => texts.remove_app_overdue,
        (ObligationKind::RemoveApp, _) => texts.remove_app_due_now,
        (ObligationKind::InformSupervisor, ObligationState::Done) => texts.inform_supervisor_done,
        (ObligationKind::InformSupervisor, _) => texts.inform_supervisor_due_now,
    }
}
