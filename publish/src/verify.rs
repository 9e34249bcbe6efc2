//! A repository as a phone sees it: read by the client, from a root, and nothing else.

use std::{collections::BTreeMap, fmt, path::Path, sync::Arc};

use octroi_core::{Instant, PolicyId, PolicyRef, embedded};
use octroi_updates::{Change, Metadata, Repository, Updates, UpdatesError, Wanted};
use serde::{Deserialize, de::IgnoredAny};

use crate::{
    error::PublishError,
    files::{Files, failed},
};

/// What a phone sees.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Seen {
    /// Who signs, and until when; those at the top first.
    pub roles: Vec<RoleSeen>,
    /// Every document that is listed.
    pub documents: Vec<Document>,
    /// What a phone that asks for all of them does with the newest of each.
    pub changes: Vec<Change>,
}

/// A role, as it is signed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RoleSeen {
    /// Its name.
    pub name: String,
    /// Its version, and until when it is signed; or why a phone does not believe it.
    pub signed: Result<(u64, Instant), String>,
}

/// A document, as it is listed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Document {
    /// Its path.
    pub path: String,
    /// Who lists it.
    pub role: String,
    /// Why a phone cannot have it.
    pub fault: Option<String>,
}

impl Seen {
    /// Whether a phone can have all that is listed, and uses all that is new to it.
    pub fn is_good(&self) -> bool {
        let is_taken = |change: &Change| matches!(change, Change::Replaced(_) | Change::Deployed);
        self.roles.iter().all(|role| role.signed.is_ok())
            && self
                .documents
                .iter()
                .all(|document| document.fault.is_none())
            && self.changes.iter().all(is_taken)
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for RoleSeen { name, signed } in &self.roles {
            match signed {
                Ok((version, expires)) => writeln!(f, "{name} {version}: until {expires}")?,
                Err(why) => writeln!(f, "{name}: not believed: {why}")?,
            }
        }
        for Document { path, role, fault } in &self.documents {
            match fault {
                None => writeln!(f, "{path}: signed by {role}")?,
                Some(fault) => writeln!(f, "{path}: {fault}")?,
            }
        }
        for change in &self.changes {
            match change {
                Change::Replaced(PolicyRef { id, version }) => {
                    writeln!(f, "a phone takes version {version} of {id}")?;
                }
                Change::NeedsNewerApp(PolicyRef { id, version }) => {
                    writeln!(f, "a phone needs a newer app for version {version} of {id}")?;
                }
                Change::Refused {
                    policy: PolicyRef { id, version },
                    refusal,
                } => writeln!(f, "a phone refuses version {version} of {id}: {refusal}")?,
                Change::NotHeard { path, error } => writeln!(f, "{path}: {error}")?,
                Change::Deployed => writeln!(f, "a phone takes the deployment")?,
                Change::DeploymentRefused(error) => {
                    writeln!(f, "a phone refuses the deployment: {error}")?;
                }
                Change::Withdrawn => writeln!(f, "a phone drops the deployment")?,
            }
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Envelope {
    signed: Role,
}

#[derive(Deserialize)]
struct Role {
    version: u64,
    expires: Instant,
    #[serde(default)]
    targets: BTreeMap<String, IgnoredAny>,
    delegations: Option<Delegations>,
}

#[derive(Deserialize)]
struct Delegations {
    roles: Vec<Delegated>,
}

#[derive(Deserialize)]
struct Delegated {
    name: String,
    #[serde(default)]
    paths: Vec<String>,
}

/// Walks through a whole repository as a phone does that brings this root.
///
/// # Errors
///
/// If the phone would not believe it.
pub fn verify(folder: &Path, root: &[u8], now: Instant) -> Result<Seen, PublishError> {
    let files = Arc::new(Files::of(folder));
    let mut phone = Repository::new(root, Metadata::default(), files.clone())
        .map_err(PublishError::Unbelievable)?;
    phone.refresh(now).map_err(PublishError::Unbelievable)?;

    let mut seen = Seen {
        roles: Vec::new(),
        documents: Vec::new(),
        changes: Vec::new(),
    };
    let mut names: Vec<_> = ["root", "timestamp", "snapshot", "targets"]
        .map(|name| (name.to_owned(), Vec::new()))
        .into();
    let mut next = 0;
    while let Some((name, patterns)) = names.get(next).cloned() {
        next += 1;
        // To whom the signing is handed on, a phone asks when it looks for what they may sign.
        let heard = patterns.iter().find_map(|pattern: &String| {
            let found = phone.find(&pattern.replace('*', "0"), now);
            found.err().map(|error| error.to_string())
        });
        let metadata = phone.metadata();
        let pinned = str::from_utf8(root).ok().filter(|_| name == "root");
        let text = metadata.get(&format!("{name}.json")).or(pinned);
        let role = text.and_then(|text| serde_json::from_str(text).ok());
        let Some(Envelope { signed: role }) = role else {
            seen.roles.push(RoleSeen {
                name,
                signed: Err(heard.unwrap_or_else(|| "nobody asks for it".to_owned())),
            });
            continue;
        };
        let delegated = role.delegations.into_iter().flat_map(|all| all.roles);
        for role in delegated {
            if !names.iter().any(|(name, _)| *name == role.name) {
                names.push((role.name, role.paths));
            }
        }
        for path in role.targets.into_keys() {
            let fetched = match phone.find(&path, now) {
                Ok(Some(target)) => phone.fetch(&target, &path).map(|_| None),
                Ok(None) => Ok(Some("its role may not sign it".to_owned())),
                Err(error) => Err(error),
            };
            seen.documents.push(Document {
                path,
                role: name.clone(),
                fault: fetched.unwrap_or_else(|error| Some(error.to_string())),
            });
        }
        seen.roles.push(RoleSeen {
            name,
            signed: Ok((role.version, role.expires)),
        });
    }
    seen.changes = ask_for_all(&seen.documents, &files, root, now)?;
    Ok(seen)
}

/// What a new phone does that asks for every document, in a folder of its own.
fn ask_for_all(
    documents: &[Document],
    files: &Arc<Files>,
    root: &[u8],
    now: Instant,
) -> Result<Vec<Change>, PublishError> {
    let parts = documents
        .iter()
        .map(|document| document.path.split('/').collect::<Vec<_>>());
    let (mut policies, mut deployments) = (Vec::new(), Vec::new());
    for parts in parts {
        match parts.as_slice() {
            ["policies", id, _] => policies.extend(PolicyId::new(id)),
            ["deployments", file] => {
                let name = file.strip_suffix(".json");
                deployments.extend(name.and_then(PolicyId::new));
            }
            _ => {}
        }
    }
    policies.sort_unstable();
    policies.dedup();

    let shipped = embedded().map_err(PublishError::Policy)?;
    let mut changes = Vec::new();
    // A phone asks for one deployment, if any; with the first of them for all policies too.
    let mut deployments: Vec<_> = deployments.into_iter().map(Some).collect();
    if deployments.is_empty() {
        deployments.push(None);
    }
    for deployment in deployments {
        let folder = tempfile::tempdir();
        let folder = folder.map_err(|error| failed(Path::new("a temporary folder"), error))?;
        let updates = Updates::open(folder.path(), shipped);
        let updates = updates.map_err(|error| unbelievable(error.into()))?;
        let wanted = Wanted {
            policies: std::mem::take(&mut policies),
            deployment,
        };
        let refreshed = updates.refresh(root, files.clone(), &wanted, now);
        changes.extend(refreshed.map_err(unbelievable)?.changes);
    }
    Ok(changes)
}

fn unbelievable(error: UpdatesError) -> PublishError {
    match error {
        UpdatesError::Update(error) | UpdatesError::Root(error) => {
            PublishError::Unbelievable(error)
        }
        other => PublishError::Metadata {
            path: "a temporary folder".into(),
            reason: other.to_string(),
        },
    }
}
