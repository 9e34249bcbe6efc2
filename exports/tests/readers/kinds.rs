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
            "line 1, column 11: `devices`: found an object, expected an array",
        ),
        (
            "{\"devices\":[{\"name\":[]}]}",
            Kind::Amapi,
            "line 1, column 20: `devices[0].name`: found an array, expected ",
        ),
    ] {
        let error =
            octroi_exports::read(export.as_bytes(), kind, &policies(), &options(None)).unwrap_err();
        assert!(error.to_string().starts_with(expected), "{error}");
    }
}
