//! Apple's InstalledApplicationList, in the shapes that device managements give it.

use crate::{fixture, observation, owners, read, read_for, tiktok, unknown};
use octroi_core::{Platform, Presence, Scope, Seen, Source};
use octroi_exports::Note;

#[test]
fn an_answer_in_xml_and_in_binary_says_the_same() {
    let xml = read(&fixture("apple-answer.plist")).unwrap();
    let binary = read(&fixture("apple-answer.bplist")).unwrap();
    assert_eq!(xml, binary);
    assert_eq!(xml.record.device.platform, Platform::Ios);
    assert_eq!(xml.record.device.id, None, "the UDID stays where it is");
    assert_eq!(xml.notes, [Note::AppleFilter, Note::AppleAssumedIos]);
    let seen = observation(&xml);
    assert_eq!(
        (seen.source, seen.scope, seen.complete),
        (Some(Source::Mdm), Scope::Device, true)
    );
    let last = &seen.apps[2];
    assert!(matches!(&last.seen, Seen::Id { id, name: Some(name), .. }
        if id.as_str() == "be.example.itsme" && name.as_str() == "itsme & Co"));
    assert_eq!(last.version.as_ref().unwrap().as_str(), "6.2");
    assert_eq!(
        tiktok(&xml),
        (Presence::Present, vec!["identifier_seen".to_owned()])
    );
}

#[test]
fn a_bare_list_is_a_list() {
    for name in ["apple-bare.plist", "apple-bare-dictionary.bplist"] {
        let reading = read_for(&fixture(name), Some(Platform::Ios)).unwrap();
        assert_eq!(reading.notes, [Note::AppleFilter], "{name}");
        let absent = (Presence::Absent, vec!["complete_list_lacks_it".to_owned()]);
        assert_eq!(tiktok(&reading), absent, "{name}");
    }
}

/// An error read as an empty phone lets a forbidden app in.
#[test]
fn an_answer_that_is_no_list_proves_nothing() {
    for (name, status, reason) in [
        ("apple-error.plist", Some("Error"), "list_empty"),
        ("apple-not-now.plist", Some("NotNow"), "list_empty"),
        ("apple-empty.plist", None, "list_empty"),
    ] {
        let reading = read_for(&fixture(name), Some(Platform::Ios)).unwrap();
        let note = status.map_or(Note::ListEmpty, |status| Note::AppleError {
            status: status.to_owned(),
        });
        assert_eq!(reading.notes, [note], "{name}");
        assert_eq!(tiktok(&reading), unknown(reason), "{name}");
    }
    let with_a_list = b"<plist><dict><key>Status</key><string>Error</string>\
        <key>InstalledApplicationList</key><array><dict><key>Identifier</key><string>a.b</string>\
        </dict></array></dict></plist>";
    assert_eq!(
        tiktok(&read(with_a_list).unwrap()),
        unknown("list_incomplete")
    );
}

/// User Enrollment shows managed apps only, and its answers carry another identifier than `UDID`.
#[test]
fn user_enrollment_is_a_profile() {
    let reading = read(&fixture("apple-user-enrollment.plist")).unwrap();
    assert_eq!(observation(&reading).scope, Scope::Profile);
    assert!(reading.notes.contains(&Note::ManagedOnly));
    assert_eq!(
        owners(&reading),
        [],
        "how it was enrolled is not whose it is"
    );
    assert_eq!(tiktok(&reading), unknown("profile_only"));
}

/// An entry that nobody can name can be any app.
#[test]
fn entries_without_identifier_leave_the_absence_open() {
    let mac = read_for(&fixture("apple-mac.plist"), Some(Platform::Macos)).unwrap();
    assert_eq!(mac.record.device.platform, Platform::Macos);
    assert_eq!(
        mac.notes,
        [
            Note::AppleFilter,
            Note::EntriesWithoutIdentifier { count: 1 }
        ]
    );
    assert!(
        matches!(&observation(&mac).apps[1].seen, Seen::Name(name) if name.as_str() == "https+++example")
    );
    assert_eq!(tiktok(&mac), unknown("list_incomplete"));

    let nameless = read(&fixture("apple-nameless.plist")).unwrap();
    assert_eq!(nameless.notes[1..], [Note::EntriesUnknown { count: 1 }]);
    assert_eq!(observation(&nameless).apps.len(), 1);
    assert_eq!(tiktok(&nameless), unknown("list_incomplete"));
}

#[test]
fn an_app_that_is_still_downloading_is_not_installed() {
    let reading = read(&fixture("apple-installing.plist")).unwrap();
    assert_eq!(reading.notes[2..], [Note::AppleInstalling { count: 1 }]);
    assert_eq!(tiktok(&reading).0, Presence::Absent);
}

#[test]
fn an_identifier_is_read_as_it_was_meant() {
    for identifier in [
        "com.zhiliaoapp.musically",
        "\n\t\t\tcom.zhiliaoapp.musically\n\t\t",
        "com.zhiliaoapp.&#109;usically",
        "com.zhiliaoapp.<!-- a comment -->musically",
    ] {
        let export = format!(
            "\n<array><dict><key>Identifier</key><string>{identifier}</string></dict></array>"
        );
        assert_eq!(
            tiktok(&read(export.as_bytes()).unwrap()).0,
            Presence::Present,
            "{identifier}"
        );
    }
}

#[test]
fn the_platform_is_one_of_apples() {
    assert_eq!(
        read_for(&fixture("apple-bare.plist"), Some(Platform::Android))
            .unwrap_err()
            .to_string(),
        "the platform told: found `android`, expected `ios` or `macos`, the platforms of Apple's list"
    );
}

/// The person who brings the file learns what is wrong with it, and where.
#[test]
fn what_is_no_list_is_refused_with_its_place() {
    let app = |inside: &str| format!("<plist><array><dict>{inside}</dict></array></plist>");
    let nested = format!(
        "{}{}",
        "<array>".repeat(100_000),
        "</array>".repeat(100_000)
    );
    let cases = [
        (
            String::from_utf8(fixture("apple-other-command.plist")).unwrap(),
            "`InstalledApplicationList`: found a dictionary with `CommandUUID`, `SecurityInfo`, `Status`, `UDID`, expected an array of apps",
        ),
        (
            "<dict/>"
                .to_owned()
                .replace("<dict/>", "<plist><dict/></plist>"),
            "`InstalledApplicationList`: found an empty dictionary, expected an array of apps",
        ),
        (
            "<plist><string>a</string></plist>".to_owned(),
            "the whole export: found a string, expected an array of apps, or a dictionary with `InstalledApplicationList`",
        ),
        (
            "<plist><array><string>a</string></array></plist>".to_owned(),
            "`[0]`: found a string, expected a dictionary",
        ),
        // The answers of several devices, and apps in the words of another program.
        (
            app("<key>UDID</key><string>x</string><key>InstalledApplicationList</key><array/>"),
            "`[0]`: found a dictionary with `InstalledApplicationList`, `UDID`, expected an app with `Identifier`, in the answer of one device",
        ),
        (
            app("<key>bundle_id</key><string>a.b</string>"),
            "`[0]`: found a dictionary with `bundle_id`, expected an app with `Identifier`, ",
        ),
        (
            "<plist><dict><key>ManagedAppsOnly</key><string>yes</string></dict></plist>".to_owned(),
            "`ManagedAppsOnly`: found a string, expected a boolean",
        ),
        (
            "<plist><dict><key>Command</key><dict><key>Identifiers</key><true/></dict></dict></plist>".to_owned(),
            "`Command.Identifiers`: found a boolean, expected an array of identifiers",
        ),
        (
            format!("<?xml version=\"1.0\" encoding='ISO-8859-1'?>{}", app("")),
            "line 1, column 31: found `ISO-8859-1`, expected ",
        ),
        (
            app("<key>Identifier</key><integer>1</integer>"),
            "`[0].Identifier`: found a number, expected a string",
        ),
        (
            app("<key>Installing</key><string>no</string>"),
            "`[0].Installing`: found a string, expected a boolean",
        ),
        (
            app("<key>Name</key><string>a</string><key>Name</key><string>b</string>"),
            "the whole export: found the key `Name` twice, expected ",
        ),
        (
            app("<key>Name</key>"),
            "the whole export: found the key `Name` without a value, expected ",
        ),
        (
            app("<true/>"),
            "the whole export: found a boolean where a key should be, expected ",
        ),
        (
            "<plist><dict><key>Status</key><true/></dict>".to_owned(),
            "the whole export: found the end of the file, expected ",
        ),
        (
            "<plist><dict><key>Status</key><true/></dict></plist>".to_owned(),
            "`Status`: found a boolean, expected a string",
        ),
        (
            "<plist><array/><array/></plist>".to_owned(),
            "the whole export: found something after the end of the list, expected ",
        ),
        (
            "<plist></plist>".to_owned(),
            "the whole export: found no value, expected ",
        ),
        (
            "<plist>\n<array>\n<app/></array></plist>".to_owned(),
            "line 3, column 7: found an element that no property list has, expected ",
        ),
        (
            "<plist>\n<array>apps</array></plist>".to_owned(),
            "line 2, column 12: found text where an element should be, expected ",
        ),
        (
            "<plist><array></dict></plist>".to_owned(),
            "line 1, column 22: found what is not well-formed XML, expected ",
        ),
        (
            nested,
            "the whole export: found more than 32 levels inside each other, expected ",
        ),
        // What the XML reader would drop without a word, and make another identifier of it.
        (
            app("<key>Identifier</key><string>com.zhi<![CDATA[liao]]>app.musically</string>"),
            "line 1, column 57: found `<![CDATA[`, expected ",
        ),
        (
            app("<key>Identifier</key><string>com.zhiliaoapp.&m;</string>"),
            "line 1, column 65: found `&`, expected ",
        ),
        (
            format!("<!DOCTYPE plist [<!ENTITY m \"musically\">]>{}", app("")),
            "line 1, column 18: found `<!ENTITY`, expected ",
        ),
        (
            "bplist00".to_owned(),
            "byte 0: found the end of the file, expected ",
        ),
        (
            "bplist00aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".to_owned(),
            "byte ",
        ),
    ];
    for (export, expected) in cases {
        let error = read(export.as_bytes()).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}\n{expected}");
    }
}

/// What a device says of itself tells its system, and not whose it is.
#[test]
fn a_device_that_tells_about_itself_leaves_its_owner_open() {
    let alone = read(&fixture("apple-device.plist")).unwrap();
    assert_eq!(alone.record.device.platform, Platform::Ios);
    assert_eq!(alone.notes, [Note::AppleSupervised, Note::NoList]);
    assert_eq!(owners(&alone), []);
    assert_eq!(tiktok(&alone), unknown("no_observation"));

    let beside = read(&fixture("apple-device-and-list.plist")).unwrap();
    assert_eq!(beside.record.device.platform, Platform::Macos);
    assert_eq!(beside.notes, [Note::AppleFilter]);
    assert_eq!(tiktok(&beside).0, Presence::Absent);
    for (told, found) in [
        (
            Platform::Ios,
            "`ios`, expected `macos`, the platform of the device's `ProductName`",
        ),
        (
            Platform::Android,
            "`android`, expected `macos`, the platform of the device's `ProductName`",
        ),
    ] {
        let error = read_for(&fixture("apple-device-and-list.plist"), Some(told)).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("the platform told: found {found}")
        );
    }
    let about =
        |inside: &str| format!("<plist><dict><key>QueryResponses</key>{inside}</dict></plist>");
    for (inside, expected) in [
        (
            "<array/>",
            "`QueryResponses`: found an array, expected a dictionary",
        ),
        (
            "<dict><key>ProductName</key><string>AppleTV6,2</string></dict>",
            "`QueryResponses.ProductName`: found `AppleTV6,2`, expected an iPhone, ",
        ),
        (
            "<dict><key>ProductName</key><true/></dict>",
            "`QueryResponses.ProductName`: found a boolean, expected a string",
        ),
        (
            "<dict><key>IsSupervised</key><string>yes</string></dict>",
            "`QueryResponses.IsSupervised`: found a string, expected a boolean",
        ),
    ] {
        let error = read(about(inside).as_bytes()).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
}

/// Either key stands in the answers of a User Enrollment alone.
#[test]
fn each_key_of_user_enrollment_tells_it() {
    for key in ["EnrollmentID", "EnrollmentUserID"] {
        let export = format!(
            "<plist><dict><key>{key}</key><string>x</string><key>InstalledApplicationList</key><array>\
             <dict><key>Identifier</key><string>a.b</string></dict></array></dict></plist>"
        );
        let reading = read(export.as_bytes()).unwrap();
        assert_eq!(tiktok(&reading), unknown("profile_only"), "{key}");
        assert!(reading.notes.contains(&Note::ManagedOnly), "{key}");
    }
}

/// The answer does not repeat the request. Where the request stands beside it, the list is no more than what was asked for.
#[test]
fn a_request_for_some_apps_beside_the_answer_is_heeded() {
    let managed = "<key>ManagedAppsOnly</key><true/>";
    let some = "<key>Identifiers</key><array><string>a.b</string></array>";
    for (request, reason, note) in [
        (managed, "profile_only", Note::ManagedOnly),
        (some, "list_incomplete", Note::AppleSomeApps),
    ] {
        for beside in [
            request.to_owned(),
            format!("<key>Command</key><dict>{request}</dict>"),
        ] {
            let export = |id: &str| {
                format!(
                    "<plist><dict>{beside}<key>InstalledApplicationList</key><array><dict>\
                     <key>Identifier</key><string>{id}</string></dict></array></dict></plist>"
                )
            };
            let reading = read(export("a.b").as_bytes()).unwrap();
            assert_eq!(tiktok(&reading), unknown(reason), "{beside}");
            assert!(reading.notes.contains(&note), "{beside}");
            assert!(!reading.notes.contains(&Note::AppleFilter), "{beside}");
            let reading = read(export("com.zhiliaoapp.musically").as_bytes()).unwrap();
            assert_eq!(tiktok(&reading).0, Presence::Present, "{beside}");
        }
    }
    let neither = b"<plist><dict><key>ManagedAppsOnly</key><false/><key>Identifiers</key><array/>\
        <key>InstalledApplicationList</key><array><dict><key>Identifier</key><string>a.b</string>\
        </dict></array></dict></plist>";
    assert_eq!(tiktok(&read(neither).unwrap()).0, Presence::Absent);
}
