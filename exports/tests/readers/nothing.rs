//! `null` in the JSON of a management says as much as a key that is not there.

use crate::{fixture, options, policies};
use octroi_exports::Kind;
use serde_json::Value;

#[test]
fn null_is_as_good_as_nothing() {
    for (name, kind) in [
        ("amapi-company.json", Kind::Amapi),
        ("amapi-work-profile.json", Kind::Amapi),
        ("amapi-error.json", Kind::Amapi),
        ("fleetdm-iphone.json", Kind::Fleetdm),
        ("fleetdm-android.json", Kind::Fleetdm),
        ("fleetdm-mac.json", Kind::Fleetdm),
        ("fleetdm-error.json", Kind::Fleetdm),
        ("intune-device.json", Kind::Intune),
        ("intune-apps.json", Kind::Intune),
        ("intune-error.json", Kind::Intune),
    ] {
        let whole: Value = serde_json::from_slice(&fixture(name)).unwrap();
        let mut places = Vec::new();
        keys(&whole, "", &mut places);
        assert!(places.len() > 2, "{name}");
        for (object, key) in places {
            let read = |change: &dyn Fn(&mut serde_json::Map<String, Value>)| {
                let mut changed = whole.clone();
                change(
                    changed
                        .pointer_mut(&object)
                        .unwrap()
                        .as_object_mut()
                        .unwrap(),
                );
                let reading = octroi_exports::read(
                    changed.to_string().as_bytes(),
                    kind,
                    &policies(),
                    &options(None),
                );
                // Errors stand at other places, and say otherwise what they found.
                reading.map_err(|_| ())
            };
            let without = read(&|object| {
                object.remove(&key);
            });
            let null = read(&|object| {
                object.insert(key.clone(), Value::Null);
            });
            assert_eq!(null, without, "{name}: {object}/{key}");
        }
    }
}

/// Every key of every object, each with the pointer to its object.
fn keys(value: &Value, pointer: &str, places: &mut Vec<(String, String)>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                places.push((pointer.to_owned(), key.clone()));
                let key = key.replace('~', "~0").replace('/', "~1");
                keys(value, &format!("{pointer}/{key}"), places);
            }
        }
        Value::Array(values) => {
            for (number, value) in values.iter().enumerate() {
                keys(value, &format!("{pointer}/{number}"), places);
            }
        }
        _ => {}
    }
}
