//! Times, taken in turns: what disturbs the machine for a moment disturbs all that are compared.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::case::{Case, prepared};
use crate::count::repeat;
use crate::workload::Workload;

const ROUNDS: usize = 101;
const ROUND: Duration = Duration::from_millis(3);

/// How long one run of each case takes, in nanoseconds: the median.
pub(crate) fn nanoseconds(workload: &Workload, cases: &[Case]) -> Result<Vec<f64>> {
    let mut runs = Vec::new();
    for case in cases {
        let mut run = prepared(workload, case.name)?;
        let mut times = 1;
        while time(|| repeat(&mut run, times))? < ROUND {
            times *= 2;
        }
        runs.push((run, times));
    }
    in_turns(ROUNDS, &mut runs, |(run, times)| {
        let taken = time(|| repeat(run, *times))?;
        Ok(taken.as_secs_f64() * 1e9 / f64::from(*times))
    })
}

/// Measures each of these once, then each once more, and so on; the median of each.
pub(crate) fn in_turns<T>(
    rounds: usize,
    subjects: &mut [T],
    mut measure: impl FnMut(&mut T) -> Result<f64>,
) -> Result<Vec<f64>> {
    let mut measured = vec![Vec::with_capacity(rounds); subjects.len()];
    for _ in 0..rounds {
        for (subject, values) in subjects.iter_mut().zip(&mut measured) {
            values.push(measure(subject)?);
        }
    }
    Ok(measured.into_iter().map(median).collect())
}

/// How long it takes.
pub(crate) fn time(work: impl FnOnce() -> Result<()>) -> Result<Duration> {
    let started = Instant::now();
    work()?;
    Ok(started.elapsed())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
