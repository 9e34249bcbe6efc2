//! Policies, and what is asked of them.

use std::sync::Arc;

use octroi_core::{
    AppId, Assessment, Deployment, Explanation, Instant, Language, NonEmpty, Platform, Policy,
    PolicyRef, Watched, Watchlist,
};

use crate::errors::OctroiError;

type Record = octroi_core::Record<'static>;

/// Policies to assess devices under, in an order. They never change, and any thread may use them.
#[derive(uniffi::Object)]
pub struct Policies(pub(crate) octroi_core::Policies);

/// A policy as its document.
#[derive(uniffi::Record)]
pub struct PolicyDocument {
    /// The JSON form of a policy (`docs/policy-format.md`).
    pub json: String,
    /// Since when the policy is unconfirmed: the expiry of the update metadata that brought it, if any did.
    #[uniffi(default = None)]
    pub stale_since: Option<Instant>,
}

#[uniffi::export]
impl Policies {
    /// The policies that the deployment names, from those that ship with octroi.
    ///
    /// Errors: those of `PolicyNotAvailable`, `PolicyTwice`, `NoPolicy` and `NotifiedUnknown`; `Value` for a deployment that holds
    /// a wrong value.
    #[uniffi::constructor]
    pub fn embedded(deployment: Deployment) -> Result<Arc<Self>, OctroiError> {
        Self::select(&deployment, octroi_core::embedded()?)
    }

    /// The policies that the deployment names, from these documents.
    ///
    /// Errors: `Document` for a policy that is not its form to the letter, and those of `embedded`.
    #[uniffi::constructor]
    pub fn from_documents(
        documents: Vec<PolicyDocument>,
        deployment: Deployment,
    ) -> Result<Arc<Self>, OctroiError> {
        let mut policies = Vec::with_capacity(documents.len());
        for document in documents {
            let policy = Policy::from_json(document.json.as_bytes())?;
            policies.push(policy.with_stale_since(document.stale_since));
        }
        Self::select(&deployment, &policies)
    }

    /// Which policies they are, in their order.
    pub fn versions(&self) -> Vec<PolicyRef> {
        let policies = self.0.iter();
        policies
            .map(|policy| PolicyRef {
                id: policy.id().clone(),
                version: policy.document().version,
            })
            .collect()
    }

    /// What to ask a device of the platform for, where nobody lists all that is installed: nothing else needs to be looked at.
    pub fn watchlist(&self, platform: Platform) -> Watchlist {
        self.0.watchlist(platform)
    }

    /// Decides for one device at one instant. The same arguments always give the same assessment.
    ///
    /// The deployment is the one by which the policies were selected. Nothing of the system is asked: neither the clock nor the
    /// time zone, which each policy brings along.
    ///
    /// Errors: `Value` for a record or a deployment that holds a wrong value; `UnknownApp` for a declaration or an impediment about an
    /// app that neither these policies nor the catalogue knows, as in `record_from_json`. Nothing else.
    pub fn assess(
        &self,
        record: Record,
        deployment: Deployment,
        at: Instant,
    ) -> Result<Assessment, OctroiError> {
        if let Some(app) = record.unknown_app(&self.0) {
            return Err(OctroiError::UnknownApp {
                app: app.clone(),
                known: self.0.known_apps(),
            });
        }
        Ok(octroi_core::assess(&self.0, &record, &deployment, at))
    }

    /// Says an assessment in words.
    ///
    /// The policies and the deployment are those of the assessment; what a policy that is not among them said is left out.
    ///
    /// Errors: `Value`, if the assessment was not made by this version, or the deployment holds a wrong value.
    pub fn explain(
        &self,
        assessment: Assessment,
        deployment: Deployment,
        language: Language,
    ) -> Result<Explanation, OctroiError> {
        Ok(octroi_core::explain(
            &assessment,
            &self.0,
            &deployment,
            language,
        ))
    }

    /// Reads a record from its JSON form (`docs/forms.md`).
    ///
    /// Errors: `Document`, for anything that is not the form to the letter, and for a declaration or an impediment about an app that
    /// neither these policies nor the catalogue knows.
    pub fn record_from_json(&self, json: String) -> Result<Record, OctroiError> {
        let record = octroi_core::Record::from_json(json.as_bytes(), &self.0)?;
        Ok(record.into_owned())
    }
}

impl Policies {
    fn select(deployment: &Deployment, available: &[Policy]) -> Result<Arc<Self>, OctroiError> {
        let policies = octroi_core::Policies::select(deployment, available)?;
        Ok(Arc::new(Self(policies)))
    }
}

/// What to ask a device of one platform for, in the order of the policies.
#[uniffi::remote(Record)]
pub struct Watchlist {
    /// The apps to look for: all that a policy regulates, but those that are not published on the platform. One of which only the
    /// signer or the name is known stands here alone: it takes a list of all that is installed to find it.
    pub apps: Vec<AppId>,
    /// Package or bundle identifiers.
    pub ids: Vec<Watched>,
    /// URL schemes, without `:`; only an iPhone is asked for them.
    pub schemes: Vec<Watched>,
}

/// One thing to ask for.
#[uniffi::remote(Record)]
pub struct Watched {
    /// What to ask for, exactly.
    pub text: NonEmpty,
    /// The apps that it belongs to.
    pub apps: Vec<AppId>,
}

#[cfg(test)]
mod tests {
    use octroi_core::{Declaration, Declared, Impediment};

    use super::*;

    /// A name mistyped in code is the same mistake as one mistyped in a document: neither may pass for nothing said.
    #[test]
    fn a_record_may_speak_only_of_apps_that_somebody_knows() {
        let deployment = Deployment::default();
        let policies = Policies::embedded(deployment.clone()).unwrap();
        let at = Instant::parse("2023-05-01T00:00:00Z").unwrap();
        let assess = |record| policies.assess(record, deployment.clone(), at);
        let declaration = Declaration {
            value: Declared::Present,
            declared_at: None,
        };
        for (name, known) in [("tiktok", true), ("tictoc", false)] {
            let app = AppId::new(name).unwrap();
            let mut declared = Record::new(Platform::Android);
            declared.declarations.insert(app.clone(), declaration);
            let mut prevented = Record::new(Platform::Android);
            prevented.impediments.insert(app, Impediment::default());
            for record in [declared, prevented] {
                match assess(record) {
                    Ok(_) => assert!(known),
                    Err(error) => {
                        assert!(!known);
                        let expected = "the app `tictoc` is not known, expected an app that the policies or the catalogue know: `tiktok`";
                        assert_eq!(error.to_string(), expected);
                    }
                }
            }
        }
    }
}
