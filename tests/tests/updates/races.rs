//! Refreshes that overtake each other, and what a failed one must not hide.

use std::{fs, sync::Arc};

use octroi_updates::{Transport, TransportError, Updates, Wanted};

use crate::publisher::{LOCAL, Mirror, NOW, Phone, Publisher, REGION, at, id, version};

/// Answers from one mirror, and when it is asked for a file, something else happens first.
pub(crate) struct Slow<F> {
    pub(crate) mirror: Mirror,
    pub(crate) before: &'static str,
    pub(crate) meanwhile: F,
}

impl<F: Fn() + Send + Sync> Transport for Slow<F> {
    fn fetch(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>, TransportError> {
        if path.starts_with(self.before) {
            (self.meanwhile)();
        }
        self.mirror.fetch(path, most)
    }
}

/// A mirror that holds a phone up serves what was right when it was asked; what another refresh brought meanwhile is not to go back
/// to that, neither in the process that waited nor in one that starts later.
#[test]
fn a_refresh_that_is_held_up_takes_nothing_back() {
    for another_process in [false, true] {
        let mut publisher = Publisher::new();
        publisher.add_local(2);
        let before = publisher.publish();
        publisher.add_local(3);
        let after = publisher.publish();
        let phone = Phone::new(&publisher);
        let updates = Arc::new(phone.open());
        let (root, folder) = (phone.root.clone(), phone.folder.path().to_owned());
        let other = Arc::clone(&updates);
        let meanwhile = move || {
            let here = crate::publisher::open(&folder);
            let hearing: &Updates = if another_process { &here } else { &other };
            hearing
                .refresh(&root, Arc::new(after.clone()), &wanted(), at(NOW))
                .unwrap();
            // Whoever checks in between sees it, too.
            assert_eq!(version(&other), 3);
        };
        let slow = Slow {
            mirror: before,
            before: "targets/",
            meanwhile,
        };
        updates
            .refresh(&phone.root, Arc::new(slow), &wanted(), at(NOW))
            .unwrap();
        assert_eq!((version(&updates), phone.version()), (3, 3));
    }
}

fn wanted() -> Wanted {
    Wanted {
        policies: vec![id(LOCAL), id(REGION)],
        deployment: None,
    }
}

/// Who lost what came decides under the policies that ship, and must say so until a refresh made up for it: not only until one failed.
#[test]
fn a_refresh_that_fails_hides_no_damage() {
    let mut publisher = Publisher::new();
    publisher.add_local(2);
    let phone = Phone::new(&publisher);
    let mirror = publisher.publish();
    phone.refresh(&mirror, NOW).unwrap();
    phone.refresh(&mirror, "2026-12-02T14:00:00Z").unwrap();
    for entry in fs::read_dir(phone.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let content = fs::read(&path).unwrap();
        if !content.is_empty() {
            fs::write(&path, &content[..content.len() / 2]).unwrap();
        }
    }
    let nobody = Mirror::of(std::collections::BTreeMap::new());
    for _ in 0..3 {
        phone.refresh(&nobody, NOW).unwrap_err();
        assert!(phone.open().current().unwrap().damaged);
    }
    // A root that could be had is kept, and tells nothing of what was lost.
    let broken = mirror.with(|files| files.retain(|path, _| !path.contains("snapshot")));
    phone.refresh(&broken, NOW).unwrap_err();
    assert!(phone.open().current().unwrap().damaged);

    phone.refresh(&mirror, NOW).unwrap();
    let current = phone.open().current().unwrap();
    assert!(!current.damaged);
    assert_eq!(phone.version(), 2);
}

/// Whoever holds a server up, and no key, may withhold one file and serve all else: that must not keep a policy alive for longer than
/// withholding everything would.
#[test]
fn a_file_that_is_withheld_leaves_a_policy_as_stale_as_silence() {
    let mut publisher = Publisher::new();
    publisher.add_local(2);
    let phone = Phone::new(&publisher);
    let held = |phone: &Phone| {
        let current = phone.open().current().unwrap();
        let mut policies = current.policies.into_iter();
        policies
            .find(|policy| policy.id().as_str() == LOCAL)
            .unwrap()
    };
    phone.refresh(&publisher.publish(), NOW).unwrap();
    let ends = held(&phone).stale_since().unwrap();

    // A newer one is signed, and the timestamp for longer.
    publisher.add_local(3);
    publisher.timestamp.expires = crate::publisher::LATER;
    let whole = publisher.publish();
    for withheld in ["3.json", ".brussels.json"] {
        let mirror = whole.with(|files| {
            files.retain(|path, _| !path.ends_with(withheld) || path.contains("/1."))
        });
        for _ in 0..2 {
            let refreshed = phone.refresh(&mirror, NOW).unwrap();
            assert!(
                matches!(
                    refreshed.changes.as_slice(),
                    [octroi_updates::Change::NotHeard { .. }]
                ),
                "{withheld}: {refreshed:?}"
            );
            let local = held(&phone);
            assert_eq!(local.document().version, 2);
            assert_eq!(local.stale_since(), Some(ends), "{withheld}");
        }
    }
    // A phone that has nothing yet takes the next best, and doubts it from the end of the first timestamp that it saw.
    let mirror = whole.with(|files| files.retain(|path, _| !path.ends_with("3.json")));
    let other = Phone::new(&publisher);
    other.refresh(&mirror, NOW).unwrap();
    let local = held(&other);
    assert!(local.stale_since().is_some());

    phone.refresh(&whole, NOW).unwrap();
    let local = held(&phone);
    assert_eq!(local.document().version, 3);
    assert!(local.stale_since().unwrap() > ends);
}
