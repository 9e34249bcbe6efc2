//! Apps that are not seen, or not everywhere.

use std::collections::BTreeMap;

use super::{LintCode, Lints};
use crate::{
    Policies,
    names::{AppId, Platform},
    policy::{Document, Entry, Policy},
    read::steps,
    watchlist::SchemeLimit,
};

/// So many apps are named where they all have the same fault.
const NAMED: usize = 5;

impl Lints {
    pub(super) fn apps(&mut self, document: &Document) {
        let mut lacking: BTreeMap<Vec<Platform>, Vec<&AppId>> = BTreeMap::new();
        for (app, entry) in &document.catalogue.0 {
            if entry.identifiers.is_empty() && entry.display_names.is_empty() {
                self.add(
                    LintCode::AppNotRecognisable,
                    steps!["catalogue", app.as_str()],
                    format!("`{app}` without identifiers and names"),
                    "something by which the app is seen: its rule cannot find it",
                );
                continue;
            }
            let platforms = [Platform::Android, Platform::Ios].into_iter();
            let unknown: Vec<_> = platforms
                .filter(|there| is_unknown(entry, *there))
                .collect();
            if !unknown.is_empty() {
                lacking.entry(unknown).or_default().push(app);
            }
        }
        for (platforms, apps) in lacking {
            self.lacking(&platforms, &apps);
        }
    }

    /// A list of indicators is about one platform: its apps lack the same, and are told of together.
    fn lacking(&mut self, platforms: &[Platform], apps: &[&AppId]) {
        let platforms: Vec<_> = platforms
            .iter()
            .map(|platform| format!("`{}`", platform.as_str()))
            .collect();
        let mut path = steps!["catalogue"];
        if let [app] = apps {
            path.extend(steps![app.as_str()]);
        }
        let mut named: Vec<_> = apps
            .iter()
            .take(NAMED)
            .map(|app| format!("`{app}`"))
            .collect();
        if let more @ 1.. = apps.len().saturating_sub(NAMED) {
            named.push(format!("{more} more"));
        }
        self.add(
            LintCode::PlatformWithoutIdentifier,
            path,
            format!(
                "{} without identifiers on {}",
                named.join(", "),
                platforms.join(" and ")
            ),
            "`identifiers` there, or `not_published`: else nobody can show that it is absent",
        );
    }

    pub(super) fn schemes(&mut self, policy: &Policy) {
        let list = Policies::from(policy.clone()).watchlist(Platform::Ios);
        let Some(limit) = list.limit_passed() else {
            return;
        };
        let (code, which) = match limit {
            SchemeLimit::AnyApp => (LintCode::SchemesOver50, "an app"),
            SchemeLimit::LinkedOn27 => (LintCode::SchemesOver25, "an app linked on iOS 27"),
        };
        self.add(
            code,
            steps!["catalogue"],
            format!("{} schemes", list.schemes.len()),
            format!(
                "{} at most: {which} may ask for no more, and what it cannot ask for stays unknown",
                limit.most()
            ),
        );
    }
}

/// Whether nothing is known of the app on that platform, not even that it does not exist there.
fn is_unknown(entry: &Entry, platform: Platform) -> bool {
    !entry.covers(platform) && entry.is_published(platform)
}
