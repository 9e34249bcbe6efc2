//! Which earlier outputs are compared with, and how a comparison ends.

use std::fs;

use crate::{
    device,
    inputs::{fleet, folder, said},
    lines,
    parts::{AT, content, manifest},
};

/// A device that is in no earlier output looks new, and who is told so looks for a theft.
#[test]
fn an_output_that_is_short_is_no_earlier_one() {
    let folder = folder("earlier-short");
    let run = |arguments: &[&str]| fleet(&folder, &[arguments, &AT].concat());
    let text: String = (0..10).map(|number| device(number) + "\n").collect();
    fs::write(folder.join("in.ndjson"), text).unwrap();
    let parts = ["in.ndjson", "--output", "before", "--part-records", "4"];
    assert_eq!(run(&parts).status.code(), Some(0));
    let since = ["in.ndjson", "--since", "before"];
    assert!(run(&since).stdout.is_empty());
    let part = folder.join("before/part-00001.ndjson");
    let whole = fs::read_to_string(&part).unwrap();
    fs::write(&part, whole.split_inclusive('\n').next().unwrap()).unwrap();
    let output = run(&since);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let said = said(&output);
    assert!(said.contains("bytes, as the manifest says"), "{said}");
}

/// An output of changes in which nothing changed has no line that tells what it is.
#[test]
fn changes_are_no_earlier_output_even_if_there_were_none() {
    let folder = folder("earlier-changes");
    let run = |arguments: &[&str]| fleet(&folder, &[arguments, &AT].concat());
    fs::write(folder.join("in.ndjson"), device(1)).unwrap();
    run(&["in.ndjson", "--output", "whole"]);
    run(&["in.ndjson", "--since", "whole", "--output", "since"]);
    let policy = ["--policy", "be-brussels-local"];
    let simulate = ["simulate", "in.ndjson", "--output", "simulated"];
    run(&[&simulate[..], &policy].concat());
    for changes in ["since", "simulated"] {
        assert_eq!(manifest(&folder.join(changes))["complete"], true);
        assert!(content(&folder.join(changes))[1].1.is_empty(), "{changes}");
        let output = run(&["in.ndjson", "--since", changes]);
        assert_eq!(output.status.code(), Some(2), "{changes}");
        assert!(
            said(&output).contains("an output that holds only what had changed"),
            "{}",
            said(&output)
        );
    }
}

/// What is said of a comparison that was cut off is what can be done.
#[cfg(unix)]
#[test]
fn a_comparison_does_not_go_on() {
    let folder = folder("earlier-interrupted");
    fs::write(folder.join("before"), "").unwrap();
    let arguments = [
        "-",
        "--since",
        "before",
        "--output",
        "out",
        "--part-records",
        "50",
    ];
    let mut child = crate::inputs::command(&folder)
        .args(arguments)
        .stdin(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    crate::feed_for_ever(&mut child);
    while !folder.join("out/part-00000.ndjson").exists() {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    crate::interrupt(&child);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    for output in [output, fleet(&folder, &arguments)] {
        let said = said(&output);
        assert!(said.contains("anew"), "{said}");
        assert!(!said.contains("--resume"), "{said}");
    }
}

/// Two devices that share an id are one too few among those that are gone, whether or not the id is new.
#[test]
fn an_id_that_two_lines_have_is_counted() {
    let folder = folder("earlier-twice");
    fs::write(folder.join("before"), "").unwrap();
    let text = [device(1), device(2), device(1), device(1)].join("\n");
    fs::write(folder.join("in.ndjson"), text).unwrap();
    let output = fleet(&folder, &["in.ndjson", "--since", "before"]);
    let found = lines(&output.stdout);
    assert_eq!(found.len(), 4);
    assert!(found.iter().all(|line| line["change"] == "new_device"));
    let told = "  2 lines of a device_id that another line has, too";
    assert!(said(&output).contains(told), "{}", said(&output));
}
