//! What is kept, and what happens to it.

use std::{fs, sync::mpsc, thread, time::Duration};

use octroi_core::{
    AppId, Code, Decision, Declaration, Declared, Fact, Language, Ownership, Platform, Record,
    Share, Status,
};
use octroi_gate::{GateError, Statement, Topic};

use crate::phone::{Phone, TIKTOK, probed, reasons, service};

fn tiktok() -> AppId {
    AppId::new("tiktok").unwrap()
}

fn bare(seen: &[&'static str]) -> Record<'static> {
    let mut record = Record::new(Platform::Android);
    record.observations.push(probed(seen));
    record
}

#[test]
fn an_answer_is_kept_until_it_is_taken_back() {
    let phone = Phone::new("2023-05-01T10:00:00Z");
    let gate = phone.open();
    gate.declare(Statement::Ownership(Ownership::Personal))
        .unwrap();
    assert_eq!(gate.last().unwrap(), None, "the question is another now");
    gate.declare(Statement::Subscription(Share::Partial))
        .unwrap();

    let gate = phone.open();
    assert_eq!(gate.answers().unwrap().subscription, Some(Share::Partial));
    let service = gate.check(bare(&[TIKTOK])).unwrap();
    assert!(reasons(&service).contains(&Code::SubscriptionFunded));

    gate.withdraw(&Topic::Fact(Fact::Subscription)).unwrap();
    let unsettled = phone.open().check(bare(&[TIKTOK])).unwrap();
    assert!(!reasons(&unsettled).contains(&Code::SubscriptionFunded));
}

#[test]
fn what_the_person_says_of_an_app_counts_and_of_no_app_is_refused() {
    let phone = Phone::new("2023-05-01T10:00:00Z");
    let gate = phone.open();
    let app = tiktok();
    let value = Declared::Present;
    gate.declare(Statement::App { app, value }).unwrap();
    let declared = gate.check(service(&[])).unwrap();
    assert_eq!(declared.access.decision, Decision::Deny);

    let app = AppId::new("tictoc").unwrap();
    let error = gate.declare(Statement::App { app, value }).unwrap_err();
    assert!(matches!(error, GateError::UnknownApp { .. }), "{error}");
    assert_eq!(gate.answers().unwrap().apps.len(), 1);

    // In a record that an app made it is the same mistake, and in one that it read.
    let mut record = service(&[]);
    let said = Declaration {
        value,
        declared_at: None,
    };
    record
        .declarations
        .insert(AppId::new("tictoc").unwrap(), said);
    let error = gate.check(record).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the app `tictoc` is not known, expected an app that the policies or the catalogue know: `tiktok`"
    );

    gate.withdraw(&Topic::App(tiktok())).unwrap();
    let withdrawn = gate.check(service(&[])).unwrap();
    assert_eq!(withdrawn.access.decision, Decision::Permit);
}

#[test]
fn nothing_is_written_where_nothing_changed_but_the_time_once_an_hour() {
    let phone = Phone::new("2023-05-01T10:00:00Z");
    let gate = phone.open();
    gate.check(service(&[])).unwrap();
    let first = phone.files();
    phone.set("2023-05-01T10:59:59Z");
    gate.check(service(&[])).unwrap();
    assert_eq!(phone.files(), first);
    phone.set("2023-05-01T11:00:00Z");
    gate.check(service(&[])).unwrap();
    let second = phone.files();
    assert_ne!(second, first);
    gate.check(service(&[TIKTOK])).unwrap();
    assert_ne!(phone.files(), second);
}

/// A power cut while one copy is written, a bit that turned, a file that somebody emptied.
#[test]
fn one_damaged_copy_never_costs_the_other() {
    for damage in 0..3 {
        for name in ["state-a", "state-b"] {
            let phone = Phone::new("2023-05-01T10:00:00Z");
            let gate = phone.open();
            gate.declare(Statement::Ownership(Ownership::Organization))
                .unwrap();
            gate.declare(Statement::Usage(Share::Full)).unwrap();
            let path = phone.folder().join(name);
            let mut bytes = fs::read(&path).unwrap();
            match damage {
                0 => bytes.truncate(bytes.len() / 2),
                1 => bytes[100] ^= 4,
                _ => bytes.clear(),
            }
            fs::write(&path, bytes).unwrap();

            let gate = phone.open();
            let answers = gate.answers().unwrap();
            assert_eq!(answers.ownership, Some(Ownership::Organization));
            let assessment = gate.check(bare(&[])).unwrap();
            assert!(!reasons(&assessment).contains(&Code::StateDamaged));
            drop(gate);
            // It was mended by the next thing that was kept.
            let other = phone.folder().join(if name == "state-a" {
                "state-b"
            } else {
                "state-a"
            });
            fs::write(other, "").unwrap();
            let answers = phone.open().answers().unwrap();
            assert_eq!(answers.ownership, Some(Ownership::Organization));
        }
    }
}

/// A copy that is damaged while the gate is open must not bring back the answers and the verdict of before.
#[test]
fn a_gate_that_is_open_forgets_nothing_to_a_damaged_copy() {
    for name in ["state-a", "state-b"] {
        let phone = Phone::new("2023-05-01T10:00:00Z");
        let gate = phone.open();
        gate.declare(Statement::Ownership(Ownership::Organization))
            .unwrap();
        gate.declare(Statement::Usage(Share::Full)).unwrap();
        fs::write(phone.folder().join(name), "").unwrap();
        assert_eq!(gate.answers().unwrap().usage, Some(Share::Full));
        gate.declare(Statement::Purchase(Share::None)).unwrap();
        let answers = phone.open().answers().unwrap();
        assert_eq!(answers.usage, Some(Share::Full));
        assert_eq!(answers.purchase, Some(Share::None));
    }
}

#[test]
fn where_both_are_damaged_the_verdict_says_so() {
    let phone = Phone::new("2023-05-01T10:00:00Z");
    phone
        .open()
        .declare(Statement::Ownership(Ownership::Organization))
        .unwrap();
    for name in ["state-a", "state-b"] {
        fs::write(phone.folder().join(name), "octroi-state").unwrap();
    }
    let gate = phone.open();
    let assessment = gate.check(bare(&[])).unwrap();
    assert!(reasons(&assessment).contains(&Code::StateDamaged));
    let whole = phone.open().check(bare(&[])).unwrap();
    assert!(!reasons(&whole).contains(&Code::StateDamaged));
}

#[test]
fn what_a_newer_version_wrote_is_refused_and_stays() {
    let phone = Phone::new("2023-05-01T10:00:00Z");
    let gate = phone.open();
    gate.check(service(&[])).unwrap();
    // `printf '2 9 {}' | sha256sum`
    let digest = "e62c7eb7cde1361d7db77bc5fa8ede50427a5b9d8df5ddd4c8ca91f30834d6ad";
    fs::write(
        phone.folder().join("state-b"),
        format!("octroi-state 2 9 2 {digest}\n{{}}"),
    )
    .unwrap();
    let before = phone.files();
    let newer = GateError::StateNewer { found: 2, known: 1 };
    assert_eq!(phone.try_open().unwrap_err(), newer);
    assert_eq!(gate.check(service(&[TIKTOK])).unwrap_err(), newer);
    assert_eq!(phone.files(), before);
}

/// A disk that the system made read-only after a fault: who opens the app then is not to be shut out of the network for that.
#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_written_changes_no_verdict() {
    use std::{
        os::unix::{fs::PermissionsExt, process::CommandExt},
        process::Command,
    };
    let name = "keeping::a_folder_that_may_not_be_written_changes_no_verdict";
    let mut phone = Phone::new("2023-05-01T10:00:00Z");
    if let Some(folder) = std::env::var_os("OCTROI_TEST_READ_ONLY") {
        phone.move_to(folder.into());
        let gate = phone.open();
        assert_eq!(gate.last().unwrap().unwrap().status, Status::Compliant);
        let denied = gate.check(service(&[TIKTOK])).unwrap();
        assert_eq!(denied.access.decision, Decision::Deny);
        return;
    }
    phone.open().check(service(&[])).unwrap();
    for entry in fs::read_dir(phone.folder()).unwrap() {
        let read = fs::Permissions::from_mode(0o444);
        fs::set_permissions(entry.unwrap().path(), read).unwrap();
    }
    let parent = phone.folder().parent().unwrap().to_owned();
    for folder in [phone.folder(), parent] {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o555)).unwrap();
    }
    // Nothing is forbidden to root, who runs this test in a container. The program has to be where everybody may start it.
    let program = std::env::temp_dir().join(format!("octroi-gate-{}", std::process::id()));
    fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    let mut command = Command::new(&program);
    command.args(["--exact", name]);
    command.env("OCTROI_TEST_READ_ONLY", phone.folder());
    if fs::File::create(phone.folder().join("anything")).is_ok() {
        fs::remove_file(phone.folder().join("anything")).unwrap();
        command.uid(65534);
    }
    let output = command.output().unwrap();
    fs::remove_file(program).unwrap();
    fs::set_permissions(phone.folder(), fs::Permissions::from_mode(0o755)).unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}"
    );
}

#[test]
fn a_folder_that_cannot_be_written_changes_no_verdict() {
    let phone = Phone::new("2023-05-01T10:00:00Z");
    let gate = phone.open();
    // What stands in the way of the temporary file stands in the way of root, too.
    fs::create_dir_all(phone.folder().join("state.tmp")).unwrap();
    let assessment = gate.check(service(&[TIKTOK])).unwrap();
    assert_eq!(assessment.access.decision, Decision::Deny);
    let error = gate
        .declare(Statement::Ownership(Ownership::Personal))
        .unwrap_err();
    assert!(
        matches!(
            error,
            GateError::State {
                action: "write",
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(
        gate.answers().unwrap().ownership,
        None,
        "what is not kept was not said"
    );
}

#[test]
fn several_gates_on_one_folder_lose_nothing_of_each_other() {
    let phone = Phone::new("2023-05-01T10:00:00Z");
    thread::scope(|scope| {
        for gate in 0..4_u64 {
            let phone = &phone;
            scope.spawn(move || {
                let share = [Share::Full, Share::None][usize::from(gate % 2 == 0)];
                let open = phone.open();
                for _ in 0..25 {
                    open.declare(match gate {
                        0 => Statement::Ownership(Ownership::Personal),
                        1 => Statement::Purchase(share),
                        2 => Statement::Subscription(share),
                        _ => Statement::Usage(share),
                    })
                    .unwrap();
                    open.check(bare(&[TIKTOK])).unwrap();
                }
            });
        }
    });
    let answers = phone.open().answers().unwrap();
    assert_eq!(answers.ownership, Some(Ownership::Personal));
    assert_eq!(answers.purchase, Some(Share::Full));
    assert_eq!(answers.subscription, Some(Share::None));
    assert_eq!(answers.usage, Some(Share::Full));
}

/// A screen asks while another process of the app keeps a verdict, on a disk that takes its time: it must not freeze until that is done.
#[test]
fn who_draws_waits_for_no_file() {
    let phone = Phone::new("2023-05-01T10:00:00Z");
    let gate = &phone.open();
    let assessment = gate.check(service(&[])).unwrap();
    let busy = fs::File::options()
        .write(true)
        .open(phone.folder().join("state.lock"))
        .unwrap();
    busy.lock().unwrap();
    let (done, is_done) = mpsc::channel();
    thread::scope(|scope| {
        let check = scope.spawn(|| gate.check(service(&[])));
        thread::sleep(Duration::from_millis(100)); // it waits for the file by now
        scope.spawn(move || {
            let host = ("octroi.internal_hosts".to_owned(), "x.example".to_owned());
            gate.configure(&[host].into()).unwrap();
            let guards = gate.is_internal("x.example") && !gate.is_internal("y.example");
            let hosts = gate.deployment().internal_hosts.len();
            let watched = gate.watchlist(Platform::Android).ids.is_empty();
            let said = gate.explain(&assessment, Language::De).verdict;
            done.send((guards, hosts, watched, said)).unwrap();
        });
        let drawn = is_done.recv_timeout(Duration::from_secs(30));
        busy.unlock().unwrap();
        let (guards, hosts, watched, said) = drawn.unwrap();
        assert!(guards && hosts == 1 && !watched && !said.is_empty());
        // What was said while the check waited counts for it already.
        let checked = check.join().unwrap().unwrap();
        assert_eq!(gate.last().unwrap(), Some(checked));
    });
}
