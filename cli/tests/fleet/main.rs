//! `octroi fleet` under load: order, hostile lines, memory, and an end that comes early.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests may unwrap"
)]

#[cfg(feature = "parquet")]
mod bounds;
mod changes;
mod earlier;
mod found;
mod inputs;
mod page;
#[cfg(feature = "parquet")]
mod parquet;
mod parts;
mod place;
mod resume;

use std::{
    fs::{self, OpenOptions},
    io::{BufRead, BufReader, Read, Write},
    path::Path,
    process::{Child, ChildStdin, Command, Output, Stdio},
    thread,
};

use octroi_core::{Deployment, Instant, Policies, Record, assess, embedded};
use serde_json::{Value, json};

const AT: &str = "2023-03-30T08:00:00Z";

/// Starts a run that reads standard input.
fn start(arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_octroi"))
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .env("LC_ALL", "C.UTF-8")
        .args(["fleet", "--at", AT])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Writes in the background; the reader may leave before the end.
fn feed(child: &mut Child, write: impl FnOnce(&mut ChildStdin) + Send + 'static) {
    let mut input = child.stdin.take().unwrap();
    thread::spawn(move || write(&mut input));
}

fn run(input: Vec<u8>, arguments: &[&str]) -> Output {
    let mut child = start(arguments);
    feed(&mut child, move |pipe| pipe.write_all(&input).unwrap());
    child.wait_with_output().unwrap()
}

/// The lines of an output that must consist of whole ones.
fn lines(output: &[u8]) -> Vec<Value> {
    assert!(output.is_empty() || output.ends_with(b"\n"), "half a line");
    let lines = output.split_inclusive(|byte| *byte == b'\n');
    lines
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect()
}

fn numbers(lines: &[Value]) -> Vec<u64> {
    let numbers = lines.iter().map(|line| line["record"].as_u64().unwrap());
    numbers.collect()
}

fn device(number: usize) -> String {
    let ownership = ["organization", "personal", "unknown"][number % 3];
    let app = ["com.zhiliaoapp.musically", "org.example.one", "TikTok"][number / 3 % 3];
    let complete = number.is_multiple_of(2);
    format!(
        r#"{{"device":{{"id":"d-{number}","platform":"android","ownership":"{ownership}"}},"observations":[{{"complete":{complete},"apps":[{{"id":"{app}"}}]}}]}}"#
    )
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap()
    }
}

/// A line that may be anything but has no end in it.
fn any_line(dice: &mut Dice, number: usize) -> Vec<u8> {
    let mut line = device(number).into_bytes();
    match dice.below(10) {
        0 => line.clear(),
        1 => line = b" \t ".to_vec(),
        2 => line.truncate(dice.below(line.len())),
        3 => {
            let at = dice.below(line.len());
            line[at] = u8::try_from(dice.below(256)).unwrap();
        }
        4 => {
            let bytes = dice.below(60);
            line = (0..bytes)
                .map(|_| u8::try_from(dice.below(256)).unwrap())
                .collect();
        }
        5 => {
            let apps = r#"{"name":"x"},"#.repeat(dice.below(3_000));
            line = String::from_utf8(line)
                .unwrap()
                .replace("\"apps\":[", &format!("\"apps\":[{apps}"))
                .into_bytes();
        }
        _ => {}
    }
    line.retain(|byte| *byte != b'\n');
    line
}

#[test]
fn many_at_once_say_what_one_by_one_says() {
    let mut dice = Dice(0x2545_F491_4F6C_DD1D);
    let mut input = Vec::new();
    let mut expected = Vec::new();
    let deployment = Deployment::default();
    let policies = Policies::select(&deployment, embedded().unwrap()).unwrap();
    let at = Instant::parse(AT).unwrap();
    for number in 1..=10_000 {
        let line = any_line(&mut dice, number);
        input.extend(&line);
        input.extend([&b"\n"[..], b"\r\n"][dice.below(2)]);
        if line.trim_ascii().is_empty() {
            continue;
        }
        let record = str::from_utf8(&line)
            .ok()
            .and_then(|line| Record::from_json(line.as_bytes(), &policies).ok());
        expected.push((
            number,
            record.map(|record| {
                let assessment = assess(&policies, &record, &deployment, at);
                let mut value: Value = serde_json::from_str(&assessment.to_json()).unwrap();
                value["record"] = json!(number);
                value
            }),
        ));
    }

    let output = run(input, &[]);
    let found = lines(&output.stdout);
    assert_eq!(found.len(), expected.len());
    for (found, (number, expected)) in found.iter().zip(&expected) {
        match expected {
            Some(expected) => assert_eq!(found, expected),
            None => {
                assert_eq!(found["record"], json!(number));
                assert!(found["error"]["message"].is_string(), "{found}");
            }
        }
    }
    assert_eq!(output.status.code(), Some(2));
    let assessed = expected.iter().filter(|(_, record)| record.is_some());
    let summary = format!("{} assessed, ", assessed.count());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains(&summary), "{said}");
}

#[test]
fn a_line_that_is_too_long_is_an_error_and_never_held() {
    let mut child = start(&[]);
    feed(&mut child, |pipe| {
        writeln!(pipe, "{}", device(1)).unwrap();
        for _ in 0..256 {
            pipe.write_all(&[b'x'; 1 << 20]).unwrap();
        }
        write!(pipe, "\n{}\n", device(3)).unwrap();
        let long = " ".repeat(32 << 20);
        write!(pipe, "{long}\n{}{}", &long[device(5).len()..], device(5)).unwrap();
    });
    let output = child.wait_with_output().unwrap();
    let found = lines(&output.stdout);
    assert_eq!(numbers(&found), [1, 2, 3, 5]);
    assert_eq!(found[1]["error"]["code"], "too_long");
    assert_eq!(found[3]["device_id"], "d-5");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn the_form_of_the_lines_does_not_matter() {
    let (one, two) = (device(1), device(2));
    for (input, expected) in [
        (format!("{one}\n{two}\n"), &[1, 2][..]),
        (format!("{one}\n{two}"), &[1, 2]),
        (format!("{one}\r\n{two}\r\n"), &[1, 2]),
        (format!("\u{feff}{one}\r\n\r\n \n{two}\r"), &[1, 4]),
        (format!("\u{feff}\n\n\n{one}"), &[4]),
        ("\n\n".to_owned(), &[]),
        (String::new(), &[]),
    ] {
        let output = run(input.clone().into_bytes(), &[]);
        assert_eq!(numbers(&lines(&output.stdout)), expected, "{input:?}");
        assert_eq!(output.status.code(), Some(0), "{input:?}");
    }
}

#[test]
fn a_row_has_the_same_columns_whatever_it_says() {
    let mut dice = Dice(88_172_645_463_325_252);
    let lines: Vec<_> = (0..500).map(|number| any_line(&mut dice, number)).collect();
    let output = run(lines.join(&b'\n'), &["--format", "csv"]);
    let mut rows = csv::Reader::from_reader(output.stdout.as_slice());
    assert_eq!(&rows.headers().unwrap()[0], "record");
    let blank = |line: &&Vec<u8>| !line.trim_ascii().is_empty();
    let mut read = 0;
    for row in rows.records() {
        let row = row.unwrap();
        assert_ne!(row[4].is_empty(), row[15].is_empty(), "{row:?}");
        read += 1;
    }
    assert_eq!(read, lines.iter().filter(blank).count());
}

/// A device that names a field of its record like a formula must not have it calculated by whoever opens the list.
#[test]
fn a_path_is_no_formula() {
    for key in ["=1+1", "+1", "-1", "@sum"] {
        let line = format!(r#"{{"{key}":1,"device":{{"platform":"ios"}}}}"#);
        let output = run(line.into_bytes(), &["--format", "csv"]);
        let mut rows = csv::Reader::from_reader(output.stdout.as_slice());
        let row = rows.records().next().unwrap().unwrap();
        assert_eq!(row[16], format!("`{key}`"), "{row:?}");
        assert!(!row[17].starts_with(['=', '+', '-', '@']), "{row:?}");
    }
}

/// A first run on what a management gives, or on a record as octroi prints it, shows the way out, and once.
#[test]
fn a_document_that_is_no_lines_is_told_how_to_become_some() {
    let two = [r#"{"host":{"id":1,"platform":"ios"}}"#; 2].join(",");
    let pretty = serde_json::from_str::<Value>(&device(1)).unwrap();
    for input in [
        format!("[{two}]"),
        r#"{"hosts":[{"platform":"ios"},{"platform":"ios"}]}"#.to_owned(),
        format!("{pretty:#}"),
    ] {
        let said = String::from_utf8(run(input.clone().into_bytes(), &[]).stderr).unwrap();
        assert_eq!(said.matches("jq -c").count(), 2, "{input}: {said}");
        assert!(said.contains("help: a line holds one device"), "{said}");
    }
}

/// One bad line among good ones is no document of another form, and its owner need not turn the file around.
#[test]
fn one_line_that_is_none_is_not_told_how_to_become_some() {
    let good = (1..=3).map(device).collect::<Vec<_>>().join("\n");
    for line in ["[]", "]", "{\"hosts\":[]}", "\"x\""] {
        let input = format!("{good}\n{line}\n");
        let output = run(input.into_bytes(), &[]);
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!said.contains("jq"), "{line}: {said}");
    }
    // Of a list with a device on each line, the last is read: no comma follows it.
    for devices in [good.replace('\n', ",\n"), device(1)] {
        let output = run(format!("[\n{devices}\n]\n").into_bytes(), &[]);
        let said = String::from_utf8(output.stderr).unwrap();
        let is_told = said.contains("1 assessed") && said.contains("jq");
        assert!(is_told, "{devices}: {said}");
    }
}

#[test]
fn who_writes_slowly_sees_each_line_answered() {
    let mut child = start(&[]);
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    for number in 1..=3 {
        write!(input, "{}\n{{\"dev", device(number)).unwrap();
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        assert_eq!(numbers(&lines(line.as_bytes())), [number as u64 * 2 - 1]);
        writeln!(input).unwrap();
        line.clear();
        output.read_line(&mut line).unwrap();
        assert!(line.contains("\"error\""), "{line}");
    }
    drop(input);
    assert_eq!(child.wait().unwrap().code(), Some(2));
}

/// Whoever looks for the phones to deal with must not miss those that octroi knows nothing of.
#[test]
fn the_example_of_the_help_keeps_the_lines_that_could_not_be_read() {
    let help = Command::new(env!("CARGO_BIN_EXE_octroi"))
        .args(["fleet", "--help"])
        .output()
        .unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let example = help.lines().find(|line| line.contains("| jq")).unwrap();
    assert!(
        example.ends_with(" | jq -c 'select(.access.decision != \"permit\")'"),
        "{example}"
    );
    let output = run(b"{\n[]\n".to_vec(), &[]);
    for line in lines(&output.stdout) {
        assert_ne!(line["access"]["decision"], "permit");
    }
}

/// Writes devices until nobody reads them.
fn feed_for_ever(child: &mut Child) {
    feed(child, |pipe| {
        for number in 1.. {
            if writeln!(pipe, "{}", device(number)).is_err() {
                break;
            }
        }
    });
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    for format in ["ndjson", "csv"] {
        let mut child = start(&["--format", format]);
        feed_for_ever(&mut child);
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        drop(output);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    }
}

#[test]
fn an_interruption_says_how_far_it_came() {
    let mut child = start(&[]);
    feed_for_ever(&mut child);
    let mut output = child.stdout.take().unwrap();
    let mut found = vec![0; 100_000];
    output.read_exact(&mut found).unwrap();
    interrupt(&child);
    output.read_to_end(&mut found).unwrap();
    assert_interrupted(child, &found);
}

#[test]
fn an_interruption_does_not_wait_for_more_input() {
    let mut child = start(&[]);
    let mut input = child.stdin.take().unwrap();
    writeln!(input, "\n{}", device(2)).unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    interrupt(&child);
    let said = assert_interrupted(child, line.as_bytes());
    assert!(
        said.starts_with("interrupted: records written: 1, up to line 2\n"),
        "{said}"
    );
}

fn interrupt(child: &Child) {
    let pid = child.id().to_string();
    let status = Command::new("kill").args(["-INT", &pid]).status().unwrap();
    assert!(status.success());
}

fn assert_interrupted(child: Child, found: &[u8]) -> String {
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let numbers = numbers(&lines(found));
    let (count, last) = (numbers.len(), numbers.last().unwrap());
    assert!(numbers.windows(2).all(|pair| pair[0] + 1 == pair[1]));
    let how_far = format!("interrupted: records written: {count}, up to line {last}\n");
    assert!(said.contains(&how_far), "{said}");
    assert_eq!(output.status.code(), Some(130));
    said
}

#[test]
fn a_file_may_grow_and_shrink_while_it_is_read() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("changing.ndjson");
    for grows in [true, false] {
        let text: String = (1..=20_000).map(|number| device(number) + "\n").collect();
        fs::write(&path, text).unwrap();
        let mut child = start(&[path.to_str().unwrap()]);
        let mut found = vec![0; 1_000];
        let mut output = child.stdout.take().unwrap();
        output.read_exact(&mut found).unwrap();
        // It cannot have read to the end: nobody takes what it writes.
        let mut file = OpenOptions::new().append(true).open(&path).unwrap();
        if grows {
            writeln!(file, "{}", device(20_001)).unwrap();
        } else {
            file.set_len(100).unwrap();
        }
        output.read_to_end(&mut found).unwrap();
        let numbers = numbers(&lines(&found));
        assert!(numbers.iter().copied().eq(1..=numbers.len() as u64));
        assert_eq!(numbers.len() > 20_000, grows);
        assert!(matches!(child.wait().unwrap().code(), Some(0 | 2)));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_the_fleet() {
    const RECORDS: usize = 300_000;
    let mut child = start(&[]);
    let mut input = child.stdin.take().unwrap();
    // The pipe comes back, so that the child still waits for more when its memory is read.
    let writer = thread::spawn(move || {
        let text: String = (1..=1_000).map(|number| device(number) + "\n").collect();
        for _ in 0..RECORDS / 1_000 {
            input.write_all(text.as_bytes()).unwrap();
        }
        input
    });
    let mut output = BufReader::new(child.stdout.take().unwrap());
    for _ in 0..RECORDS {
        assert!(output.skip_until(b'\n').unwrap() > 0);
    }
    let peak = peak(&child);
    assert!(peak < 64 << 10, "{peak} KiB");
    drop(writer.join().unwrap());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

/// One line of small values that ends in a byte which is no text: nobody may take the memory of a server with it.
#[cfg(target_os = "linux")]
#[test]
fn the_place_of_a_bad_byte_takes_no_memory() {
    let mut child = start(&[]);
    let mut input = child.stdin.take().unwrap();
    let writer = thread::spawn(move || {
        let values = r#"{"":0},"#.repeat(1_000_000);
        write!(input, "{{\"a\":[{values}\"").unwrap();
        input.write_all(b"\xFF\n").unwrap();
        input
    });
    let mut line = String::new();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    output.read_line(&mut line).unwrap();
    let peak = peak(&child);
    assert!(line.contains("a[1000000]"), "{line}");
    assert!(peak < 64 << 10, "{peak} KiB");
    drop(writer.join().unwrap());
    assert_eq!(child.wait().unwrap().code(), Some(2));
}

/// The most memory that a run has held, in KiB.
#[cfg(target_os = "linux")]
fn peak(child: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.unwrap().trim().strip_suffix(" kB").unwrap();
    peak.parse().unwrap()
}
