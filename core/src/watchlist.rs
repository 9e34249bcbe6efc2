//! What an app can ask a device for under policies, where nobody lists all that is installed.

use crate::{
    Policies,
    names::{AppId, Platform},
    policy::Group,
    read::NonEmpty,
};

/// What to ask a device of one platform for, in the order of the policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watchlist {
    /// The apps to look for: all that a policy regulates, but those that are not published on the platform.
    pub apps: Vec<AppId>,
    /// Package or bundle identifiers.
    pub ids: Vec<Watched>,
    /// URL schemes, which only an iPhone is asked for.
    pub schemes: Vec<Watched>,
}

/// One thing to ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    /// What to ask for, exactly.
    pub text: NonEmpty,
    /// The apps that it belongs to.
    pub apps: Vec<AppId>,
}

/// How many schemes an app may ask an iPhone for: those beyond are not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemeLimit {
    /// An app that was linked on iOS 27 or later.
    LinkedOn27,
    /// Any app.
    AnyApp,
}

impl SchemeLimit {
    /// The number of schemes.
    pub const fn most(self) -> usize {
        match self {
            SchemeLimit::LinkedOn27 => 25,
            SchemeLimit::AnyApp => 50,
        }
    }
}

impl Policies {
    /// What to ask a device of the platform for.
    ///
    /// An app of which only the signer is known, or only the name, is among [`Watchlist::apps`] alone: it takes a list of all
    /// that is installed to find it.
    pub fn watchlist(&self, platform: Platform) -> Watchlist {
        let mut list = Watchlist {
            apps: Vec::new(),
            ids: Vec::new(),
            schemes: Vec::new(),
        };
        for app in self.apps() {
            // Policies may know different things of the same app.
            let entries = || self.iter().filter_map(|policy| policy.entry(app));
            let absent = entries().any(|entry| !entry.is_published(platform));
            if absent && !entries().any(|entry| entry.covers(platform)) {
                continue;
            }
            list.apps.push(app.clone());
            let groups = entries().flat_map(|entry| entry.groups_on(platform));
            groups.for_each(|group| list.add(app, group));
        }
        list
    }
}

impl Watchlist {
    /// The wider of the limits that the schemes are too many for, if they are for any.
    pub fn limit_passed(&self) -> Option<SchemeLimit> {
        let limits = [SchemeLimit::AnyApp, SchemeLimit::LinkedOn27];
        let count = self.schemes.len();
        limits.into_iter().find(|limit| count > limit.most())
    }

    fn add(&mut self, app: &AppId, group: &Group) {
        for (texts, list) in [
            (&group.ids, &mut self.ids),
            (&group.schemes, &mut self.schemes),
        ] {
            for text in texts {
                let known = list.iter_mut().find(|watched| watched.text == *text);
                match known {
                    Some(watched) if watched.apps.contains(app) => {}
                    Some(watched) => watched.apps.push(app.clone()),
                    None => list.push(Watched {
                        text: text.clone(),
                        apps: vec![app.clone()],
                    }),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{Policy, embedded};

    fn policy(id: &str, entry: &Value) -> Policy {
        let mut pack: Value = serde_json::from_str(&embedded().unwrap()[0].to_json()).unwrap();
        pack["id"] = id.into();
        pack["catalogue"]["tiktok"] = entry.clone();
        Policy::from_json(pack.to_string().as_bytes()).unwrap()
    }

    fn texts(watched: &[Watched]) -> Vec<&str> {
        watched
            .iter()
            .map(|watched| watched.text.as_str())
            .collect()
    }

    #[test]
    fn what_several_policies_know_of_an_app_is_asked_for_once() {
        let one = json!({ "name": "TikTok", "identifiers": [
            { "platforms": ["android"], "ids": ["com.z", "com.a"], "learnt_from": "x" },
            { "platforms": ["ios"], "ids": ["com.b"], "learnt_from": "x" },
            { "platforms": ["ios"], "schemes": ["s"], "learnt_from": "x" },
        ] });
        let other = json!({ "name": "TikTok", "identifiers": [
            { "platforms": ["android", "ios"], "ids": ["com.a", "com.c"], "learnt_from": "x" },
        ] });
        let policies = Policies::new(vec![policy("one", &one), policy("other", &other)]).unwrap();
        let android = policies.watchlist(Platform::Android);
        assert_eq!(texts(&android.ids), ["com.z", "com.a", "com.c"]);
        assert!(android.schemes.is_empty());
        assert!(
            android
                .ids
                .iter()
                .all(|watched| watched.apps == android.apps)
        );
        let ios = policies.watchlist(Platform::Ios);
        assert_eq!(texts(&ios.ids), ["com.b", "com.a", "com.c"]);
        assert_eq!(texts(&ios.schemes), ["s"]);
    }

    #[test]
    fn an_app_of_which_no_name_is_known_is_looked_for_and_one_that_does_not_exist_is_not() {
        let entry = json!({ "name": "TikTok", "identifiers": [
            { "platforms": ["android"], "developer_signers": ["sha1:d79f7cb8509a5e7e71c4f2afcfb75ea8c87177ca"], "learnt_from": "x" },
        ], "not_published": [{ "platforms": ["linux"] }] });
        let policies = Policies::from(policy("one", &entry));
        let android = policies.watchlist(Platform::Android);
        assert_eq!((android.apps.len(), android.ids.len()), (1, 0));
        assert!(policies.watchlist(Platform::Linux).apps.is_empty());
        assert_eq!(policies.watchlist(Platform::Ios).apps.len(), 1);
    }
}
