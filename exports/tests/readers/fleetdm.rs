//! Hosts of Fleet.

use crate::{absent, fixture, observation, owners, present, read, tiktok, unknown};
use octroi_core::{NonEmpty, Platform, Scope};
use octroi_exports::{Kind, Note};

#[test]
fn an_organizations_iphone_is_seen_whole() {
    let reading = read(&fixture("fleetdm-iphone.json")).unwrap();
    let device = &reading.record.device;
    assert_eq!(device.platform, Platform::Ios);
    assert_eq!(device.id.as_ref().map(NonEmpty::as_str), Some("41"));
    assert_eq!(
        owners(&reading),
        [],
        "how a device was enrolled is not whose it is"
    );
    assert_eq!(reading.notes, []);
    let seen = observation(&reading);
    assert_eq!((seen.scope, seen.complete), (Scope::Device, true));
    assert_eq!(seen.taken_at.unwrap().to_string(), "2024-03-11T05:09:44Z");
    assert_eq!(tiktok(&reading), present());
    let clean = String::from_utf8(fixture("fleetdm-iphone.json")).unwrap();
    let clean = clean.replace("com.zhiliaoapp.musically", "org.example.video");
    assert_eq!(tiktok(&read(clean.as_bytes()).unwrap()), absent());
}

/// Of a phone that its holder enrolled, Fleet lists what Fleet installed.
#[test]
fn any_other_enrollment_is_the_managed_part() {
    let reading = read(&fixture("fleetdm-android.json")).unwrap();
    assert_eq!(reading.notes, [Note::ManagedOnly]);
    assert_eq!(tiktok(&reading), unknown("profile_only"));
    let software = r#""software":[{"source":"ios_apps","bundle_identifier":"a.b"}]"#;
    for mdm in [
        r#""mdm":{"enrollment_status":"On (manual)"},"#,
        r#""mdm":{"enrollment_status":"On (manual - personal)"},"#,
        r#""mdm":{"enrollment_status":null},"#,
        r#""mdm":null,"#,
        "",
    ] {
        let export = format!(r#"{{"host":{{"platform":"ipados",{mdm}{software}}}}}"#);
        let reading = read(export.as_bytes()).unwrap();
        assert_eq!(tiktok(&reading), unknown("profile_only"), "{mdm}");
    }
}

/// Apps of a computer can be where Fleet does not look, and an extension of a browser is no app.
#[test]
fn a_computer_never_proves_absence() {
    let reading = read(&fixture("fleetdm-mac.json")).unwrap();
    assert_eq!(reading.record.device.platform, Platform::Macos);
    assert_eq!(observation(&reading).apps.len(), 1);
    assert_eq!(reading.notes, [Note::EntriesUnknown { count: 1 }]);
    assert_eq!(tiktok(&reading), unknown("list_incomplete"));
}

#[test]
fn what_is_no_host_is_refused_with_its_place() {
    for (export, expected) in [
        (
            String::from_utf8(fixture("fleetdm-error.json")).unwrap(),
            "the whole export: found an error of the device management: `Resource Not Found`, `Host 44 was not found in the datastore`, expected a device",
        ),
        (
            r#"{"host":{"platform":"tvos","software":[]}}"#.to_owned(),
            "`host.platform`: found string \"tvos\", expected a platform that octroi knows",
        ),
        (
            r#"{"host":{"software":[]}}"#.to_owned(),
            "`host`: found no field `platform`, expected the field `platform`",
        ),
        (
            r#"{"hosts":[]}"#.to_owned(),
            "the list of devices: found 0 devices, expected one device",
        ),
        (
            r#"{"host":{"platform":"ios","software":[{"name":1}]}}"#.to_owned(),
            "`host.software[0].name`: found integer `1`, expected a string",
        ),
    ] {
        let error = read(export.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    let alone = read(br#"{"host":{"platform":"ios","software":null}}"#).unwrap();
    assert_eq!(alone.notes, [Note::NoList]);
    assert_eq!(tiktok(&alone), unknown("no_observation"));
}

/// Fleet's words for where software is from grow: what has an identifier is an app, and what has none may be one.
#[test]
fn software_of_an_unknown_source_is_not_passed_over() {
    let phone = |software: &str| {
        let export = format!(
            r#"{{"host":{{"platform":"ios","mdm":{{"enrollment_status":"On (automatic)"}},"software":[
            {{"source":"ios_apps","bundle_identifier":"a.b"}},{software}]}}}}"#
        );
        read(export.as_bytes()).unwrap()
    };
    for source in ["", r#","source":null"#, r#","source":"visionos_apps""#] {
        let reading = phone(&format!(
            r#"{{"bundle_identifier":"com.zhiliaoapp.musically"{source}}}"#
        ));
        assert_eq!(tiktok(&reading), present(), "{source}");
        let reading = phone(&format!(r#"{{"name":"Anything"{source}}}"#));
        assert_eq!(tiktok(&reading), unknown("list_incomplete"), "{source}");
        assert_eq!(reading.notes, [Note::EntriesUnknown { count: 1 }]);
    }
    let reading = phone(r#"{"name":"TikTok","source":"python_packages"}"#);
    assert_eq!(reading.notes, []);
    assert_eq!(tiktok(&reading), absent());
}

/// Asked for without its software, a host is a host all the same.
#[test]
fn a_bare_host_is_recognised() {
    for key in [
        "software_updated_at",
        "detail_updated_at",
        "osquery_version",
        "orbit_version",
    ] {
        let export = format!(r#"{{"id":1,"{key}":null,"platform":"ios"}}"#);
        assert_eq!(Kind::detect(export.as_bytes()), Ok(Kind::Fleetdm), "{key}");
        assert_eq!(read(export.as_bytes()).unwrap().notes, [Note::NoList]);
    }
}
