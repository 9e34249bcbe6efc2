//! What was kept is lost, damaged, or cut off in the middle.

use std::{
    collections::BTreeMap,
    env, fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
    thread,
    time::Duration,
};

use octroi_store::{Form, Frame, Slots, StoreError};
use octroi_updates::{Transport, TransportError, UpdatesError, Wanted};

use crate::publisher::{LOCAL, Mirror, NOW, Phone, Publisher, at, id, open, version};

fn slot(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("updates-{name}"))
}

#[test]
fn one_damaged_copy_never_costs_the_other() {
    let mut publisher = Publisher::new();
    let phone = Phone::new(&publisher);
    for version in [2, 3] {
        publisher.add_local(version);
        phone.refresh(&publisher.publish(), NOW).unwrap();
    }
    for (damaged, left) in [("a", 3), ("b", 2)] {
        let path = slot(phone.folder.path(), damaged);
        let whole = fs::read(&path).unwrap();
        for content in [&b""[..], b"octroi-updates", &whole[..whole.len() - 1]] {
            fs::write(&path, content).unwrap();
            let current = phone.open().current().unwrap();
            assert!(!current.damaged);
            assert_eq!(phone.version(), left, "without {damaged}");
        }
        fs::write(&path, whole).unwrap();
    }
    assert_eq!(phone.version(), 3);
}

#[test]
fn where_both_are_damaged_the_policies_that_ship_hold_and_that_is_said() {
    let mut publisher = Publisher::new();
    let phone = Phone::new(&publisher);
    publisher.add_local(2);
    phone.refresh(&publisher.publish(), NOW).unwrap();
    for name in ["a", "b"] {
        fs::write(slot(phone.folder.path(), name), b"nothing").unwrap();
    }
    let updates = phone.open();
    let current = updates.current().unwrap();
    assert!(current.damaged);
    assert_eq!(current.policies, octroi_core::embedded().unwrap());
    // The next refresh makes it good.
    phone
        .refresh_in(&updates, &publisher.publish(), NOW)
        .unwrap();
    assert!(!updates.current().unwrap().damaged);
    assert_eq!(version(&updates), 2);
}

#[test]
fn what_a_newer_version_wrote_is_refused_and_stays() {
    let publisher = Publisher::new();
    let phone = Phone::new(&publisher);
    phone.refresh(&publisher.publish(), NOW).unwrap();
    let updates = phone.open();
    {
        // A whole frame of the next format.
        let newer = Slots::open(
            phone.folder.path(),
            Form {
                name: "updates",
                format: 2,
            },
        );
        let newer = newer.unwrap();
        let frame = Frame {
            generation: 9,
            state: b"{}".to_vec(),
        };
        let written = newer.lock().unwrap().write(&frame);
        written.unwrap();
    }
    assert!(matches!(updates.current(), Err(StoreError::Newer { .. })));
    assert!(matches!(
        phone.refresh_in(&updates, &publisher.publish(), NOW),
        Err(UpdatesError::Store(_))
    ));
}

/// A folder that cannot be written: what held goes on, and the refresh says why it brought nothing.
#[test]
fn what_cannot_be_kept_does_not_hold() {
    let mut publisher = Publisher::new();
    let phone = Phone::new(&publisher);
    publisher.add_local(2);
    phone.refresh(&publisher.publish(), NOW).unwrap();
    publisher.add_local(3);
    let updates = phone.open();
    // No file of that name can be written where a folder is.
    fs::create_dir(phone.folder.path().join("updates.tmp")).unwrap();
    assert!(matches!(
        phone.refresh_in(&updates, &publisher.publish(), NOW),
        Err(UpdatesError::Store(_))
    ));
    assert_eq!(version(&updates), 2);
    fs::remove_dir(phone.folder.path().join("updates.tmp")).unwrap();
    phone
        .refresh_in(&updates, &publisher.publish(), NOW)
        .unwrap();
    assert_eq!(version(&updates), 3);
}

/// A mirror in a folder, as a static web server has it.
struct Folder(PathBuf);

impl Folder {
    fn write(path: &Path, mirror: &Mirror) {
        for (name, content) in mirror.files() {
            let file = path.join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, content).unwrap();
        }
    }
}

impl Transport for Folder {
    fn fetch(&self, path: &str, _: u64) -> Result<Option<Vec<u8>>, TransportError> {
        Ok(fs::read(self.0.join(path)).ok())
    }
}

const REPOSITORIES: &str = "OCTROI_TEST_REPOSITORIES";
const STATE: &str = "OCTROI_TEST_STATE";
/// How many versions are published while processes are killed.
const VERSIONS: u32 = 40;
const KILLS: usize = 300;

/// What the process does that is killed: one refresh after the other, each telling the version that holds.
#[test]
fn refreshes_until_it_is_killed() {
    let (Ok(repositories), Ok(state)) = (env::var(REPOSITORIES), env::var(STATE)) else {
        return; // run as a test of its own, there is nothing to do
    };
    let root = fs::read(Path::new(&repositories).join("root.json")).unwrap();
    let updates = open(Path::new(&state));
    let before = version(&updates);
    for next in before + 1..=VERSIONS {
        let repository = Folder(Path::new(&repositories).join(next.to_string()));
        let wanted = Wanted {
            policies: vec![id(LOCAL)],
            deployment: None,
        };
        updates
            .refresh(&root, Arc::new(repository), &wanted, at(NOW))
            .unwrap();
        println!("holds {}", version(&updates));
    }
}

/// A phone that is switched off in the middle of an update: 300 times, at any moment.
#[test]
fn a_process_killed_in_the_middle_of_updates_leaves_the_old_or_the_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let repositories = folder.path().join("repositories");
    let mut publisher = Publisher::new();
    fs::create_dir_all(&repositories).unwrap();
    fs::write(repositories.join("root.json"), publisher.root_file()).unwrap();
    for version in 2..=VERSIONS {
        publisher.add_local(version);
        Folder::write(
            &repositories.join(version.to_string()),
            &publisher.publish(),
        );
    }
    let mut states: BTreeMap<usize, u32> = BTreeMap::new();
    let mut midway = 0;
    for kill in 0..KILLS {
        // A state is used until all was published, then a new one.
        let number = states.len().saturating_sub(1);
        let number = if states.get(&number).is_some_and(|held| *held < VERSIONS) {
            number
        } else {
            states.len()
        };
        let held = states.get(&number).copied().unwrap_or(1);
        let state = folder.path().join(format!("state-{number}"));
        let mut child = Command::new(env::current_exe().unwrap())
            .args([
                "--exact",
                "damage::refreshes_until_it_is_killed",
                "--nocapture",
            ])
            .envs([
                (REPOSITORIES, repositories.as_os_str()),
                (STATE, state.as_os_str()),
            ])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // From the first news on, a little later each time.
        let first = lines.by_ref().map(Result::unwrap).find_map(holds);
        thread::sleep(Duration::from_micros(137 * (kill as u64 % 50)));
        child.kill().unwrap();
        child.wait().unwrap();
        let told = lines
            .map_while(Result::ok)
            .filter_map(holds)
            .last()
            .or(first);
        let told = told.unwrap_or(held);

        let updates = open(&state);
        let current = updates.current().unwrap();
        assert!(!current.damaged, "after kill {kill}");
        let found = version(&updates);
        assert!(
            found >= told && found >= held,
            "{found} after {told} was told"
        );
        assert!(found <= told + 1, "{found} after {told} was told");
        midway += usize::from(found < VERSIONS);
        states.insert(number, found);
    }
    assert!(midway > KILLS / 4, "{midway} kills came in time");
    println!("counted: {KILLS} kills, {midway} of them before the last version");
}

fn holds(line: String) -> Option<u32> {
    line.strip_prefix("holds ")?.parse().ok()
}

/// The fuzzer begins from what is kept today: from a form of before it would find nothing behind the first key.
#[test]
fn the_seed_of_the_fuzzer_is_what_is_kept_today() {
    let folder = tempfile::tempdir().unwrap();
    let seed = include_bytes!("../../fuzz/corpus/updates/slot");
    fs::write(folder.path().join("updates-a"), seed).unwrap();
    let updates = open(folder.path());
    assert!(!updates.current().unwrap().damaged);
    assert_eq!(version(&updates), 2);
}
