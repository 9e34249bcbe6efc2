//! A folder of parts: what a run leaves when it is cut off anywhere, and how another goes on with it.

use std::{fs, path::Path, process::Stdio, thread, time::Duration};

use serde_json::Value;

use crate::{
    Dice, any_line,
    inputs::{command, fleet, folder, said},
};

/// Three inputs of any lines, one of them empty, in `in/`.
fn any_fleet(folder: &Path, dice: &mut Dice, records: usize) {
    fs::create_dir_all(folder.join("in")).unwrap();
    let mut text = Vec::new();
    for number in 0..records {
        text.extend(any_line(dice, number));
        text.extend([&b"\n"[..], b"\r\n"][dice.below(2)]);
    }
    let at = dice.below(text.len());
    fs::write(folder.join("in/a.ndjson"), &text[..at]).unwrap();
    fs::write(folder.join("in/b.ndjson"), "\n").unwrap();
    fs::write(folder.join("in/c.ndjson"), &text[at..]).unwrap();
    #[cfg(feature = "parquet")]
    crate::parquet::write_lines(&folder.join("in/d.parquet"), &text[at..], 37);
}

/// What is in a folder and not hidden: names and what they hold.
pub(crate) fn content(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let files = entries.map(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        let bytes = fs::read(entry.path()).unwrap();
        (name, bytes)
    });
    let mut files: Vec<_> = files.filter(|(name, _)| !name.starts_with('.')).collect();
    files.sort();
    files
}

pub(crate) fn manifest(folder: &Path) -> Value {
    serde_json::from_slice(&fs::read(folder.join("_manifest.json")).unwrap()).unwrap()
}

pub(crate) fn parts_of(content: &[(String, Vec<u8>)]) -> impl Iterator<Item = &[u8]> {
    let parts = content.iter().filter(|(name, _)| name.starts_with("part-"));
    parts.map(|(_, bytes)| bytes.as_slice())
}

const FORMATS: &[&str] = match cfg!(feature = "parquet") {
    true => &["ndjson", "csv", "parquet"],
    false => &["ndjson", "csv"],
};

pub(crate) const AT: [&str; 2] = ["--at", crate::AT];

#[test]
fn the_parts_are_the_output() {
    let folder = folder("parts-output");
    any_fleet(&folder, &mut Dice(77), 1_000);
    for (format, part) in [
        ("ndjson", 100),
        ("csv", 100),
        ("ndjson", 1),
        ("ndjson", 100_000),
        ("csv", 33),
    ] {
        let (name, size) = (format!("{format}-{part}"), part.to_string());
        let whole = fleet(&folder, &[&["in", "--format", format], &AT[..]].concat());
        let arguments = [
            "in",
            "--format",
            format,
            "--output",
            &name,
            "--part-records",
            &size,
        ];
        let output = fleet(&folder, &[&arguments[..], &AT].concat());
        assert!(output.stdout.is_empty());
        assert_eq!(output.status.code(), whole.status.code());
        let content = content(&folder.join(&name));
        let head = whole.stdout.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        let head = if format == "csv" { head } else { 0 };
        let mut found = whole.stdout[..head].to_vec();
        for bytes in parts_of(&content) {
            assert_eq!(bytes[..head], whole.stdout[..head]);
            found.extend(&bytes[head..]);
        }
        assert!(found == whole.stdout, "{name}");

        let manifest = manifest(&folder.join(&name));
        let parts = manifest["parts"].as_array().unwrap();
        assert_eq!(parts.len() + 1, content.len());
        let (last, full) = parts.split_last().unwrap();
        assert!(full.iter().all(|of| of["records"] == part));
        assert!(last["records"].as_u64().unwrap() <= part);
        assert_eq!(manifest["complete"], true);
        assert_eq!(manifest["empty"].as_array().unwrap().len(), 1);
    }
}

/// Nothing is doubled and nothing lost, wherever a run is killed.
#[cfg(unix)]
#[test]
fn a_run_that_is_killed_again_and_again_comes_to_the_same() {
    let folder = folder("parts-killed");
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    any_fleet(&folder, &mut dice, 13_000);
    let arguments = |output| {
        let of = [
            "in",
            "--output",
            output,
            "--part-records",
            "100",
            "--resume",
        ];
        [&of[..], &AT].concat()
    };
    let whole = fleet(&folder, &arguments("whole"));
    let output = folder.join("killed");
    let (mut kills, mut cut) = (0, [0; 2]);
    let status = loop {
        let before = count(&output);
        let mut child = command(&folder)
            .args(arguments("killed"))
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Now and then before it has made anything, mostly after a part or two.
        let parts = before + dice.below(3);
        while count(&output) < parts && child.try_wait().unwrap().is_none() {
            thread::sleep(Duration::from_micros(100));
        }
        thread::sleep(Duration::from_micros(dice.below(3_000) as u64));
        child.kill().unwrap();
        let status = child.wait().unwrap();
        if let Some(code) = status.code() {
            break code;
        }
        kills += 1;
        let is_named = |name: &str| output.join(name).exists();
        cut[0] += usize::from(is_named(&format!(".part-{:05}.ndjson.tmp", count(&output))));
        cut[1] += usize::from(is_named("._manifest.json.tmp"));
    };
    println!(
        "counted: a fleet was killed {kills} times before its end, in a part {}, in the manifest {}",
        cut[0], cut[1]
    );
    assert!(kills >= 60, "{kills}");
    assert_eq!(Some(status), whole.status.code());
    let (whole, killed) = (content(&folder.join("whole")), content(&output));
    assert_eq!(whole.len(), killed.len());
    for (whole, killed) in whole.iter().zip(&killed) {
        assert!(whole == killed, "{}", killed.0);
    }
}

/// How many parts a folder holds.
#[cfg(unix)]
fn count(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let parts = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with("part-"));
    parts.count()
}

/// What a power cut may leave: any number of parts that the manifest names, and after those one that is whole, cut off, or not there.
#[test]
fn a_run_goes_on_from_every_point_at_which_it_can_be_cut_off() {
    let mut dice = Dice(0xD1B5_4A32_D192_ED03);
    for round in 0..6 {
        let folder = folder(&format!("parts-cut-{round}"));
        let records = 50 + dice.below(400);
        any_fleet(&folder, &mut dice, records);
        let (size, format) = (
            (1 + records / 25 + dice.below(60)).to_string(),
            FORMATS[round % FORMATS.len()],
        );
        let arguments = [
            "in",
            "--output",
            "out",
            "--part-records",
            &size,
            "--format",
            format,
        ];
        let arguments = [&arguments[..], &AT].concat();
        let status = fleet(&folder, &arguments).status.code();
        let output = folder.join("out");
        let (whole, manifest) = (content(&output), manifest(&output));
        let parts = manifest["parts"].as_array().unwrap();
        for done in 0..=parts.len() {
            let mut cut = manifest.clone();
            cut["complete"] = false.into();
            cut["parts"] = parts[..done].into();
            if parts[..done].iter().all(|part| part["end"]["input"] == 0) {
                cut["empty"] = Value::Array(Vec::new());
            }
            fs::remove_dir_all(&output).unwrap();
            fs::create_dir(&output).unwrap();
            fs::write(output.join("_manifest.json"), cut.to_string()).unwrap();
            let (kept, rest) = whole[1..].split_at(done);
            for (name, bytes) in kept {
                fs::write(output.join(name), bytes).unwrap();
            }
            if let Some((name, bytes)) = rest.first() {
                let half = &bytes[..dice.below(bytes.len())];
                match dice.below(3) {
                    0 => fs::write(output.join(name), bytes).unwrap(),
                    1 => fs::write(output.join(name), half).unwrap(),
                    _ => fs::write(output.join(format!(".{name}.tmp")), half).unwrap(),
                }
            }
            fs::write(output.join("._manifest.json.tmp"), "{").unwrap();
            let resumed = fleet(&folder, &[&arguments[..], &["--resume"]].concat());
            assert_eq!(resumed.status.code(), status, "{}", said(&resumed));
            assert!(
                content(&output) == whole,
                "round {round}, {done} of {}",
                parts.len()
            );
        }
    }
}

#[cfg(unix)]
#[test]
fn an_interruption_leaves_whole_parts() {
    let folder = folder("parts-interrupted");
    let mut child = command(&folder)
        .args(["-", "--output", "out", "--part-records", "50"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    crate::feed_for_ever(&mut child);
    while count(&folder.join("out")) < 3 {
        thread::sleep(Duration::from_millis(1));
    }
    crate::interrupt(&child);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let manifest = manifest(&folder.join("out"));
    let parts = manifest["parts"].as_array().unwrap().len();
    assert_eq!(content(&folder.join("out")).len(), parts + 1);
    let how_far = format!(
        "interrupted: records in parts that are whole: {};",
        parts * 50
    );
    assert!(said(&output).contains(&how_far), "{}", said(&output));
}
