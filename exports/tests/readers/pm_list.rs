//! What `pm list packages` prints, in the shapes that phones and shells give it.

use crate::{fixture, observation, read, read_for, tiktok};
use octroi_core::{Platform, Presence, Scope, Seen, Source};
use octroi_exports::{Note, Reading};

/// What `pm list users` prints of a phone with one user.
const ONE_USER: &str = "Users:\n\tUserInfo{0:Owner:c13} running\n";

fn of_one_user(list: &[u8]) -> Vec<u8> {
    [ONE_USER.as_bytes(), list].concat()
}

fn ids(reading: &Reading) -> Vec<(&str, Option<&str>)> {
    let apps = observation(reading).apps.iter();
    apps.map(|app| match &app.seen {
        Seen::Id { id, .. } => (id.as_str(), app.version.as_ref().map(|it| it.as_str())),
        other => panic!("{other:?}"),
    })
    .collect()
}

#[test]
fn a_full_list_shows_what_is_there_and_what_is_not() {
    let reading = read(&of_one_user(&fixture("pm-plain.txt"))).unwrap();
    assert_eq!(reading.record.device.platform, Platform::Android);
    assert_eq!(observation(&reading).source, Some(Source::Platform));
    assert_eq!(observation(&reading).scope, Scope::Device);
    assert!(observation(&reading).complete);
    assert_eq!(reading.notes, [Note::PmListFilter]);
    assert_eq!(
        tiktok(&reading),
        (Presence::Present, vec!["identifier_seen".to_owned()])
    );

    let clean = of_one_user(b"package:android\npackage:com.zhiliaoapp.musically2\n");
    let clean = read(&clean).unwrap();
    assert_eq!(
        tiktok(&clean),
        (Presence::Absent, vec!["complete_list_lacks_it".to_owned()])
    );
}

/// A path read as a name would hide the app from whoever must be told of it.
#[test]
fn every_flag_and_every_order_of_fields_gives_the_same_names() {
    let reading = read(&of_one_user(&fixture("pm-all-flags.txt"))).unwrap();
    assert_eq!(
        ids(&reading),
        [
            ("com.android.cts.priv.ctsshim", Some("28")),
            ("com.zhiliaoapp.musically", Some("2023904040")),
            ("android", Some("34")),
            ("org.example.files", Some("7")),
            ("com.google.android.apex.example", Some("340818060")),
        ]
    );
    assert!(
        observation(&reading).complete,
        "adb's own noise is no error"
    );
    assert_eq!(reading.notes, [Note::PmListFilter]);

    let lines = [
        "package:a.b",
        "package:a.b\r",
        "  package:a.b  ",
        "package:a.b  installer=null",
        "package:a.b  installer=com.android.vending uid:10123",
        "package:a.b uid:10123 installer=com.android.vending versionCode:5",
        "package:a.b stopped=true uid:10123",
        "package:a.b uid:1000,10123",
        "package:/data/app/~~x==/a.b-y==/base.apk=a.b",
        "package:/data/app/~~x==/a.b-y==/base.apk=a.b  installer=com.android.vending uid:10123",
        "package:null=a.b",
    ];
    for line in lines {
        let reading = read(format!("{ONE_USER}{line}\npackage:android\n").as_bytes()).unwrap();
        assert_eq!(ids(&reading)[0].0, "a.b", "{line}");
        assert!(observation(&reading).complete, "{line}");
        assert_eq!(observation(&reading).scope, Scope::Device, "{line}");
    }
}

/// The app may stand just where the list is cut: whoever reads "absent" here lets a forbidden app in.
#[test]
fn a_list_that_is_not_whole_never_proves_absence() {
    let error_line = |line| Note::ErrorLine { line };
    let not_android = Note::PmListNotCompleteAndroid;
    let cases: [(&[u8], &[Note]); 13] = [
        (
            &fixture("pm-third-party.txt"),
            std::slice::from_ref(&not_android),
        ),
        (
            b"package:com.android.systemui\n",
            std::slice::from_ref(&not_android),
        ),
        (
            &fixture("pm-error-middle.txt"),
            &[error_line(3), error_line(4), error_line(5), error_line(6)],
        ),
        (
            b"package:android\nError: java.lang.IllegalStateException",
            &[error_line(2)],
        ),
        (
            b"Failure calling service package: Broken pipe (32)\npackage:android\n",
            &[error_line(1)],
        ),
        (
            b"package:android\n\nadb: error: device offline",
            &[error_line(3)],
        ),
        (b"package:android\npackage:com.foo\npack", &[error_line(3)]),
        (b"package:android\npackage:\n", &[error_line(2)]),
        (
            b"package:android\npackage:/data/app/base.apk\n",
            &[error_line(2)],
        ),
        (
            b"package:android\npackage:com.f\xC3\xA9o\n",
            &[error_line(2)],
        ),
        (
            b"package:android\npackage:com.foo color=red\n",
            &[error_line(2)],
        ),
        (b"package:android\npackage:com.foo uid:\n", &[error_line(2)]),
        (
            b"$ adb shell pm list packages\npackage:android\n",
            &[error_line(1)],
        ),
    ];
    for (export, expected) in cases {
        let shown = export.escape_ascii();
        let reading = read(export).unwrap();
        assert!(!observation(&reading).complete, "{shown}");
        assert_eq!(reading.notes, expected, "{shown}");
        let (presence, reasons) = tiktok(&reading);
        assert_eq!(presence, Presence::Unknown, "{shown}");
        assert!(reasons.contains(&"list_incomplete".to_owned()), "{shown}");
    }
}

#[test]
fn what_was_seen_stays_seen_among_errors() {
    for export in [
        "Error: something\npackage:com.zhiliaoapp.musically\n",
        "package:com.zhiliaoapp.musically new_field:1\n",
        "package:com.zhiliaoapp.musically uid:what\n",
        "package:com.zhiliaoapp.musically uid:1010234\n",
        "package:com.zhiliaoapp.musically new=field\n",
        "package:/data/app/base.apk=com.zhiliaoapp.musically new=field uid:10123\n",
        "package:/mnt/my uid:=apps/base.apk=com.zhiliaoapp.musically uid:10123\n",
    ] {
        let reading = read(export.as_bytes()).unwrap();
        assert_eq!(tiktok(&reading).0, Presence::Present, "{export}");
    }
}

/// pm failed: the person is told so, and nothing is said of the phone.
#[test]
fn error_messages_alone_prove_nothing() {
    for (export, errors) in [
        (&fixture("pm-unauthorized.txt")[..], 4),
        (b"cmd: Can't find service: package\n", 1),
        (
            b"* daemon started successfully\nadb: no devices/emulators found\n",
            1,
        ),
        (
            b"java.lang.SecurityException: Shell does not have permission to access user 10",
            1,
        ),
    ] {
        let shown = export.escape_ascii();
        let reading = read(export).unwrap();
        assert!(observation(&reading).apps.is_empty(), "{shown}");
        assert_eq!(reading.notes.len(), errors, "{shown}");
        assert_eq!(
            tiktok(&reading),
            (Presence::Unknown, vec!["list_empty".to_owned()]),
            "{shown}"
        );
    }
    let long = "Error: again\n".repeat(1000);
    assert_eq!(
        read(long.as_bytes()).unwrap().notes.len(),
        10,
        "the first ten are named"
    );
}

/// Behind a second user or a work profile is a personal side that this list may not see.
#[test]
fn another_user_or_a_profile_makes_it_the_list_of_a_profile() {
    let cases: [(&[u8], &[u32]); 5] = [
        (&fixture("pm-work-profile.txt"), &[10]),
        (&fixture("pm-secure-folder.txt"), &[150]),
        (b"package:android uid:99901000\npackage:a.b\n", &[999]),
        (
            b"package:android uid:1000\npackage:a.b uid:1110000,1010000\n",
            &[10, 11],
        ),
        (b"package:android uid:100000\npackage:a.b\n", &[1]),
    ];
    for (export, users) in cases {
        let shown = export.escape_ascii();
        let reading = read(export).unwrap();
        assert_eq!(observation(&reading).scope, Scope::Profile, "{shown}");
        let notes: Vec<Note> = users
            .iter()
            .map(|user| Note::PmListOtherUser { user: *user })
            .collect();
        assert_eq!(reading.notes, notes, "{shown}");
        assert_eq!(
            tiktok(&reading),
            (Presence::Unknown, vec!["profile_only".to_owned()]),
            "{shown}"
        );
    }
}

/// A work profile shows in its uids and in the list of users. Where neither stands, one user is assumed, and said to be.
#[test]
fn a_list_that_tells_of_no_other_user_shows_the_whole_phone() {
    let (list, work) = (
        "package:android uid:1000\npackage:a.b uid:10123\n",
        "\tUserInfo{10:Work: profile:1030} running\n",
    );
    for (export, note) in [
        (list.to_owned(), Note::PmListOneUserAssumed),
        (list.replace(" uid:1000", ""), Note::PmListOneUserAssumed),
        (format!("{ONE_USER}{list}"), Note::PmListFilter),
        (
            format!("{list}{ONE_USER}").replace('\n', "\r\n"),
            Note::PmListFilter,
        ),
    ] {
        let reading = read(export.as_bytes()).unwrap();
        assert_eq!(reading.notes, [note], "{export}");
        assert_eq!(observation(&reading).scope, Scope::Device, "{export}");
        assert_eq!(tiktok(&reading).0, Presence::Absent, "{export}");
    }
    for (export, note) in [
        (
            format!("{ONE_USER}{work}{list}"),
            Note::PmListOtherUser { user: 10 },
        ),
        (
            format!("Users:\n{work}{list}"),
            Note::PmListOtherUser { user: 10 },
        ),
        (
            format!("{ONE_USER}\tUserInfo{{999:XSpace:801010}} running\n{list}"),
            Note::PmListOtherUser { user: 999 },
        ),
        // Told by a list of users that was not understood.
        (
            format!("{ONE_USER}\tUserInfo{{ten}}\n{list}"),
            Note::ErrorLine { line: 3 },
        ),
    ] {
        let reading = read(export.as_bytes()).unwrap();
        assert_eq!(reading.notes, [note], "{export}");
        assert_eq!(tiktok(&reading).0, Presence::Unknown, "{export}");
    }
    assert!(read(ONE_USER.as_bytes()).is_err());
}

/// `pm list packages FILTER` lists what has the filter in its name: `android` itself, for any part of that word.
#[test]
fn a_list_of_names_with_something_in_common_never_proves_absence() {
    for list in [
        "package:android\n",
        "package:android\npackage:com.android.settings\n",
        "package:android\npackage:com.roidtv.app\npackage:de.android.x\n",
        "package:/system/framework/framework-res.apk=android uid:1000\npackage:org.sandbox.an uid:10001\n",
    ] {
        for export in [list.to_owned(), format!("{ONE_USER}{list}")] {
            let reading = read(export.as_bytes()).unwrap();
            assert!(!observation(&reading).complete, "{export}");
            assert_eq!(reading.notes, [Note::PmListNameFilter], "{export}");
            assert_eq!(tiktok(&reading).0, Presence::Unknown, "{export}");
        }
    }
    let filtered = b"package:android\npackage:com.ss.android.ugc.trill\n";
    assert_eq!(tiktok(&read(filtered).unwrap()).0, Presence::Present);
}

#[test]
fn what_powershell_writes_is_read() {
    let reading = read(&fixture("pm-powershell.txt")).unwrap();
    assert_eq!(ids(&reading).len(), 2);
    assert_eq!(tiktok(&reading).0, Presence::Present);
}

#[test]
fn the_platform_is_android_or_what_the_user_told() {
    let export = b"package:android\npackage:a.b\n";
    let reading = read_for(export, Some(Platform::Chromeos)).unwrap();
    assert_eq!(reading.record.device.platform, Platform::Chromeos);
    assert_eq!(
        read_for(export, Some(Platform::Ios))
            .unwrap_err()
            .to_string(),
        "the platform told: found `ios`, expected `android` or `chromeos`, the platforms of a list of packages"
    );
}

#[test]
fn another_file_called_a_list_is_refused() {
    let read_as_list = |export: &[u8]| {
        let options = octroi_exports::Options::default();
        octroi_exports::read(
            export,
            octroi_exports::Kind::PmList,
            &crate::policies(),
            &options,
        )
    };
    let cases: [(&[u8], &str); 4] = [
        (
            b"<html>\n",
            "the whole export: found no package and no error message, but `<html>`, expected lines that begin with `package:`",
        ),
        (b"", "the whole export: found nothing, expected an export"),
        (
            b"* daemon started successfully",
            "the whole export: found no package and no error message, but `* daemon started successfully`, expected lines that begin with `package:`",
        ),
        (
            b"package:caf\xE9",
            "line 1, column 12: found the byte 0xE9, expected text in UTF-8, or in UTF-16 with a byte order mark",
        ),
    ];
    for (export, expected) in cases {
        assert_eq!(read_as_list(export).unwrap_err().to_string(), expected);
    }
}
