//! Devices and discovered apps of Intune.

use crate::{fixture, observation, owners, read, read_for, tiktok, unknown};
use octroi_core::{NonEmpty, Ownership, Platform, Presence, Scope};
use octroi_exports::Note;

fn device(owner: &str, system: &str, apps: &str) -> String {
    format!(
        r#"{{"managedDeviceOwnerType":"{owner}","operatingSystem":"{system}","detectedApps":{apps}}}"#
    )
}

#[test]
fn an_app_is_known_by_its_name() {
    let reading = read(&fixture("intune-device.json")).unwrap();
    let id = reading.record.device.id.as_ref().map(NonEmpty::as_str);
    assert_eq!(id, Some("00000000-1111-2222-3333-444444444444"));
    assert_eq!(reading.record.device.platform, Platform::Ios);
    assert_eq!(owners(&reading), [Ownership::Organization]);
    assert_eq!(observation(&reading).scope, Scope::Device);
    assert_eq!(
        observation(&reading).taken_at,
        None,
        "a sync is no inventory"
    );
    assert_eq!(reading.notes, [Note::EntriesWithoutIdentifier { count: 2 }]);
    assert_eq!(
        tiktok(&reading),
        (Presence::Present, vec!["name_seen".to_owned()])
    );
}

/// A name proves no absence: the app may be called otherwise on this phone.
#[test]
fn a_list_of_names_never_proves_absence() {
    let apps = r#"[{"displayName":"Bank"}]"#;
    for (owner, system, scope, reason) in [
        ("company", "iOS", Scope::Device, "list_incomplete"),
        ("company", "macOS", Scope::Device, "list_incomplete"),
        ("personal", "iOS", Scope::Profile, "profile_only"),
        ("unknown", "iPadOS", Scope::Profile, "profile_only"),
        // Of a work profile, though the device is the organization's.
        (
            "company",
            "AndroidEnterprise",
            Scope::Profile,
            "profile_only",
        ),
        ("company", "Windows", Scope::Profile, "profile_only"),
    ] {
        let reading = read(device(owner, system, apps).as_bytes()).unwrap();
        assert_eq!(observation(&reading).scope, scope, "{owner} {system}");
        let (presence, reasons) = tiktok(&reading);
        assert_eq!(presence, Presence::Unknown, "{owner} {system}");
        assert!(reasons.contains(&reason.to_owned()), "{reasons:?}");
    }
    let empty = read(device("company", "iOS", "[]").as_bytes()).unwrap();
    assert_eq!(tiktok(&empty), unknown("list_empty"));
}

#[test]
fn apps_without_their_device_say_nothing_of_its_owner() {
    let reading = read(&fixture("intune-apps.json")).unwrap();
    assert_eq!(reading.record.device.platform, Platform::Android);
    assert_eq!(owners(&reading), []);
    assert_eq!(observation(&reading).apps.len(), 2);
    assert!(!observation(&reading).complete);
    assert_eq!(
        reading.notes,
        [
            Note::ListGoesOn,
            Note::ManagedOnly,
            Note::EntriesWithoutIdentifier { count: 2 },
            Note::EntriesUnknown { count: 1 }
        ]
    );
    let bare = br#"{"value":[{"displayName":"Bank"}]}"#;
    assert_eq!(
        read(bare).unwrap_err().to_string(),
        "the platform told: found no platform, expected one told, as this export does not say which system the device runs"
    );
    let told = read_for(bare, Some(Platform::Ios)).unwrap();
    assert_eq!(told.record.device.platform, Platform::Ios);
}

#[test]
fn a_device_without_its_apps_proves_nothing() {
    let reading = read(&fixture("intune-device-alone.json")).unwrap();
    assert_eq!(owners(&reading), [Ownership::Personal]);
    assert_eq!(reading.notes, [Note::NoList]);
    assert_eq!(tiktok(&reading), unknown("no_observation"));
}

#[test]
fn what_is_no_device_is_refused_with_its_place() {
    let error = read(&fixture("intune-error.json")).unwrap_err().to_string();
    assert!(
        error.starts_with(
            "the whole export: found an error of the device management: `Forbidden`, `{"
        ),
        "{error}"
    );
    for (export, expected) in [
        (
            r#"{"value":[]}"#,
            "the whole export: found an empty list, expected a device, or its discovered apps",
        ),
        (
            r#"{"value":[{"operatingSystem":"iOS"},{"operatingSystem":"iOS"}]}"#,
            "the list of devices: found 2 devices, expected one device",
        ),
        (
            r#"{"operatingSystem":"Symbian"}"#,
            "`operatingSystem`: found string \"Symbian\", expected a system that octroi knows",
        ),
        (
            r#"{"detectedApps":[{"displayName":["a"]}]}"#,
            "`detectedApps[0].displayName`: found an array, expected a string",
        ),
        (
            r#"{"@odata.context":"x"}"#,
            "the whole export: found neither an owner, a system nor apps, expected a managedDevice, or its detectedApps",
        ),
    ] {
        let error = read(export.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

/// Intune lists packaged apps of Windows by the name of their package.
#[test]
fn the_name_of_a_package_of_windows_is_an_identifier() {
    let apps = r#"[{"displayName":"BytedancePte.Ltd.TikTok"}]"#;
    let reading = read(device("company", "Windows", apps).as_bytes()).unwrap();
    assert_eq!(
        tiktok(&reading),
        (Presence::Present, vec!["identifier_seen".to_owned()])
    );
    let elsewhere = read(device("company", "iOS", apps).as_bytes()).unwrap();
    assert_eq!(tiktok(&elsewhere), unknown("list_incomplete"));
    // It may as well be the name that people see.
    let apps = r#"[{"displayName":"Node.js"},{"displayName":"TikTok"}]"#;
    let reading = read(device("company", "Windows", apps).as_bytes()).unwrap();
    assert_eq!(
        reading.notes[1..],
        [Note::EntriesWithoutIdentifier { count: 2 }]
    );
    assert_eq!(
        tiktok(&reading),
        (Presence::Present, vec!["name_seen".to_owned()])
    );
}
