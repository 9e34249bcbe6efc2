//! Whatever somebody gives to the readers: an answer or an error, soon, and in little memory.

use octroi_core::{Platform, Presence};
use octroi_exports::{Kind, Options};
use proptest::prelude::*;

use crate::{fixture, options, policies, read, read_for, tiktok};

const FIXTURES: [&str; 17] = [
    "amapi-company.json",
    "amapi-work-profile.json",
    "dumpsys-14.txt",
    "dumpsys-9.txt",
    "fleetdm-iphone.json",
    "ideviceinstaller-new.txt",
    "ideviceinstaller-old.txt",
    "intune-device.json",
    "pm-all-flags.txt",
    "pm-error-middle.txt",
    "pm-powershell.txt",
    "pm-work-profile.txt",
    "apple-answer.bplist",
    "apple-answer.plist",
    "apple-bare-dictionary.bplist",
    "apple-error.plist",
    "apple-mac.plist",
];

/// Every reader, on what it would recognise and on what it would not.
fn read_all(export: &[u8]) {
    let policies = policies();
    let _ = Kind::detect(export);
    for kind in Kind::ALL {
        let _ = octroi_exports::read(export, kind, &policies, &Options::default());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
        read_all(&bytes);
        read_all(&[b"bplist00", &bytes[..]].concat());
        read_all(&[b"package:", &bytes[..]].concat());
        read_all(&[b"<plist>", &bytes[..]].concat());
        read_all(&[b"Packages:\n  Package [a] (1):\n    User 0: ", &bytes[..]].concat());
        read_all(&[b"Total: 2 apps\na.b - ", &bytes[..]].concat());
        read_all(&[b"CFBundleIdentifier, CFBundleVersion\na.b, \"", &bytes[..]].concat());
        read_all(&[b"{\"applicationReports\":", &bytes[..]].concat());
    }

    #[test]
    fn no_damage_makes_a_reader_panic(
        name in proptest::sample::select(&FIXTURES[..]),
        damages in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
        cuts in any::<bool>(),
    ) {
        let mut export = fixture(name);
        for (at, byte) in damages {
            let at = at.index(export.len());
            export[at] = byte;
        }
        if cuts {
            export.truncate(cut.index(export.len()));
        }
        read_all(&export);
    }

    /// Words that mean something, in an order that means nothing.
    #[test]
    fn no_list_of_words_makes_a_reader_panic(
        words in proptest::collection::vec(proptest::sample::select(&WORDS[..]), 0..40),
    ) {
        read_all(words.concat().as_bytes());
    }
}

const WORDS: [&str; 49] = [
    "Users:\n",
    "\tUserInfo{0:a:13}\n",
    "Packages:\n",
    "  Package [a.b] (1):\n",
    "    User 10: ",
    "installed=true",
    "      firstInstallTime=",
    "2023-03-27 09:15:00",
    "Shared users:\n",
    "Total: 1 apps\n",
    "CFBundleIdentifier, ",
    " - ",
    "\"",
    "\\",
    "{",
    "}",
    "[",
    "]",
    ":",
    "\"applicationReports\"",
    "\"value\"",
    "package:",
    "android",
    "=",
    "/",
    " ",
    "\n",
    "\r\n",
    "uid:",
    "100000",
    ",",
    "versionCode:",
    "installer=",
    "Error: ",
    "é",
    "\t",
    "<plist>",
    "<dict>",
    "</dict>",
    "<array>",
    "</array>",
    "<key>",
    "</key>",
    "<string>",
    "</string>",
    "Identifier",
    "InstalledApplicationList",
    "<true/>",
    "&amp;",
];

/// The export without TikTok, cut nowhere else: the other name is as long.
fn clean(export: Vec<u8>) -> Vec<u8> {
    let mut clean = export;
    let (theirs, other) = (b"zhiliaoapp", b"exampleapp");
    while let Some(at) = clean.windows(theirs.len()).position(|part| part == theirs) {
        clean[at..at + other.len()].copy_from_slice(other);
    }
    clean
}

/// A download that broke off is not a phone without apps.
#[test]
fn a_file_cut_anywhere_never_proves_absence() {
    for (name, platform) in [
        ("apple-bare.plist", Some(Platform::Ios)),
        ("apple-bare-dictionary.bplist", Some(Platform::Ios)),
        ("apple-answer.plist", None),
        ("apple-answer.bplist", None),
        ("amapi-company.json", None),
        ("fleetdm-iphone.json", None),
    ] {
        let whole = clean(fixture(name));
        assert_eq!(
            tiktok(&read_for(&whole, platform).unwrap()).0,
            Presence::Absent,
            "{name}"
        );
        // At the end of an XML file stands a line end, which nobody misses.
        for length in 0..whole.len() - 1 {
            if let Ok(reading) = read_for(&whole[..length], platform) {
                assert_ne!(
                    tiktok(&reading).0,
                    Presence::Absent,
                    "{name} cut at {length}"
                );
            }
        }
    }
}

/// Every cut inside a line: the last name may be half of another one.
#[test]
fn a_list_of_packages_cut_inside_a_line_never_proves_absence() {
    let whole =
        b"Users:\n\tUserInfo{0:Owner:c13}\npackage:android\npackage:com.example.bank\r\npackage:org.mozilla.firefox uid:10261\n";
    assert_eq!(tiktok(&read(whole).unwrap()).0, Presence::Absent);
    for length in 1..whole.len() {
        let cut = &whole[..length];
        if !cut.ends_with(b"\n")
            && let Ok(reading) = read(cut)
        {
            assert_ne!(tiktok(&reading).0, Presence::Absent, "cut at {length}");
        }
    }
}

/// Like a list of packages, one in columns hides a cut between two lines; one with a total does not.
#[test]
fn a_list_of_ideviceinstaller_cut_inside_a_line_never_proves_absence() {
    for (whole, hides) in [
        (
            "CFBundleIdentifier, CFBundleVersion\norg.example.bank, \"4\"\nbe.example.itsme, \"6\"\n",
            true,
        ),
        (
            "Total: 2 apps\norg.example.bank - Bank 4\nbe.example.itsme - itsme 6\n",
            false,
        ),
    ] {
        assert_eq!(tiktok(&read(whole.as_bytes()).unwrap()).0, Presence::Absent);
        for length in 1..whole.len() {
            let cut = &whole[..length];
            if !(hides && cut.ends_with('\n'))
                && let Ok(reading) = read(cut.as_bytes())
            {
                assert_ne!(tiktok(&reading).0, Presence::Absent, "{cut}");
            }
        }
    }
}

/// A binary property list of these objects; the first is the root, and a reference is the number of an object.
fn binary(objects: &[Vec<u8>], reference_size: u8) -> Vec<u8> {
    let mut file = b"bplist00".to_vec();
    let mut offsets = Vec::new();
    for object in objects {
        offsets.push(u32::try_from(file.len()).unwrap());
        file.extend(object);
    }
    let table = u64::try_from(file.len()).unwrap();
    for offset in &offsets {
        file.extend(offset.to_be_bytes());
    }
    file.extend([0; 6]);
    file.extend([4, reference_size]);
    file.extend(u64::try_from(offsets.len()).unwrap().to_be_bytes());
    file.extend(0_u64.to_be_bytes());
    file.extend(table.to_be_bytes());
    file
}

/// Marker, length and references of an array.
fn array(references: &[u8]) -> Vec<u8> {
    let length = u32::try_from(references.len()).unwrap();
    let mut object = vec![0xAF, 0x12];
    object.extend(length.to_be_bytes());
    object.extend(references);
    object
}

#[test]
fn a_small_binary_list_cannot_ask_for_much() {
    // Thirty arrays, each holding the next one twice: a thousand million values.
    let mut doubling: Vec<Vec<u8>> = (1..=30).map(|next| array(&[next, next])).collect();
    doubling.push(vec![0x09]);
    // Arrays within arrays, each long.
    let mut long: Vec<Vec<u8>> = (1..=30).map(|next| array(&vec![next; 1 << 16])).collect();
    long.push(vec![0x09]);
    // One long string, named often.
    let mut string = vec![0x5F, 0x12, 0, 1, 0, 0];
    string.extend(vec![b'a'; 1 << 16]);
    let named_often = vec![array(&vec![1; 1 << 15]), string];
    // An array that holds itself, and one longer than the file.
    let endless = vec![array(&[0])];
    let longer = vec![vec![
        0xAF, 0x13, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0,
    ]];
    for objects in [doubling, long, named_often, endless, longer] {
        let export = binary(&objects, 1);
        assert!(read(&export).is_err());
    }
}

#[test]
fn a_record_is_read_by_the_core_and_keeps_its_platform() {
    let record = br#"{ "device": { "platform": "android" }, "observations": [ {
        "apps": [ { "id": "com.zhiliaoapp.musically" } ] } ] }"#;
    let reading = read(record).unwrap();
    assert_eq!(tiktok(&reading).0, Presence::Present);
    assert_eq!(reading.notes, []);
    let read =
        |platform| octroi_exports::read(record, Kind::Record, &policies(), &options(platform));
    assert!(read(Some(Platform::Android)).is_ok());
    assert_eq!(
        read(Some(Platform::Ios)).unwrap_err().to_string(),
        "the platform told: found `ios`, expected `android`, the platform that the record names"
    );
    let error = crate::read(b"{ \"device\": { \"platform\": \"symbian\" } }")
        .unwrap_err()
        .to_string();
    assert!(error.starts_with("line 1, column "), "{error}");
    assert!(error.contains("`device.platform`"), "{error}");
}
