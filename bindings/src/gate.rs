//! The gate, as the platforms build theirs on it.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
    sync::Arc,
};

use octroi_core::{
    AppId, Assessment, Declaration, Declared, Deployment, Explanation, Fact, Impediment, Language,
    Ownership, Platform, PolicyId, Share, Watchlist,
};
use octroi_evidence::Request;
use octroi_gate::{Answers, Statement, SystemClock, Topic};

use crate::{
    errors::OctroiError,
    evidence::signed,
    ports::{AppClock, Clock, EvidenceSigner, Transport},
    time::Age,
    updates::{AppTransport, Change},
};

type Record = octroi_core::Record<'static>;
type Declarations = BTreeMap<AppId, Declaration>;
type Impediments = BTreeMap<AppId, Impediment>;

/// Decides, and keeps in its folder what must be kept so that a verdict stays true from one day to the next: the answers of the
/// person, when an app was last proven absent, the last assessment, and the latest time that it saw. Never a list of apps.
///
/// Its clock only goes forward: where the device's was set back, the latest time seen counts, and the assessment says
/// `clock_went_back`. Any thread may call it, and several processes may have the same folder. An app embeds the `Gate` of its
/// platform, which collects what this one decides on.
#[derive(uniffi::Object)]
pub struct GateCore(octroi_gate::Gate);

#[uniffi::export]
impl GateCore {
    /// Opens a gate with a folder of its own, which is made if it is not there. Without a clock, the system's counts.
    ///
    /// Errors: those of `Policies.embedded`; `State` for a folder that cannot be used; `StateNewer` where a newer version wrote the state.
    #[uniffi::constructor(default(clock = None))]
    pub fn open(
        directory: String,
        deployment: Deployment,
        clock: Option<Arc<dyn Clock>>,
    ) -> Result<Arc<Self>, OctroiError> {
        let clock: Box<dyn octroi_gate::Clock> = match clock {
            Some(clock) => Box::new(AppClock(clock)),
            None => Box::new(SystemClock),
        };
        let gate = octroi_gate::Gate::open(Path::new(&directory), deployment, clock)?;
        Ok(Arc::new(Self(gate)))
    }

    /// Takes over a managed configuration, all of it, in place of an earlier one (`docs/mdm.md`). Keys that do not begin with
    /// `octroi.` are the app's own and left alone.
    ///
    /// Errors: `Configuration`, `PolicyNotAvailable`, `NotifiedUnknown`. Nothing is decided then, and no earlier verdict counts, until
    /// a configuration is right again.
    pub fn configure(&self, entries: HashMap<String, String>) -> Result<(), OctroiError> {
        Ok(self.0.configure(&entries.into_iter().collect())?)
    }

    /// The deployment that counts: the one that was given, with what the management says in its place.
    pub fn deployment(&self) -> Deployment {
        self.0.deployment()
    }

    /// What to look for on a device of the platform. Nothing else needs to be looked at.
    pub fn watchlist(&self, platform: Platform) -> Watchlist {
        self.0.watchlist(platform)
    }

    /// Whether a host is one that only a permitted device may reach, however it is written.
    pub fn is_internal(&self, host: String) -> bool {
        self.0.is_internal(&host)
    }

    /// Assesses what was collected, together with what the person and the management say, and keeps the result.
    ///
    /// What the system observed without saying when was observed now. An app whose time of installation is not known, but which
    /// was proven absent before, was installed since.
    ///
    /// Errors: `Value` for a record that holds a wrong value; `UnknownApp` for one that declares something of an app
    /// that nobody knows; what `configure` said, until it is mended; `PolicyNotAvailable` while a
    /// deployment that came names a policy which is not there; `Clock`; `StateNewer`. A state that cannot be written is logged and
    /// changes no verdict.
    pub fn check(&self, record: Record) -> Result<Assessment, OctroiError> {
        Ok(self.0.check(record)?)
    }

    /// Asks a repository (`docs/policy-repository.md`) for news of the policies that count. What came counts from the next check on;
    /// whatever fails changes nothing. Waits for the transport, so no thread that draws may call it.
    ///
    /// `root` is the metadata of the repository's role `root` that the app brings: who may sign is believed from there on.
    /// `deployment` is the name under which a device management publishes what it sets, if it does; without it, what came under a name is
    /// withdrawn.
    ///
    /// Errors: `Repository`, `Value` for a name that is none, `Clock`, `State`, `StateNewer`.
    #[uniffi::method(default(deployment = None))]
    pub fn refresh(
        &self,
        transport: Arc<dyn Transport>,
        root: Vec<u8>,
        deployment: Option<PolicyId>,
    ) -> Result<Vec<Change>, OctroiError> {
        let transport = Arc::new(AppTransport(transport));
        let refreshed = self.0.refresh(&root, deployment.as_ref(), transport)?;
        Ok(refreshed.changes.into_iter().map(Change::of).collect())
    }

    /// What was collected, together with what the person and the management say, as a statement that a server can check
    /// (`docs/evidence.md`): an Entity Attestation Token (RFC 9711) as a JWT, signed with ES256. Of the record it says what the policies
    /// ask about, and nothing else. Nothing is kept.
    ///
    /// `nonce` is what the server gave out for this statement, 8 to 88 bytes; `audience` is whom the statement is for, as the server calls
    /// itself. Waits for the signer, so no thread that draws may call it.
    ///
    /// Errors: those of `check`; `Value` for a nonce or an audience that is none; `Signer`.
    pub fn evidence(
        &self,
        record: Record,
        nonce: String,
        audience: String,
        signer: Arc<dyn EvidenceSigner>,
    ) -> Result<String, OctroiError> {
        let request = Request::new(nonce, audience)?;
        let claims = self.0.statement(record, &request)?;
        signed(&claims, &*signer)
    }

    /// Keeps what the person says, in place of what was said of the same before. The last assessment no longer counts: check again.
    ///
    /// Errors: `UnknownApp`, `Value`, `Clock`, `State`.
    pub fn declare(&self, statement: Statement) -> Result<(), OctroiError> {
        Ok(self.0.declare(statement)?)
    }

    /// Forgets what the person said. The last assessment no longer counts: check again.
    ///
    /// Errors: `Value`, `State`.
    pub fn withdraw(&self, topic: Topic) -> Result<(), OctroiError> {
        Ok(self.0.withdraw(&topic)?)
    }

    /// All that the person said and did not take back.
    ///
    /// Errors: `State`, `StateNewer`.
    pub fn answers(&self) -> Result<Answers, OctroiError> {
        Ok(self.0.answers()?)
    }

    /// The last assessment under the policies and the deployment of today, however old; none if there was none, if something was said
    /// since, or while nothing is decided.
    ///
    /// Errors: `State`, `StateNewer`.
    pub fn last(&self) -> Result<Option<Assessment>, OctroiError> {
        Ok(self.0.last()?)
    }

    /// The last assessment if it still holds: it is not older than that, and no day has come since on which the verdict changes by
    /// itself. None: check again.
    ///
    /// Errors: `Value` for a negative age, `Clock`, `State`, `StateNewer`.
    pub fn current(&self, not_older_than: Age) -> Result<Option<Assessment>, OctroiError> {
        Ok(self.0.current(not_older_than.0)?)
    }

    /// Says an assessment of this gate in words.
    ///
    /// Errors: `Value`, if the assessment was not made by this version.
    pub fn explain(
        &self,
        assessment: Assessment,
        language: Language,
    ) -> Result<Explanation, OctroiError> {
        Ok(self.0.explain(&assessment, language))
    }
}

/// Something that the person says.
#[uniffi::remote(Enum)]
pub enum Statement {
    /// Who owns the device.
    Ownership(Ownership),
    /// The administration's share in its purchase.
    Purchase(Share),
    /// The administration's share in its subscription.
    Subscription(Share),
    /// The administration's share in its usage.
    Usage(Share),
    /// Whether an app is on it.
    App {
        /// Which app.
        app: AppId,
        /// Whether it is there.
        value: Declared,
    },
    /// What prevents the person from removing an app.
    Impediment {
        /// Which app.
        app: AppId,
        /// Why, and when the supervisor was informed.
        impediment: Impediment,
    },
}

/// What a statement is about. A later statement about the same takes its place.
#[uniffi::remote(Enum)]
pub enum Topic {
    /// A fact of the device.
    Fact(Fact),
    /// Whether an app is on it.
    App(AppId),
    /// What prevents the removal of an app.
    Impediment(AppId),
}

/// All that the person said and did not take back.
#[uniffi::remote(Record)]
pub struct Answers {
    /// Who owns the device.
    pub ownership: Option<Ownership>,
    /// The administration's share in its purchase.
    pub purchase: Option<Share>,
    /// The administration's share in its subscription.
    pub subscription: Option<Share>,
    /// The administration's share in its usage.
    pub usage: Option<Share>,
    /// Which apps are there.
    pub apps: Declarations,
    /// What prevents the removal of apps.
    pub impediments: Impediments,
}
