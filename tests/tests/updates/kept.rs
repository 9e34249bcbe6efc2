//! The repositories that the tests in Kotlin and Swift refresh from, as files: they sign nothing themselves, and their phone's clock stands
//! at a time at which all of it is signed.

use std::{collections::BTreeMap, env, fs, path::Path};

use crate::{
    gate::closing,
    publisher::{Publisher, REGION},
};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/repositories/published");

/// Before, a policy that ships leaves access open; after, its second version closes it.
fn published() -> BTreeMap<String, Vec<u8>> {
    let mut publisher = Publisher::new();
    let mut files = BTreeMap::from([("root.json".to_owned(), publisher.root_file())]);
    let mut put = |name: &str, publisher: &Publisher| {
        let mirror = publisher.publish().files().into_iter();
        files.extend(mirror.map(|(path, content)| (format!("{name}/{path}"), content)));
    };
    put("before", &publisher);
    publisher.add("region", REGION, 2, &closing(2));
    put("after", &publisher);
    files
}

fn files(folder: &Path, under: &str) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let each = entries.map(|entry| entry.unwrap().path()).flat_map(|path| {
        let name = format!("{under}{}", path.file_name().unwrap().display());
        if path.is_dir() {
            files(&path, &format!("{name}/"))
        } else {
            [(name, fs::read(path).unwrap())].into()
        }
    });
    each.collect()
}

/// A phone's tests that refresh from something else than is published would prove nothing of it.
#[test]
fn what_kotlin_and_swift_refresh_from_is_published() {
    if env::var_os("OCTROI_WRITE").is_some() {
        let _ = fs::remove_dir_all(FOLDER);
        for (path, content) in published() {
            let path = Path::new(FOLDER).join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
    }
    assert!(
        files(Path::new(FOLDER), "") == published(),
        "write it again: OCTROI_WRITE=1 cargo test --package octroi-tests --test updates kept::"
    );
}
