//! Devices of the Android Management API.

use crate::{absent, fixture, observation, owners, present, read, read_for, tiktok, unknown};
use octroi_core::{NonEmpty, Ownership, Platform, Scope, Seen, Signer, Source};
use octroi_exports::Note;

#[test]
fn a_device_of_the_organization_under_a_device_owner_is_seen_whole() {
    let reading = read(&fixture("amapi-company.json")).unwrap();
    let device = &reading.record.device;
    assert_eq!(device.platform, Platform::Android);
    assert_eq!(
        device.id.as_ref().map(NonEmpty::as_str),
        Some("enterprises/LC00invented/devices/3a5c000000000001")
    );
    assert_eq!(owners(&reading), [Ownership::Organization]);
    assert_eq!(reading.notes, [Note::NotInstalled { count: 1 }]);
    let seen = observation(&reading);
    assert_eq!(
        (seen.source, seen.scope, seen.complete),
        (Some(Source::Mdm), Scope::Device, true)
    );
    assert_eq!(seen.taken_at.unwrap().to_string(), "2023-03-28T06:00:00Z");
    let signer = Signer::parse("sha1:00112233445566778899aabbccddeeff00112233").unwrap();
    assert!(matches!(&seen.apps[0].seen, Seen::Id { signers, .. } if *signers == [signer]));
    // It was removed.
    assert_eq!(tiktok(&reading), absent());
    let installed = String::from_utf8(fixture("amapi-company.json")).unwrap();
    let installed = installed.replace("REMOVED", "INSTALLED");
    assert_eq!(tiktok(&read(installed.as_bytes()).unwrap()), present());
}

/// Behind a work profile is a personal side of which the management knows nothing.
#[test]
fn everything_else_is_the_managed_part() {
    let reading = read(&fixture("amapi-work-profile.json")).unwrap();
    assert_eq!(owners(&reading), [Ownership::Personal]);
    assert_eq!(observation(&reading).scope, Scope::Profile);
    assert!(!observation(&reading).complete);
    assert_eq!(
        reading.notes,
        [
            Note::ManagedOnly,
            Note::EntriesWithoutIdentifier { count: 1 },
            Note::EntriesUnknown { count: 1 }
        ]
    );
    assert_eq!(tiktok(&reading), unknown("list_incomplete"));
    for (mode, owner) in [
        ("PROFILE_OWNER", "COMPANY_OWNED"),
        ("DEVICE_OWNER", "PERSONALLY_OWNED"),
        ("DEVICE_OWNER", "OWNERSHIP_UNSPECIFIED"),
        ("MANAGEMENT_MODE_UNSPECIFIED", "COMPANY_OWNED"),
    ] {
        let export = format!(
            r#"{{"managementMode":"{mode}","ownership":"{owner}","applicationReports":[{{"packageName":"a.b"}}]}}"#
        );
        let reading = read(export.as_bytes()).unwrap();
        assert_eq!(tiktok(&reading), unknown("profile_only"), "{export}");
    }
}

/// Reports are off in the policy, or the device is not set up: nothing is known, which is not "no apps".
#[test]
fn no_report_proves_nothing() {
    let reading = read(&fixture("amapi-without-reports.json")).unwrap();
    assert_eq!(owners(&reading), []);
    assert_eq!(reading.notes, [Note::NoList]);
    assert_eq!(tiktok(&reading), unknown("no_observation"));
    for (inside, reason) in [
        (
            r#""appliedState":"ACTIVE","applicationReports":[]"#,
            "list_empty",
        ),
        (
            r#""appliedState":"PROVISIONING","applicationReports":[{"packageName":"a.b"}]"#,
            "list_incomplete",
        ),
    ] {
        let export =
            format!(r#"{{"managementMode":"DEVICE_OWNER","ownership":"COMPANY_OWNED",{inside}}}"#);
        assert_eq!(
            tiktok(&read(export.as_bytes()).unwrap()),
            unknown(reason),
            "{inside}"
        );
    }
}

#[test]
fn what_is_no_device_is_refused_with_its_place() {
    let error = read(&fixture("amapi-error.json")).unwrap_err().to_string();
    assert_eq!(
        error,
        "the whole export: found an error of the device management: `403`, `Caller is not authorized to manage enterprise.`, expected a device"
    );
    for (export, expected) in [
        (
            r#"{"devices":[]}"#,
            "the list of devices: found 0 devices, expected one device",
        ),
        (
            r#"{"devices":[{"name":"a"},{"name":"b"}]}"#,
            "the list of devices: found 2 devices, expected one device",
        ),
        (
            r#"{"applicationReports":[{"packageName":5}]}"#,
            "`applicationReports[0].packageName`: found integer `5`, expected a string",
        ),
        (
            r#"{"applicationReports":[{"signingKeyCertFingerprints":["00"]}]}"#,
            "`applicationReports[0].signingKeyCertFingerprints[0]`: found string \"00\", expected the 40 hexadecimal digits",
        ),
        (
            r#"{"managementMode":"DEVICE_OWNER","lastStatusReportTime":"yesterday"}"#,
            "`lastStatusReportTime`: found string \"yesterday\", expected an RFC 3339 instant",
        ),
        (
            r#"{"managementMode":"DEVICE_OWNER""#,
            "line 1, column 32: found the end of the text, expected ",
        ),
    ] {
        let error = read(export.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    let error = read_for(&fixture("amapi-company.json"), Some(Platform::Ios)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the platform told: found `ios`, expected `android`, the platform of Android Management"
    );
}
