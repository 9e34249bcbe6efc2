//! Several exports of one device.

use crate::{fixture, options, owners, policies, tiktok, unknown};
use octroi_core::{Ownership, Platform, Presence, Scope};
use octroi_exports::{ExportError, Kind, Note, Reading, read_all};

fn read(names: &[&str], told: Option<Platform>) -> Result<Reading, (usize, ExportError)> {
    let exports: Vec<Vec<u8>> = names.iter().map(|name| fixture(name)).collect();
    let exports: Vec<(&[u8], Kind)> = exports
        .iter()
        .map(|export| (&export[..], Kind::detect(export).unwrap()))
        .collect();
    let readings = read_all(&exports, &policies(), &options(told))?;
    assert_eq!(readings.notes.len(), names.len());
    Ok(Reading {
        record: readings.record,
        notes: readings.notes.concat(),
    })
}

#[test]
fn what_one_file_leaves_open_another_tells() {
    let reading = read(&["apple-answer.plist", "apple-device.plist"], None).unwrap();
    assert_eq!(reading.record.device.platform, Platform::Ios);
    assert_eq!(reading.notes, [Note::AppleFilter, Note::AppleSupervised]);
    assert_eq!(tiktok(&reading).0, Presence::Present);

    let reading = read(&["intune-device-alone.json", "intune-apps.json"], None).unwrap();
    assert_eq!(owners(&reading), [Ownership::Personal]);
    assert!(!reading.notes.contains(&Note::NoList));

    let reading = read(&["intune-device-alone.json", "pm-plain.txt"], None).unwrap();
    assert_eq!(tiktok(&reading).0, Presence::Present);
}

/// The apps of one phone and the owner of another make a verdict on neither.
#[test]
fn files_of_two_devices_are_refused() {
    for (names, expected) in [
        (
            &["apple-device.plist", "apple-empty.plist"][..],
            "the whole export: found another device than in a file before, expected exports of one device",
        ),
        (
            &[
                "amapi-company.json",
                "pm-plain.txt",
                "amapi-without-reports.json",
            ],
            "the whole export: found another device than in a file before, expected exports of one device",
        ),
        (
            &["pm-plain.txt", "apple-device.plist"],
            "the whole export: found a device that runs `ios`, expected `android` or `chromeos`, the platforms of a list of packages",
        ),
    ] {
        let (number, error) = read(names, None).unwrap_err();
        assert_eq!(error.to_string(), expected);
        let last = if names[0].starts_with("pm") {
            0
        } else {
            names.len() - 1
        };
        assert_eq!(number, last, "{names:?}");
    }
    let (number, _) =
        read(&["apple-device.plist", "pm-plain.txt"], Some(Platform::Ios)).unwrap_err();
    assert_eq!(number, 1);
}

#[test]
fn an_app_is_declared_once() {
    let record = br#"{"device":{"platform":"ios"},"declarations":{"tiktok":"absent"}}"#;
    let exports: [(&[u8], Kind); 2] = [(record, Kind::Record), (record, Kind::Record)];
    let (number, error) = read_all(&exports, &policies(), &options(None)).unwrap_err();
    assert_eq!(number, 1);
    assert_eq!(
        error.to_string(),
        "the whole export: found a declaration for the app `tiktok` that a file before has as well, expected each of them once"
    );
    assert!(read_all(&exports[..1], &policies(), &options(None)).is_ok());
}

/// Only the person knows of a list that shows a part and does not say so. What it shows is seen all the same.
#[test]
fn a_list_that_is_told_to_show_a_part_proves_no_absence() {
    for (name, tiktok_there) in [
        ("apple-bare.plist", false),
        ("apple-answer.plist", true),
        ("pm-plain.txt", true),
        ("ideviceinstaller-new.txt", false),
        ("dumpsys-14.txt", true),
        ("amapi-company.json", false),
    ] {
        let export = fixture(name);
        let kind = Kind::detect(&export).unwrap();
        let read = |scope| {
            let options = octroi_exports::Options {
                scope,
                ..options(None)
            };
            octroi_exports::read(&export, kind, &policies(), &options).unwrap()
        };
        let there = Presence::Present;
        let whole = if tiktok_there {
            there
        } else {
            Presence::Absent
        };
        assert_eq!(tiktok(&read(Scope::Device)).0, whole, "{name}");
        let part = read(Scope::Profile);
        let (presence, reasons) = tiktok(&part);
        if tiktok_there {
            assert_eq!(presence, there, "{name}");
        } else {
            assert_eq!((presence, reasons), unknown("profile_only"), "{name}");
        }
        let assumed = [
            Note::AppleFilter,
            Note::PmListFilter,
            Note::PmListOneUserAssumed,
            Note::IdeviceinstallerFilter,
        ];
        assert!(
            assumed.iter().all(|note| !part.notes.contains(note)),
            "{name}"
        );
    }
    let record = br#"{"device":{"platform":"ios"},"observations":[{"complete":true,"apps":[{"id":"a.b"}]}]}"#;
    let options = octroi_exports::Options {
        scope: Scope::Profile,
        ..options(None)
    };
    let reading = octroi_exports::read(record, Kind::Record, &policies(), &options).unwrap();
    assert_eq!(tiktok(&reading), unknown("profile_only"));
}

/// A list without its envelope does not say that the person enrolled the device: the answer beside it does.
#[test]
fn user_enrollment_holds_for_every_list_of_the_device() {
    let answer =
        b"<plist><dict><key>EnrollmentID</key><string>x</string><key>QueryResponses</key><dict>\
        <key>ProductName</key><string>iPhone14,5</string></dict></dict></plist>";
    let list = fixture("apple-bare.plist");
    let record = br#"{"device":{"platform":"ios"},"observations":[
        {"source":"mdm","complete":true,"apps":[{"id":"a.b"}]}]}"#;
    let answer = (&answer[..], Kind::AppleMdm);
    for other in [(&list[..], Kind::AppleMdm), (&record[..], Kind::Record)] {
        for exports in [[answer, other], [other, answer]] {
            let together = read_all(&exports, &policies(), &options(None)).unwrap();
            let reading = Reading {
                record: together.record,
                notes: together.notes.concat(),
            };
            assert_eq!(tiktok(&reading), unknown("profile_only"));
            assert!(reading.notes.contains(&Note::ManagedOnly));
        }
    }
    // What the system itself lists is no matter of the management.
    let list = fixture("ideviceinstaller-new.txt");
    let exports = [answer, (&list[..], Kind::Ideviceinstaller)];
    let together = read_all(&exports, &policies(), &options(None)).unwrap();
    assert_eq!(together.record.observations[0].scope, Scope::Device);
}
