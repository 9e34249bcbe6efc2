//! Policies from a repository, in place of those that ship.

use std::{
    io::Read,
    sync::Arc,
    time::{Duration, Instant},
};

use octroi_core::{Policy, PolicyId};
use octroi_updates::{Change, Transport, TransportError, Updates, UpdatesError, Wanted};
use ureq::{Agent, Error, http::Uri};

use crate::{arguments::FromRepository, failure::Failure, files, page, policy, rules};

/// For a file of a few kilobytes, and a policy of a few hundred.
const PATIENCE: Duration = Duration::from_secs(30);

/// For all files together: a server that is slow with each holds nobody up for longer.
const IN_ALL: Duration = Duration::from_secs(120);

impl FromRepository {
    /// The policies that hold after a refresh, if a repository is named: what came, and what ships.
    pub(crate) fn policies(&self, ids: Vec<PolicyId>) -> Result<Option<Vec<Policy>>, Failure> {
        let (Some(url), Some(root), Some(state)) = (&self.repo, &self.repo_root, &self.repo_state)
        else {
            return Ok(None);
        };
        let wrong = |error: &dyn ToString| {
            let expected =
                "a repository that the holders of the root signed (`octroi repo verify`)";
            Failure::new(url, error.to_string(), expected)
        };
        let (_, pinned) = files::whole(root, files::SMALL)?;
        let shipped = policy::embedded()?;
        let updates = Updates::open(state, shipped).map_err(|error| {
            Failure::new(
                state.display(),
                error.to_string(),
                "a folder that can be written",
            )
        })?;
        let wanted = Wanted {
            policies: ids,
            deployment: None,
        };
        let transport = Arc::new(Http::new(url, IN_ALL)?);
        if updates.current().is_ok_and(|current| current.damaged) {
            let kept = state.display();
            page::say(format!(
                "nothing in `{kept}` can be used: a mirror may show older policies than before"
            ));
        }
        let refreshed = updates.refresh(&pinned, transport, &wanted, rules::now());
        let refreshed = refreshed.map_err(|error| match &error {
            UpdatesError::Root(_) => {
                let expected = "the `1.root.json` that the holders of the repository gave out";
                Failure::new(root.display(), error.to_string(), expected)
            }
            UpdatesError::Store(_) => {
                let expected = "a folder that can be written";
                Failure::new(state.display(), error.to_string(), expected)
            }
            UpdatesError::Update(_) => wrong(&error),
        })?;
        for change in refreshed.changes {
            if let Change::NotHeard { path, error } = &change {
                return Err(wrong(&format!("`{path}`: {error}")));
            }
            page::say(said(&change));
        }
        let current = updates.current().map_err(|error| wrong(&error))?;
        Ok(Some(current.policies))
    }
}

/// A change, in a line.
fn said(change: &Change) -> String {
    match change {
        Change::Replaced(policy) => format!("version {} of {} came", policy.version, policy.id),
        Change::NeedsNewerApp(policy) => {
            format!(
                "version {} of {} needs a newer octroi",
                policy.version, policy.id
            )
        }
        Change::Refused { policy, refusal } => {
            format!(
                "version {} of {} is refused: {refusal}",
                policy.version, policy.id
            )
        }
        Change::NotHeard { path, error } => format!("nothing is learnt of {path}: {error}"),
        Change::Deployed | Change::Withdrawn => "another deployment came".to_owned(),
        Change::DeploymentRefused(error) => format!("the deployment is refused: {error}"),
    }
}

/// A repository that a web server serves.
struct Http {
    url: String,
    agent: Agent,
    begun: Instant,
    in_all: Duration,
}

impl Http {
    fn new(url: &str, in_all: Duration) -> Result<Self, Failure> {
        let expected = "the address of a repository, such as `https://policies.example`; without TLS on this machine alone";
        let wrong = || Failure::new("--repo", format!("`{url}`"), expected);
        let address: Uri = url.parse().map_err(|_| wrong())?;
        let is_here = matches!(address.host(), Some("localhost" | "127.0.0.1" | "[::1]"));
        let is_safe = match address.scheme_str() {
            Some("https") => true,
            Some("http") => is_here,
            _ => false,
        };
        if !is_safe || address.query().is_some() {
            return Err(wrong());
        }
        let config = Agent::config_builder()
            // Who answers for the address answers for its files.
            .max_redirects(0)
            .build();
        Ok(Self {
            url: url.trim_end_matches('/').to_owned(),
            agent: config.into(),
            begun: Instant::now(),
            in_all,
        })
    }
}

impl Transport for Http {
    fn fetch(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>, TransportError> {
        let failed = |error: &dyn ToString| TransportError {
            reason: error.to_string(),
        };
        let left = self.in_all.saturating_sub(self.begun.elapsed());
        if left.is_zero() {
            let seconds = self.in_all.as_secs();
            return Err(failed(&format!("not all came within {seconds} seconds")));
        }
        let request = self.agent.get(format!("{}/{path}", self.url)).config();
        let request = request.timeout_global(Some(left.min(PATIENCE))).build();
        let response = match request.call() {
            Ok(response) => response,
            Err(Error::StatusCode(403 | 404)) => return Ok(None),
            Err(error) => return Err(failed(&error)),
        };
        if !response.status().is_success() {
            return Err(failed(&format!("the server answers {}", response.status())));
        }
        let mut content = Vec::new();
        let reader = response.into_body().into_reader();
        let read = reader
            .take(most.saturating_add(1))
            .read_to_end(&mut content);
        read.map_err(|error| failed(&error))?;
        Ok(Some(content))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever serves each file just in time does not keep a check from its verdict for ever.
    #[test]
    fn a_repository_has_so_long_in_all() {
        // Nobody is asked: time is up.
        let http = Http::new("http://localhost:9", Duration::ZERO)
            .ok()
            .unwrap();
        let error = http.fetch("metadata/timestamp.json", 1).unwrap_err();
        assert_eq!(error.reason, "not all came within 0 seconds");
    }
}
