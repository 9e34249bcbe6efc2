//! An export under the name of another kind.

use crate::{options, policies};
use octroi_exports::Kind;

/// What each kind of fixture is named after; an error of a management says of none of them what it is.
const BEGINNINGS: [(&str, Kind); 8] = [
    ("pm-", Kind::PmList),
    ("dumpsys-", Kind::Dumpsys),
    ("ideviceinstaller-", Kind::Ideviceinstaller),
    ("apple-", Kind::AppleMdm),
    ("amapi-", Kind::Amapi),
    ("intune-", Kind::Intune),
    ("fleetdm-", Kind::Fleetdm),
    ("record", Kind::Record),
];

/// Read as another kind, an export is a device without apps at best: whoever named the wrong one is told.
#[test]
fn an_export_is_no_reading_under_another_name() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");
    let mut fixtures: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            (name, std::fs::read(entry.path()).unwrap())
        })
        .collect();
    let record = br#"{"device":{"platform":"ios"},"observations":[]}"#;
    fixtures.push(("record".to_owned(), record.to_vec()));
    let mut pairs = 0;
    for (name, export) in &fixtures {
        let own = BEGINNINGS.iter().find(|(start, _)| name.starts_with(start));
        let (_, own) = own.unwrap_or_else(|| panic!("{name} is named after no kind"));
        for kind in Kind::ALL.into_iter().filter(|kind| kind != own) {
            let reading = octroi_exports::read(export, kind, &policies(), &options(None));
            assert!(reading.is_err(), "{name} as {kind}: {reading:?}");
            pairs += 1;
        }
    }
    assert!(pairs > 250, "{pairs}");
}

#[test]
fn the_error_names_the_other_kind() {
    for (export, kind, expected) in [
        (
            "{\"operatingSystem\":\"iOS\"}",
            Kind::Amapi,
            "the whole export: found the key `operatingSystem`, as `intune` has it, expected `amapi`, which has one of `managementMode`, ",
        ),
        (
            "{\"host\":{\"platform\":\"ios\"}}",
            Kind::Intune,
            "the whole export: found the key `host`, as `fleetdm` has it, expected `intune`, which has one of ",
        ),
        (
            "{\"name\":1}",
            Kind::Fleetdm,
            "the whole export: found none of its keys, expected `fleetdm`, which has one of `host`, `hosts`, `software`, ",
        ),
        (
            "{\"devices\":{}}",
            Kind::Amapi,
            "line 1, column 12: `devices`: found an object, expected an array",
        ),
        (
            "{\"devices\":[{\"name\":[]}]}",
            Kind::Amapi,
            "line 1, column 21: `devices[0].name`: found an array, expected ",
        ),
    ] {
        let error =
            octroi_exports::read(export.as_bytes(), kind, &policies(), &options(None)).unwrap_err();
        assert!(error.to_string().starts_with(expected), "{error}");
    }
}

/// Read as one of two, the other would be passed over: a phone would be judged by half of what is said of it.
#[test]
fn an_object_with_keys_of_a_record_and_of_another_export_is_neither() {
    let device = r#""device":{"platform":"android"}"#;
    for (export, expected) in [
        (
            format!("{{{device},\n\"applicationReports\":[]}}"),
            "line 2, column 1: `applicationReports`: found the key `applicationReports`, as `amapi` has it, beside those of octroi's record, expected the keys of one kind of export",
        ),
        (
            format!("{{\"managementMode\":\"DEVICE_OWNER\",\n{device}}}"),
            "line 2, column 1: `device`: found the key `device`, as `record` has it, beside those of another export, expected the keys of one kind of export",
        ),
        (
            format!("{{\"host\":{{\"platform\":\"ios\"}},{device}}}"),
            "line 1, column 28: `device`: found the key `device`, as `record` has it, ",
        ),
        (
            "{\"operatingSystem\":\"iOS\",\"observations\":[]}".to_owned(),
            "line 1, column 26: `observations`: found the key `observations`, as `record` has it, ",
        ),
        // Whatever else is wrong: this comes first.
        (
            "{\"device\":{\"platform\":\"beos\"},\"detectedApps\":[]}".to_owned(),
            "line 1, column 31: `detectedApps`: found the key `detectedApps`, as `intune` has it, ",
        ),
        // A record that lies deeper is none.
        (
            "{\"host\":{\"device\":1}}".to_owned(),
            "line 1, column 9: `host`: found no field `platform`, ",
        ),
        (
            "{\"device\":{\"platform\":\"beos\"},\"host".to_owned(),
            "line 1, column 23: `device.platform`: found unknown word `beos`, ",
        ),
    ] {
        let error = crate::read(export.as_bytes()).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
    let told = |kind, export: &str| {
        octroi_exports::read(export.as_bytes(), kind, &policies(), &options(None))
            .unwrap_err()
            .to_string()
    };
    let both = format!("{{{device},\"managementMode\":\"DEVICE_OWNER\"}}");
    let error = told(Kind::Amapi, &both);
    assert!(
        error.contains("the key `device`, as `record` has it"),
        "{error}"
    );
    let error = told(Kind::Record, "{\"host\":{}}");
    assert!(error.contains("unknown field `host`"), "{error}");
}
