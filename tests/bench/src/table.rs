//! What was measured, as a table in Markdown.

use std::fmt::{self, Display, Formatter};

use crate::case::Group;
use crate::embedded::{Embedded, Gate};
use crate::fleet::{Fleet, Speeds, WATCHED};
use crate::start::Start;
use crate::statement::Statement;

/// The table, row by row.
#[derive(Default)]
pub(crate) struct Table {
    rows: Vec<Row>,
}

/// What one run takes.
pub(crate) struct Cost {
    /// As callgrind counts.
    pub(crate) instructions: u64,
    /// As the clock shows.
    pub(crate) nanoseconds: f64,
}

#[derive(Default)]
struct Row {
    what: String,
    octroi: String,
    target: String,
    beside: String,
    ratio: Option<f64>,
}

impl Table {
    /// Adds what is compared in a group: a row for each that stands beside octroi, or one for octroi alone.
    pub(crate) fn group(&mut self, group: &Group, costs: &[Cost]) {
        let Some((octroi, others)) = costs.split_first() else {
            return;
        };
        let target = group.target.map(|most| {
            let target = format!("≤ {} instructions", thousands(most));
            judged(target, octroi.instructions <= most)
        });
        let mut head = Row {
            what: group.what.to_owned(),
            octroi: octroi.to_string(),
            target: target.unwrap_or_default(),
            ..Row::default()
        };
        if others.is_empty() {
            self.rows.push(head);
            return;
        }
        for (case, cost) in group.cases.iter().skip(1).zip(others) {
            self.rows.push(Row {
                beside: format!("{}: {cost}", case.name),
                ratio: Some(cost.instructions as f64 / octroi.instructions as f64),
                ..std::mem::take(&mut head)
            });
        }
    }

    /// Adds how long the command takes to start.
    pub(crate) fn start(&mut self, start: &Start) {
        self.rows.push(Row {
            what: "start of `octroi check` → end, with the policies that ship".to_owned(),
            octroi: format!("{:.1} ms", start.check),
            target: judged("≤ 3 ms".to_owned(), start.check <= 3.0),
            beside: format!(
                "`octroi --version`, a process and nothing else: {:.1} ms",
                start.version
            ),
            ratio: Some(start.version / start.check),
        });
    }

    /// Adds what a statement costs a server.
    pub(crate) fn statement(&mut self, statement: &Statement) {
        let Statement { judged, signature } = statement;
        self.rows.push(Row {
            what: "a statement, `Verifier::verify` and `appraise`, with the policies that ship"
                .to_owned(),
            octroi: format!("{judged:.1} µs"),
            target: self::judged(
                "≤ 1.25 times its signature".to_owned(),
                judged / signature <= 1.25,
            ),
            beside: format!("its ES256 signature alone (p256): {signature:.1} µs"),
            ratio: Some(signature / judged),
        });
    }

    /// Adds how a fleet is assessed.
    pub(crate) fn fleet(&mut self, fleet: &Fleet) {
        self.speeds("the policies that ship", &fleet.shipped);
        self.speeds("the policy of 100 regulated apps", &fleet.large);
        self.rows.push(Row {
            what: format!(
                "its memory over {} records, with the policies that ship",
                thousands(WATCHED as u64)
            ),
            octroi: format!("{:.0} MiB", fleet.memory),
            target: judged("< 64 MiB".to_owned(), fleet.memory < 64.0),
            ..Row::default()
        });
    }
}

impl Table {
    fn speeds(&mut self, policies: &str, speeds: &Speeds) {
        let speedup = speeds.two_cores / speeds.one_core;
        let speed = |devices: f64| format!("{} devices/s", thousands(devices as u64));
        self.rows.push(Row {
            what: format!("`octroi fleet` on one core, with {policies}"),
            octroi: speed(speeds.one_core),
            target: judged(
                format!("≥ {}", speed(25_000.0)),
                speeds.one_core >= 25_000.0,
            ),
            ..Row::default()
        });
        self.rows.push(Row {
            what: "on two cores".to_owned(),
            octroi: format!("{}, {speedup:.2} times as many", speed(speeds.two_cores)),
            target: judged("≥ 1.8 times".to_owned(), speedup >= 1.8),
            ..Row::default()
        });
    }

    /// Adds what octroi costs the app that it is embedded in.
    pub(crate) fn embedded(&mut self, embedded: &Embedded) {
        // 900 and 950 KB, and 450 KB for updates and evidence.
        let libraries = [
            (
                "library for arm64 phones with Android",
                embedded.android,
                1_350_000,
            ),
            (
                "growth of an app for the iPhone",
                embedded.iphone,
                1_400_000,
            ),
        ];
        for (what, bytes, most) in libraries {
            self.rows.push(Row {
                what: what.to_owned(),
                octroi: format!("{} bytes", thousands(bytes)),
                target: judged(format!("≤ {} KB", most / 1000), bytes <= most),
                ..Row::default()
            });
        }
        let Some(Gate {
            check,
            first,
            again,
        }) = embedded.gate
        else {
            return;
        };
        self.rows.push(Row {
            what: "`GateCore.check` on the JVM, 8 observations, state unchanged".to_owned(),
            octroi: format!("{check:.1} µs"),
            target: judged("≤ 150 µs".to_owned(), check <= 150.0),
            ..Row::default()
        });
        let (first, again) = (first / 1e3, again / 1e3);
        self.rows.push(Row {
            what: "`GateCore.open` → first verdict on the JVM, library loaded".to_owned(),
            octroi: format!("{first:.1} ms; {again:.1} ms with a state of before"),
            target: judged("≤ 10 ms".to_owned(), first <= 10.0 && again <= 10.0),
            ..Row::default()
        });
    }
}

impl Display for Table {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        writeln!(out, "| | octroi | target | beside it | ratio |")?;
        writeln!(out, "|:--|--:|--:|:--|--:|")?;
        for row in &self.rows {
            let Row {
                what,
                octroi,
                target,
                beside,
                ..
            } = row;
            let ratio = row.ratio.map(digits).unwrap_or_default();
            writeln!(out, "| {what} | {octroi} | {target} | {beside} | {ratio} |")?;
        }
        Ok(())
    }
}

impl Display for Cost {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let microseconds = self.nanoseconds / 1e3;
        write!(
            out,
            "{} instructions, {microseconds:.1} µs",
            thousands(self.instructions)
        )
    }
}

fn judged(target: String, met: bool) -> String {
    if met {
        target
    } else {
        format!("{target}: **missed**")
    }
}

/// Two digits that say something, also where the other is much faster.
fn digits(ratio: f64) -> String {
    match ratio {
        10.0.. => format!("{ratio:.0}"),
        1.0.. => format!("{ratio:.1}"),
        0.1.. => format!("{ratio:.2}"),
        _ => format!("{ratio:.4}"),
    }
}

pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in (0..digits.len()).rev().zip(digits.chars()) {
        text.push(digit);
        if place > 0 && place % 3 == 0 {
            text.push(',');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_its_target_is_marked() {
        let mut table = Table::default();
        table.embedded(&Embedded {
            android: 1_350_001,
            iphone: 1_400_000,
            gate: Some(Gate {
                check: 122.61,
                first: 6_300.0,
                again: 400.0,
            }),
        });
        let expected = "| | octroi | target | beside it | ratio |\n|:--|--:|--:|:--|--:|\n\
            | library for arm64 phones with Android | 1,350,001 bytes | ≤ 1350 KB: **missed** |  |  |\n\
            | growth of an app for the iPhone | 1,400,000 bytes | ≤ 1400 KB |  |  |\n\
            | `GateCore.check` on the JVM, 8 observations, state unchanged | 122.6 µs | ≤ 150 µs |  |  |\n\
            | `GateCore.open` → first verdict on the JVM, library loaded | 6.3 ms; 0.4 ms with a state of before | ≤ 10 ms |  |  |\n";
        assert_eq!(table.to_string(), expected);
    }
}
