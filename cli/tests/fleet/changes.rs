//! What changed: since an earlier output, and under other rules.

use std::{
    collections::{HashMap, HashSet},
    fs,
    path::Path,
};

use serde_json::Value;

use crate::{
    Dice, any_line, device,
    inputs::{fleet, folder, said},
    lines,
};

/// A fleet of any lines.
fn any_fleet(dice: &mut Dice, devices: usize) -> Vec<Vec<u8>> {
    (0..devices).map(|number| any_line(dice, number)).collect()
}

fn write(path: &Path, fleet: &[Vec<u8>]) {
    fs::write(path, fleet.join(&b'\n')).unwrap();
}

/// What counts of a line, as somebody else would compare it.
fn essence(line: &Value) -> Value {
    if line.get("error").is_some() {
        return "error".into();
    }
    let policies = line["assessments"].as_array().unwrap().iter();
    let obligations = policies.flat_map(|said| said["obligations"].as_array().unwrap());
    let mut obligations: Vec<_> = obligations
        .map(|must| {
            ["kind", "app", "due", "state"]
                .map(|key| must[key].to_string())
                .join(":")
        })
        .collect();
    obligations.sort();
    obligations.dedup();
    serde_json::json!([line["access"], line["status"], obligations])
}

/// The word for a difference, told from the documentation alone.
fn word(before: Option<&[Value]>, now: &Value) -> Option<&'static str> {
    if now["device_id"].is_null() {
        return Some("not_comparable");
    }
    let Some(before) = before else {
        return Some("new_device");
    };
    if before
        .iter()
        .any(|line| essence(line) != essence(&before[0]))
    {
        return Some("not_comparable");
    }
    between(&before[0], now)
}

fn between(before: &Value, now: &Value) -> Option<&'static str> {
    if essence(before) == essence(now) {
        return None;
    }
    let is_error = |line: &Value| line.get("error").is_some();
    let decision = |line: &Value| line["access"]["decision"].as_str().unwrap().to_owned();
    Some(match (is_error(before), is_error(now)) {
        (false, true) => "newly_unreadable",
        (true, false) => "newly_assessed",
        _ => match (&*decision(before), &*decision(now)) {
            ("permit", "deny") => "newly_denied",
            ("deny", "permit") => "newly_permitted",
            _ if is_due(before, now) => "newly_due",
            _ => "otherwise_changed",
        },
    })
}

/// Whether something must be done now that did not have to, or whose day has come, or is earlier.
fn is_due(before: &Value, now: &Value) -> bool {
    let duties = |line: &Value| {
        let mut duties: HashMap<String, (u8, String)> = HashMap::new();
        for said in line["assessments"].as_array().unwrap() {
            for must in said["obligations"].as_array().unwrap() {
                let rank = match must["state"].as_str().unwrap() {
                    "done" => 0,
                    "pending" => 1,
                    _ => 2,
                };
                let due = must["due"].as_str().unwrap_or("9999").to_owned();
                let key = format!("{}{}", must["kind"], must["app"]);
                let known = duties.entry(key).or_insert((rank, due.clone()));
                if rank > known.0 || (rank == known.0 && due < known.1) {
                    *known = (rank, due);
                }
            }
        }
        duties
    };
    let before = duties(before);
    duties(now)
        .into_iter()
        .any(|(key, (rank, due))| match before.get(&key) {
            None => rank > 0,
            Some((then, day)) => rank > *then || (rank == 1 && *then == 1 && due < *day),
        })
}

#[test]
fn what_changed_is_what_a_naive_comparison_finds() {
    let folder = folder("changes-naive");
    let mut dice = Dice(0xA076_1D64_78BD_642F);
    let mut words = HashMap::new();
    for round in 0..12 {
        let mut devices = any_fleet(&mut dice, 300);
        write(&folder.join("before.in"), &devices);
        // Some are gone, some new, some twice, some look otherwise; and time passes.
        for _ in 0..60 {
            let (at, other) = (dice.below(devices.len()), dice.below(devices.len()));
            match dice.below(6) {
                0 => drop(devices.remove(at)),
                1 => devices[at] = any_line(&mut dice, at),
                2 => devices.push(any_line(&mut dice, 1_000 + at)),
                3 => devices[at] = devices[other].clone(),
                4 => {
                    let app = "com.zhiliaoapp.musically";
                    devices[at] = device(at).replace("org.example.one", app).into_bytes();
                }
                _ => {
                    devices[at] = device(at)
                        .replace("\"complete\":false", "\"complete\":true")
                        .into_bytes()
                }
            }
        }
        write(&folder.join("now.in"), &devices);
        let later = ["2023-03-30T08:00:00Z", "2023-04-05T08:00:00Z"][round % 2];
        let before = fleet(&folder, &["before.in", "--at", crate::AT]);
        fs::write(folder.join("before.ndjson"), &before.stdout).unwrap();
        let now = fleet(&folder, &["now.in", "--at", later]);
        let since = fleet(
            &folder,
            &["now.in", "--at", later, "--since", "before.ndjson"],
        );
        assert_eq!(since.status.code(), now.status.code());

        let mut earlier: HashMap<String, Vec<Value>> = HashMap::new();
        for line in lines(&before.stdout) {
            if let Some(id) = line["device_id"].as_str() {
                earlier.entry(id.to_owned()).or_default().push(line);
            }
        }
        let mut expected = Vec::new();
        for mut line in lines(&now.stdout) {
            let before = line["device_id"].as_str().and_then(|id| earlier.get(id));
            if let Some(word) = word(before.map(Vec::as_slice), &line) {
                *words.entry(word).or_insert(0) += 1;
                line["change"] = word.into();
                expected.push(line);
            }
        }
        assert_eq!(lines(&since.stdout), expected);
        let ids: Vec<_> = lines(&now.stdout)
            .iter()
            .filter_map(|line| line["device_id"].as_str().map(str::to_owned))
            .collect();
        let gone = earlier.keys().filter(|id| !ids.contains(id)).count();
        let said = said(&since);
        assert!(
            said.contains(&format!("  gone, so not printed: {gone}\n")),
            "{said}"
        );
        let changed = format!(
            "  changed, of {} devices before: {}\n",
            earlier.len(),
            expected.len()
        );
        assert!(said.contains(&changed), "{said}");
    }
    // The test has seen what it is about.
    assert_eq!(words.len(), 8, "{words:?}");
}

/// Where each device has its own id, nothing changes when nothing changed.
#[test]
fn nothing_changed_since_now() {
    let folder = folder("changes-none");
    let mut dice = Dice(5);
    let mut devices = any_fleet(&mut dice, 400);
    // A line that lost its id cannot be compared; all others can.
    devices.retain(|line| !line.trim_ascii().is_empty());
    write(&folder.join("in.ndjson"), &devices);
    let found = lines(&fleet(&folder, &["in.ndjson"]).stdout);
    let mut ids = HashSet::new();
    for (number, line) in found.iter().enumerate() {
        if line["device_id"].is_null() || !ids.insert(line["device_id"].to_string()) {
            let line = format!(r#"{{"device":{{"id":"n-{number}","platform":"beos"}}}}"#);
            devices[number] = line.into_bytes();
        }
    }
    write(&folder.join("in.ndjson"), &devices);
    for more in [&[][..], &["--format", "csv"]] {
        let all = [&["in.ndjson", "--at", crate::AT, "--output", "out"][..]].concat();
        let _ = fs::remove_dir_all(folder.join("out"));
        let whole = fleet(&folder, &all);
        let since = [&["in.ndjson", "--at", crate::AT, "--since", "out"], more].concat();
        let output = fleet(&folder, &since);
        assert_eq!(output.status.code(), whole.status.code());
        let rows = output.stdout.iter().filter(|byte| **byte == b'\n').count();
        assert_eq!(rows, more.len() / 2, "the head of a table, and no row");
        let told = format!("  changed, of {} devices before: 0\n", devices.len());
        assert!(said(&output).contains(&told), "{}", said(&output));
    }
}

#[test]
fn what_is_no_earlier_output_is_refused() {
    let folder = folder("changes-refused");
    let run = |arguments: &[&str]| fleet(&folder, arguments);
    fs::write(folder.join("in.ndjson"), device(1)).unwrap();
    fs::write(
        folder.join("record"),
        run(&["in.ndjson", "--format", "csv"]).stdout,
    )
    .unwrap();
    fs::write(folder.join("empty"), "").unwrap();
    fs::write(
        folder.join("changes"),
        run(&["in.ndjson", "--since", "empty"]).stdout,
    )
    .unwrap();
    run(&["in.ndjson", "--output", "table", "--format", "csv"]);
    run(&["in.ndjson", "--output", "whole"]);
    let manifest = fs::read_to_string(folder.join("whole/_manifest.json")).unwrap();
    fs::create_dir(folder.join("half")).unwrap();
    fs::write(
        folder.join("half/_manifest.json"),
        manifest.replace("\"complete\": true", "\"complete\": false"),
    )
    .unwrap();
    fs::create_dir(folder.join("other")).unwrap();
    for (earlier, found) in [
        (
            "in.ndjson",
            "in.ndjson:1\n  found:    neither an assessment nor an error",
        ),
        ("record", "record:1\n"),
        ("changes", "an output that holds only what had changed"),
        ("table", "an output as csv"),
        ("half", "an output that is not whole"),
        ("other", "_manifest.json"),
        ("nowhere", "nowhere"),
    ] {
        let output = run(&["in.ndjson", "--since", earlier]);
        assert_eq!(output.status.code(), Some(2), "{earlier}");
        assert!(output.stdout.is_empty(), "{earlier}");
        assert!(
            said(&output).contains(found),
            "{earlier}: {}",
            said(&output)
        );
    }
    assert_eq!(
        run(&["in.ndjson", "--since", "whole"]).status.code(),
        Some(0)
    );
}

/// A device that is not known by its id is never taken for another one.
#[test]
fn who_has_no_id_of_his_own_is_counted() {
    let folder = folder("changes-nameless");
    let bare = r#"{"device":{"platform":"ios"}}"#;
    let (permitted, denied) = (device(4), device(6));
    let twice = permitted.replace("d-4", "d-6");
    fs::write(
        folder.join("before.in"),
        format!("{bare}\n{denied}\n{twice}\n{permitted}\n{permitted}\n"),
    )
    .unwrap();
    fs::write(
        folder.join("now.in"),
        format!("{bare}\n{denied}\n{permitted}\n{permitted}\n"),
    )
    .unwrap();
    fs::write(
        folder.join("before"),
        fleet(&folder, &["before.in", "--at", crate::AT]).stdout,
    )
    .unwrap();
    let output = fleet(&folder, &["now.in", "--at", crate::AT, "--since", "before"]);
    let changes: Vec<_> = lines(&output.stdout)
        .iter()
        .map(|line| line["change"].clone())
        .collect();
    assert_eq!(changes, ["not_comparable", "not_comparable"]);
    for told in [
        "  1 earlier lines without a device_id",
        "  1 device_ids of which earlier lines contradict each other",
        "  1 lines of a device_id that another line has, too",
        "  gone, so not printed: 0\n",
    ] {
        assert!(said(&output).contains(told), "{}", said(&output));
    }
}

#[test]
fn a_simulation_compares_each_device_with_itself() {
    let folder = folder("changes-simulated");
    let mut dice = Dice(0xE703_7ED1_A0B4_28DB);
    write(&folder.join("in.ndjson"), &any_fleet(&mut dice, 600));
    let (new, old) = ("be-brussels-region", "be-brussels-local");
    let under = |policy| {
        lines(
            &fleet(
                &folder,
                &["in.ndjson", "--at", crate::AT, "--policy", policy],
            )
            .stdout,
        )
    };
    let run = |new: &[&str], old: &[&str]| {
        let mut arguments = vec!["simulate", "in.ndjson", "--at", crate::AT];
        for (flag, ids) in [("--policy", new), ("--against", old)] {
            arguments.extend(ids.iter().flat_map(|id| [flag, id]));
        }
        fleet(&folder, &arguments)
    };
    for same in [&[new][..], &[old], &[new, old]] {
        let output = run(same, same);
        assert!(output.stdout.is_empty());
        assert!(
            said(&output).contains("  0 would lose access\n  0 would gain access\n"),
            "{}",
            said(&output)
        );
    }
    // Without another one, the old rules are the deployment's.
    assert!(run(&[old], &[]).stdout.is_empty());

    let mut expected = Vec::new();
    for (mut now, mut before) in under(new).into_iter().zip(under(old)) {
        if let Some(word) = between(&before, &now) {
            now["change"] = word.into();
            before.as_object_mut().unwrap().remove("record");
            now["against"] = before;
            expected.push(now);
        }
    }
    let output = run(&[new], &[old]);
    assert!(!expected.is_empty());
    assert_eq!(lines(&output.stdout), expected);
    let lost = expected
        .iter()
        .filter(|line| line["change"] == "newly_denied")
        .count();
    assert!(
        said(&output).contains(&format!("  {lost} would lose access\n")),
        "{}",
        said(&output)
    );

    let csv = fleet(
        &folder,
        &[
            "simulate",
            "in.ndjson",
            "--at",
            crate::AT,
            "--policy",
            new,
            "--format",
            "csv",
        ],
    );
    let mut rows = csv::Reader::from_reader(csv.stdout.as_slice());
    let heads = rows
        .headers()
        .unwrap()
        .iter()
        .skip(18)
        .collect::<Vec<_>>()
        .join(" ");
    assert_eq!(
        heads,
        "change against_decision against_status against_obligations against_error_code"
    );
    for (row, expected) in rows.records().map(|row| row.unwrap()).zip(&expected) {
        assert_eq!(row[18], expected["change"]);
        assert_eq!(row[19], expected["against"]["access"]["decision"]);
        assert_eq!(row[20], expected["against"]["status"]);
    }
}

/// Days of notification hold for the side whose policy they name, and for no other.
#[test]
fn one_deployment_holds_for_both_sides() {
    let folder = folder("changes-deployment");
    fs::write(folder.join("in.ndjson"), device(0)).unwrap();
    let deployment = |days: &str| {
        fs::write(
            folder.join("ours.toml"),
            format!("notified_on = {{ {days} }}\n"),
        )
        .unwrap()
    };
    let run = || {
        fleet(
            &folder,
            &[
                "simulate",
                "in.ndjson",
                "--deployment",
                "ours.toml",
                "--at",
                crate::AT,
                "--policy",
                "be-brussels-region",
            ],
        )
    };
    deployment("be-brussels-local = 2023-03-29");
    assert_eq!(run().status.code(), Some(0), "{}", said(&run()));
    deployment("be-brussels-region = \"2023-03-29\", be-wallonia = \"2023-03-29\"");
    assert_eq!(run().status.code(), Some(2));
    assert!(said(&run()).contains("`be-wallonia`"), "{}", said(&run()));
}

/// A simulation of millions goes on where it stopped, too.
#[test]
fn a_simulation_has_parts() {
    let folder = folder("changes-parts");
    let mut dice = Dice(9);
    write(&folder.join("in.ndjson"), &any_fleet(&mut dice, 500));
    let all = [
        "simulate",
        "in.ndjson",
        "--at",
        crate::AT,
        "--policy",
        "be-brussels-region",
    ];
    let whole = fleet(&folder, &all);
    let output = fleet(
        &folder,
        &[&all[..], &["--output", "out", "--part-records", "50"]].concat(),
    );
    assert_eq!(output.status.code(), whole.status.code());
    let mut parts: Vec<_> = fs::read_dir(folder.join("out"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    parts.retain(|path| path.extension().is_some_and(|end| end == "ndjson"));
    parts.sort();
    let found: Vec<u8> = parts
        .iter()
        .flat_map(|path| fs::read(path).unwrap())
        .collect();
    assert!(parts.len() > 5 && found == whole.stdout);
    let resumed = fleet(
        &folder,
        &[
            &all[..],
            &["--output", "out", "--part-records", "50", "--resume"],
        ]
        .concat(),
    );
    assert!(
        said(&resumed).contains("the run is finished"),
        "{}",
        said(&resumed)
    );
}

/// Who could not be read the night before is not told to be new without a word.
#[test]
fn an_earlier_run_that_missed_an_input_is_told() {
    let folder = folder("changes-missed");
    fs::write(folder.join("a.ndjson"), device(1)).unwrap();
    let both = ["a.ndjson", "b.ndjson"];
    let output = fleet(&folder, &[&both[..], &["--output", "before"]].concat());
    assert_eq!(output.status.code(), Some(2));
    fs::write(folder.join("b.ndjson"), device(2)).unwrap();
    let output = fleet(&folder, &[&both[..], &["--since", "before"]].concat());
    assert_eq!(lines(&output.stdout)[0]["change"], "new_device");
    assert!(
        said(&output).contains("  1 inputs of the earlier output could not be read"),
        "{}",
        said(&output)
    );
}
