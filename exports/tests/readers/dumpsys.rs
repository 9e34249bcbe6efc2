//! What `dumpsys package` prints, in the shapes of old and new phones.

use crate::{
    absent, fixture, observation, options, policies, present, read, read_for, tiktok, unknown,
};
use octroi_core::{Deployment, Install, Instant, Platform, Scope, Seen, Source, assess};
use octroi_exports::{Kind, Note, Options, Reading, TimeZone};

/// Identifiers, each with when it was first installed.
fn seen(reading: &Reading) -> Vec<(&str, Option<String>)> {
    let apps = observation(reading).apps.iter();
    apps.map(|app| match &app.seen {
        Seen::Id { id, signers, .. } => {
            assert_eq!(signers, &[], "a hash of dumpsys is no digest");
            let installed = app.first_installed.map(|instant| instant.to_string());
            (id.as_str(), installed)
        }
        other => panic!("{other:?}"),
    })
    .collect()
}

fn local_times(zone: &str) -> Note {
    Note::LocalTimes {
        zone: zone.to_owned(),
    }
}

fn read_in(export: &[u8], zone: &str) -> Reading {
    let options = Options {
        time_zone: TimeZone::parse(zone),
        ..options(None)
    };
    octroi_exports::read(export, Kind::Dumpsys, &policies(), &options).unwrap()
}

/// The app of a work profile is on the phone; that of nobody, and the version that an update replaced, are not.
#[test]
fn every_user_counts_and_nothing_else_does() {
    let reading = read(&fixture("dumpsys-14.txt")).unwrap();
    let at = |text: &str| Some(text.to_owned());
    assert_eq!(
        seen(&reading),
        [
            ("com.example.bank", at("2022-11-05T09:00:00Z")),
            ("com.zhiliaoapp.musically", at("2023-03-27T22:30:00Z")),
            ("android", at("2008-12-31T16:00:00Z")),
            ("com.example.reader", at("2024-01-02T07:00:00Z")),
            ("com.example.maps", at("2008-12-31T16:00:00Z")),
        ]
    );
    let whole = observation(&reading);
    assert_eq!(
        (whole.source, whole.scope, whole.complete),
        (Some(Source::Platform), Scope::Device, true)
    );
    assert_eq!(reading.notes, [local_times("Europe/Brussels")]);
    assert_eq!(tiktok(&reading), present());
    let clean = String::from_utf8(fixture("dumpsys-14.txt")).unwrap();
    let clean = clean.replace("com.zhiliaoapp.musically", "com.example.video");
    assert_eq!(tiktok(&read(clean.as_bytes()).unwrap()), absent());
}

#[test]
fn what_is_listed_and_not_installed_is_no_install() {
    let removed = String::from_utf8(fixture("dumpsys-14.txt")).unwrap();
    let removed = removed.replace(
        "User 10: ceDataInode=262201 deDataInode=262207 installed=true",
        "User 10: ceDataInode=0 deDataInode=0 installed=false",
    );
    let reading = read(removed.as_bytes()).unwrap();
    assert_eq!(
        reading.notes,
        [
            local_times("Europe/Brussels"),
            Note::NotInstalled { count: 1 }
        ]
    );
    assert_eq!(tiktok(&reading), absent());
}

/// Before Android 12 a package has one time for all its users.
#[test]
fn an_old_dump_has_its_times_elsewhere() {
    let reading = read(&fixture("dumpsys-9.txt")).unwrap();
    let tiktok_line = (
        "com.zhiliaoapp.musically",
        Some("2022-11-05T09:00:00Z".to_owned()),
    );
    assert_eq!(seen(&reading)[1], tiktok_line);
    let version = observation(&reading).apps[1].version.as_ref().unwrap();
    assert_eq!(version.as_str(), "22.4.3");
    assert!(observation(&reading).complete);
    let text = String::from_utf8(fixture("dumpsys-9.txt")).unwrap();
    let powershell = text.replace('\n', "\r\n");
    let units = powershell.encode_utf16().flat_map(u16::to_le_bytes);
    let powershell: Vec<u8> = [0xFF, 0xFE].into_iter().chain(units).collect();
    assert_eq!(read(&powershell).unwrap(), reading);
}

/// Half an hour after midnight in Brussels the day of notification is over; in London it is not.
#[test]
fn the_zone_of_the_phone_decides_whether_an_install_is_new() {
    let export = fixture("dumpsys-14.txt");
    let install = |reading: &Reading| {
        let at = Instant::parse("2023-03-30T12:00:00+02:00").unwrap();
        let assessment = assess(&policies(), &reading.record, &Deployment::default(), at);
        assessment.assessments[0].findings[0].install
    };
    assert_eq!(install(&read(&export).unwrap()), Some(Install::New));
    let further_east = read_in(&export, "Asia/Tokyo");
    assert_eq!(install(&further_east), Some(Install::Existing));
    assert_eq!(further_east.notes, [local_times("Asia/Tokyo")]);
    assert_eq!(
        install(&read_in(&export, "WET0WEST,M3.5.0/1,M10.5.0")),
        Some(Install::New)
    );
}

/// Two users installed it, one of them after the day of notification.
#[test]
fn each_user_has_a_time_of_installation() {
    let export = "Packages:\n  Package [com.zhiliaoapp.musically] (1):\n    User 0: installed=true\n      firstInstallTime=2022-01-01 00:00:00\n    User 999: installed=true\n      firstInstallTime=2024-01-01 00:00:00\n    User 10: installed=true\n      firstInstallTime=2022-01-01 00:00:00\n";
    let reading = read(export.as_bytes()).unwrap();
    assert_eq!(seen(&reading).len(), 2);
    let names = "Packages:\n  Package [com.new] (1):\n    compat name=com.old\n";
    let names = read(names.as_bytes()).unwrap();
    assert_eq!(seen(&names), [("com.new", None), ("com.old", None)]);
}

/// A time that cannot be read is unknown, and whoever brings the dump learns where it stands.
#[test]
fn a_time_that_cannot_be_read_is_named() {
    for time in ["2023-13-45 00:30:00", "28.03.2023 00:30", "yesterday"] {
        let old = format!(
            "Packages:\n  Package [a.b] (1):\n    firstInstallTime={time}\n    User 0: installed=true\n    User 10: installed=true\n"
        );
        let new = format!(
            "Packages:\n  Package [a.b] (1):\n    User 0: installed=true\n      firstInstallTime={time}\n"
        );
        for (export, line) in [(old, 3), (new, 4)] {
            let reading = read(export.as_bytes()).unwrap();
            assert_eq!(seen(&reading), [("a.b", None)], "{export}");
            let notes = [Note::DumpsysNotWhole, Note::TimeNotRead { line }];
            assert_eq!(reading.notes, notes, "{export}");
        }
    }
    let unknown = "Packages:\n  Package [a.b] (1):\n    firstInstallTime=1970-01-01 01:00:00\n";
    let reading = read(unknown.as_bytes()).unwrap();
    assert_eq!(reading.notes, [Note::DumpsysNotWhole]);
}

/// The app may stand just where the dump is cut.
#[test]
fn a_dump_that_is_not_whole_never_proves_absence() {
    let package = |name: &str| format!("  Package [{name}] (1):\n    User 0: installed=true\n");
    let (android, other) = (package("android"), package("a.b"));
    let line = |line| Note::ErrorLine { line };
    let cases: [(String, &[Note]); 9] = [
        (
            format!("Packages:\n{android}{other}"),
            &[Note::DumpsysNotWhole],
        ),
        (
            format!("Packages:\n{android}\nShared users:\n"),
            &[Note::DumpsysNotWhole],
        ),
        (
            format!("Packages:\n{other}\nShared users:\n"),
            &[Note::DumpsysNotWhole],
        ),
        (
            format!("Packages:\n{android}{other}\nShared users:"),
            &[Note::DumpsysNotWhole, line(7)],
        ),
        (
            format!(
                "Packages:\n{android}Failure while dumping the service: (-32)\n{other}\nShared users:\n"
            ),
            &[line(4)],
        ),
        (
            format!(
                "Packages:\n{android}{other}\nShared users:\n*** SERVICE 'package' DUMP TIMEOUT (10000ms) EXPIRED ***\n"
            ),
            &[line(8)],
        ),
        (
            format!(
                "Packages:\n{android}{other}  Package [a b] (1):\n    User 0: x\n\nShared users:\n"
            ),
            &[line(6)],
        ),
        (
            format!("Packages:\n{android}{other}adb: device offline\n"),
            &[Note::DumpsysNotWhole, line(6)],
        ),
        // The dumps of two packages, one after the other.
        (
            format!("Packages:\n{android}\nQueries:\nPackages:\n{other}\nQueries:\n"),
            &[Note::DumpsysNotWhole],
        ),
    ];
    for (export, notes) in cases {
        let reading = read(export.as_bytes()).unwrap();
        assert_eq!(reading.notes, notes, "{export}");
        assert_eq!(tiktok(&reading), unknown("list_incomplete"), "{export}");
    }
    let whole = format!("Packages:\n{android}{other}\nShared users:\n");
    assert_eq!(tiktok(&read(whole.as_bytes()).unwrap()), absent());
    for length in 1..whole.len() {
        if let Ok(reading) = read(&whole.as_bytes()[..length]) {
            assert_ne!(tiktok(&reading), absent(), "cut at {length}");
        }
    }
}

#[test]
fn a_dump_is_of_android() {
    let export = fixture("dumpsys-9.txt");
    let told = read_for(&export, Some(Platform::Chromeos)).unwrap();
    assert_eq!(told.record.device.platform, Platform::Chromeos);
    assert_eq!(
        read_for(&export, Some(Platform::Ios))
            .unwrap_err()
            .to_string(),
        "the platform told: found `ios`, expected `android` or `chromeos`, the platforms of dumpsys"
    );
    let read_as_dump =
        |export: &[u8]| octroi_exports::read(export, Kind::Dumpsys, &policies(), &options(None));
    for export in ["Can't find service: package\n", "package:android\n"] {
        assert_eq!(
            read_as_dump(export.as_bytes()).unwrap_err().to_string(),
            "the whole export: found no packages, expected a section `Packages:`, as `adb shell dumpsys package` prints it"
        );
    }
}
