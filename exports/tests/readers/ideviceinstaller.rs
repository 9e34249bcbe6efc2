//! Lists of `ideviceinstaller`, old and new.

use crate::{absent, fixture, observation, present, read, read_for, tiktok, unknown};
use octroi_core::{Platform, Seen, Source};
use octroi_exports::{Note, Reading};

fn seen(reading: &Reading) -> Vec<(&str, &str, &str)> {
    let apps = observation(reading).apps.iter();
    apps.map(|app| match &app.seen {
        Seen::Id { id, name, .. } => (
            id.as_str(),
            name.as_ref().map_or("", |name| name.as_str()),
            app.version.as_ref().map_or("", |version| version.as_str()),
        ),
        other => panic!("{other:?}"),
    })
    .collect()
}

#[test]
fn both_forms_are_read() {
    let old = read(&fixture("ideviceinstaller-old.txt")).unwrap();
    assert_eq!(old.record.device.platform, Platform::Ios);
    assert_eq!(observation(&old).source, Some(Source::Platform));
    assert_eq!(
        seen(&old),
        [
            ("com.zhiliaoapp.musically", "TikTok", "330100"),
            ("org.example.bank", "Bank", "4.1"),
            ("be.example.itsme", "itsme - Brussels", ""),
        ]
    );
    assert_eq!(old.notes, [Note::IdeviceinstallerFilter]);
    assert_eq!(tiktok(&old), present());

    let new = read(&fixture("ideviceinstaller-new.txt")).unwrap();
    assert_eq!(
        seen(&new),
        [
            ("org.example.bank", "Bank \"Plus\", new", "4.1"),
            ("be.example.itsme", "itsme", ""),
            ("org.example.bare", "", ""),
        ]
    );
    assert_eq!(new.notes, [Note::IdeviceinstallerFilter]);
    assert_eq!(tiktok(&new), absent());
    let chosen = b"CFBundleDisplayName, CFBundleIdentifier\n\"TikTok\", com.zhiliaoapp.musically\n";
    assert_eq!(tiktok(&read(chosen).unwrap()), present());
}

/// Nothing escapes what stands in a name: the identifier before it is certain all the same.
#[test]
fn an_identifier_stays_seen_beside_a_name_that_cannot_be_read() {
    let head = "CFBundleIdentifier, CFBundleVersion, CFBundleDisplayName\n";
    for line in [
        "com.zhiliaoapp.musically, \"33\", \"Tik\"Tok\"\n",
        "com.zhiliaoapp.musically, \"33\", \"TikTok\n",
        "com.zhiliaoapp.musically, \"33\"\n",
    ] {
        let reading = read(format!("{head}{line}").as_bytes()).unwrap();
        assert_eq!(tiktok(&reading), present(), "{line}");
        assert_eq!(reading.notes, [Note::ErrorLine { line: 2 }], "{line}");
        let clean = format!("{head}{}", line.replace("zhiliaoapp", "example"));
        assert_eq!(
            tiktok(&read(clean.as_bytes()).unwrap()),
            unknown("list_incomplete"),
            "{line}"
        );
    }
    // Cut, or in another column: it could be half a name.
    for export in [
        format!("{head}com.zhiliaoapp.musically\n"),
        "CFBundleVersion, CFBundleIdentifier\n\"3\"3\", com.zhiliaoapp.musically\n".to_owned(),
    ] {
        let reading = read(export.as_bytes()).unwrap();
        assert_eq!(reading.notes, [Note::ErrorLine { line: 2 }], "{export}");
        assert!(observation(&reading).apps.is_empty(), "{export}");
    }
}

/// The app may stand just where the list is cut, or be none of those that were asked for.
#[test]
fn a_list_that_is_not_whole_never_proves_absence() {
    let line = |line| Note::ErrorLine { line };
    let not_whole = Note::IdeviceinstallerNotWhole;
    let cases: [(&[u8], &[Note]); 7] = [
        (
            &fixture("ideviceinstaller-system.txt"),
            std::slice::from_ref(&not_whole),
        ),
        (
            b"Total: 2 apps\na.b - B 1\n",
            std::slice::from_ref(&not_whole),
        ),
        (b"Total: 1 apps\na.b - B 1", &[line(2)]),
        (
            b"Total: 1 apps\na.b - B 1\nERROR: Failed to get APPID!\n",
            &[line(3)],
        ),
        (
            b"CFBundleIdentifier, CFBundleVersion\na.b, \"1\"\nc.d, \"2\n",
            &[line(3)],
        ),
        (
            b"CFBundleIdentifier, CFBundleVersion\na.b, \"1\"\nc.d\n",
            &[line(3)],
        ),
        (
            b"CFBundleIdentifier, CFBundleVersion\na.b, \"1\"\nc d, \"1\"\n",
            &[line(3)],
        ),
    ];
    for (export, notes) in cases {
        let shown = export.escape_ascii();
        let reading = read(export).unwrap();
        assert_eq!(reading.notes, notes, "{shown}");
        assert_eq!(tiktok(&reading), unknown("list_incomplete"), "{shown}");
    }
}

#[test]
fn no_device_proves_nothing() {
    for export in [
        &fixture("ideviceinstaller-no-device.txt")[..],
        b"Total: 0 apps\n",
    ] {
        let reading = read(export).unwrap();
        assert_eq!(
            tiktok(&reading),
            unknown("list_empty"),
            "{}",
            export.escape_ascii()
        );
    }
    let archives = b"Total: 1 archived apps\ncom.zhiliaoapp.musically - TikTok 1\n";
    assert!(read(archives).is_err());
    assert_eq!(
        read_for(b"Total: 0 apps\n", Some(Platform::Macos))
            .unwrap_err()
            .to_string(),
        "the platform told: found `macos`, expected `ios`, the platform of ideviceinstaller"
    );
}

/// What `--xml` prints.
#[test]
fn the_form_in_xml_is_read() {
    let list = |entries: &str| format!("<plist><array>{entries}</array></plist>");
    let entry = |id: &str| {
        format!(
            "<dict><key>CFBundleDisplayName</key><string>Bank</string><key>CFBundleIdentifier</key>\
             <string>{id}</string><key>CFBundleShortVersionString</key><string>4.1</string>\
             <key>UIDeviceFamily</key><array><integer>1</integer></array></dict>"
        )
    };
    let clean = read(list(&entry("org.example.bank")).as_bytes()).unwrap();
    assert_eq!(seen(&clean), [("org.example.bank", "Bank", "4.1")]);
    assert_eq!(observation(&clean).source, Some(Source::Platform));
    assert_eq!(clean.notes, [Note::IdeviceinstallerFilter]);
    assert_eq!(tiktok(&clean), absent());
    let found = list(&(entry("org.example.bank") + &entry("com.zhiliaoapp.musically")));
    assert_eq!(tiktok(&read(found.as_bytes()).unwrap()), present());
    let system = read(list(&entry("com.apple.mobilesafari")).as_bytes()).unwrap();
    assert_eq!(system.notes, [Note::IdeviceinstallerNotWhole]);
    for (entries, place) in [
        (
            entry("org.example.bank") + "<dict/>",
            "[1].CFBundleIdentifier",
        ),
        (entry("a b"), "[0].CFBundleIdentifier"),
        (
            entry("a.b") + "<string>a</string>",
            "[1].CFBundleIdentifier",
        ),
    ] {
        let error = read(list(&entries).as_bytes()).unwrap_err().to_string();
        let start = format!("`{place}`: found no identifier, expected an array of apps with ");
        assert!(error.starts_with(&start), "{error}");
    }
}

#[test]
fn a_column_that_stands_twice_is_refused() {
    let twice = b"CFBundleIdentifier, CFBundleIdentifier\na.b, com.zhiliaoapp.musically\n";
    assert_eq!(
        read(twice).unwrap_err().to_string(),
        "the whole export: found the column `CFBundleIdentifier` twice, expected each column once"
    );
}
