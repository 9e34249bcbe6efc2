//! The corpus of the fuzz targets, replayed: what once was worth trying is tried with every change.

use std::path::{Path, PathBuf};
use std::{fs, io};

use octroi_tests::fuzz::TARGETS;

#[test]
fn every_input_does_what_its_target_asks() -> io::Result<()> {
    for (target, run) in TARGETS {
        let inputs = entries(&folder("corpus").join(target))?;
        assert!(!inputs.is_empty(), "the corpus of `{target}` is empty");
        for input in inputs {
            println!("{}", input.display()); // shown if the next line panics
            run(&fs::read(&input)?);
        }
    }
    Ok(())
}

#[test]
fn every_target_has_a_function_and_a_corpus() -> io::Result<()> {
    let names = TARGETS.map(|(name, _)| name);
    for kind in ["fuzz_targets", "corpus"] {
        let found = entries(&folder(kind))?;
        let found: Vec<_> = found.iter().filter_map(|path| path.file_stem()).collect();
        assert_eq!(found, names, "{kind}");
    }
    Ok(())
}

fn folder(kind: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz")
        .join(kind)
}

/// What a folder holds, sorted.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        entries.push(entry?.path());
    }
    entries.sort();
    Ok(entries)
}
