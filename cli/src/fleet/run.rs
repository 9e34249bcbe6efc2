//! A run: what comes out of the pipe is written and counted, and at its end it is said how it went.

use std::{
    io::{self, Write},
    sync::Arc,
    time::Instant as Moment,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use octroi_report::Report;

use octroi_core::visible;

use super::{
    form::Made,
    is_watched,
    manifest::{Position, Unread},
    page::Page,
    parts::Parts,
    pipe::{End, Pipe, Step},
    question::Question,
    tally::Tally,
    tell,
};
use crate::{
    Outcome,
    failure::{Failure, LINES_OF_A_LIST},
};

/// Where the lines go.
pub(super) enum Output {
    /// Standard output.
    Stream,
    /// A folder.
    Parts(Box<Parts>),
}

/// What is known while it runs.
struct Run<'a> {
    output: Output,
    /// What the page will say, if one is wanted.
    report: Option<Report<'a>>,
    tally: Tally,
    /// The input of the last record that was counted.
    input: usize,
    /// Whether the input that is being read has a record.
    has_record: bool,
    empty: Vec<String>,
    unread: Vec<Unread>,
    /// Why the only input could not be read to its end.
    failed: Option<io::Error>,
    bar: ProgressBar,
}

/// Who looks at the page would take the one of before for this run's.
const NO_REPORT: &str = "no report was written: the run did not come to its end\n";

pub(super) fn run(pipe: Pipe, output: Output, page: Option<Page>) -> Result<Outcome, Failure> {
    let started = Moment::now();
    let pipe = Arc::new(pipe);
    let mut run = Run::new(output, &pipe);
    let from = match &run.output {
        Output::Stream => Position::default(),
        Output::Parts(parts) if parts.manifest.complete => {
            tell("the run is finished: there is nothing to go on with\n");
            return Ok(run.finish(&pipe, End::Inputs, started));
        }
        Output::Parts(parts) => parts.manifest.end(),
    };
    // The only input is opened before anything is written.
    let path = pipe.inputs.path(0);
    let first = match pipe.inputs.are_named {
        false => Some(
            pipe.inputs
                .open(0)
                .map_err(|error| Failure::io(path, &error))?,
        ),
        true => None,
    };
    let length = first
        .as_ref()
        .map_or_else(|| pipe.inputs.length(), |first| first.length);
    run.bar = progress(length, &run.output);
    run.bar.inc(from.offset);
    let written = run
        .head(&pipe)
        .and_then(|()| pipe.run(from, first, |step| run.take(step, &pipe)));
    let written = written.and_then(|end| run.complete(end));
    run.bar.finish_and_clear();
    if page.is_some() && written.is_err() {
        tell(NO_REPORT);
    }
    if matches!(written, Err(Failure::ClosedPipe)) {
        return Err(Failure::ClosedPipe);
    }
    if let Some(stop) = run.stop(&written, &pipe) {
        tell(&stop);
    }
    let written = written.and_then(|end| run.publish(end, page));
    match written {
        Ok(end) => {
            let failed = run.failed.take();
            let outcome = match failed.is_none() || run.tally.lines() > 0 {
                true => run.finish(&pipe, end, started),
                false => Outcome::Incomplete,
            };
            match failed {
                Some(error) => Err(unread(&pipe, 0, &error)),
                None => Ok(outcome),
            }
        }
        Err(failure) => {
            if run.tally.lines() > 0 {
                run.finish(&pipe, End::Interrupted, started);
            }
            Err(failure)
        }
    }
}

impl<'a> Run<'a> {
    fn new(output: Output, pipe: &'a Pipe) -> Self {
        let mut run = Self {
            output,
            report: pipe
                .naming
                .as_ref()
                .map(|naming| naming.report(pipe.question.rules(), pipe.at)),
            tally: Tally::default(),
            input: 0,
            has_record: false,
            empty: Vec::new(),
            unread: Vec::new(),
            failed: None,
            bar: ProgressBar::hidden(),
        };
        if let Output::Parts(parts) = &run.output {
            let manifest = &parts.manifest;
            for part in &manifest.parts {
                run.tally.merge(&part.tally);
            }
            run.input = manifest.end().input;
            // A part ends after a record.
            run.has_record = manifest.end() != Position::default();
            run.empty.clone_from(&manifest.empty);
            run.unread.clone_from(&manifest.unread);
        }
        run
    }

    fn head(&self, pipe: &Pipe) -> Result<(), Failure> {
        match self.output {
            Output::Stream => print(Made::Text(pipe.layout.head()?)),
            Output::Parts(_) => Ok(()),
        }
    }

    fn take(&mut self, step: Step, pipe: &Pipe) -> Result<(), Failure> {
        match step {
            Step::Lines {
                made,
                tally,
                rows,
                read,
                end,
            } => {
                match &mut self.output {
                    Output::Stream => print(made)?,
                    Output::Parts(parts) => parts.add(made, &tally, end)?,
                }
                self.tally.merge(&tally);
                if let (Some(report), Some(rows)) = (&mut self.report, rows) {
                    report.merge(*rows);
                }
                self.bar.inc(read);
                if tally.lines() > 0 {
                    self.input = end.input;
                    self.has_record = true;
                }
                Ok(())
            }
            Step::InputEnd { input, error } => {
                self.input_end(pipe, input, error);
                Ok(())
            }
        }
    }

    fn input_end(&mut self, pipe: &Pipe, input: usize, error: Option<io::Error>) {
        let had_record = std::mem::take(&mut self.has_record);
        let path = pipe.inputs.path(input).display().to_string();
        match error {
            Some(error) if pipe.inputs.are_named || matches!(self.output, Output::Parts(_)) => {
                let failure = unread(pipe, input, &error);
                self.bar.suspend(|| tell(&format!("error: {failure}\n")));
                let error = error.to_string();
                let unread = Unread { path, error };
                if let Output::Parts(parts) = &mut self.output {
                    parts.manifest.unread.push(unread.clone());
                }
                self.unread.push(unread);
            }
            Some(error) => self.failed = Some(error),
            None if !had_record => {
                if let Output::Parts(parts) = &mut self.output {
                    parts.manifest.empty.push(path.clone());
                }
                self.empty.push(path);
            }
            None => {}
        }
    }

    fn complete(&mut self, end: End) -> Result<End, Failure> {
        if let Output::Parts(parts) = &mut self.output {
            match end {
                End::Inputs => parts.complete()?,
                End::Interrupted => parts.abandon(),
            }
        }
        Ok(end)
    }

    /// Writes the page of a run that came to its end.
    fn publish(&mut self, end: End, page: Option<Page>) -> Result<End, Failure> {
        if let (Some(page), Some(report)) = (page, &mut self.report) {
            match end {
                End::Inputs => {
                    let broken_off = self.unread.len() + usize::from(self.failed.is_some());
                    report.broken_off(broken_off as u64);
                    page.finish(report)?;
                }
                End::Interrupted => tell(NO_REPORT),
            }
        }
        Ok(end)
    }

    /// How far a run came that did not come to its end.
    fn stop(&self, written: &Result<End, Failure>, pipe: &Pipe) -> Option<String> {
        let word = match written {
            Ok(End::Inputs) => return None,
            Ok(End::Interrupted) => "interrupted",
            Err(_) => "stopped",
        };
        if let Output::Parts(parts) = &self.output {
            let whole = &parts.manifest.parts;
            let records: u64 = whole.iter().map(|part| part.records).sum();
            let on = match pipe.question {
                Question::Since(..) => "a comparison begins anew, in another folder",
                _ => "the same command with --resume goes on from there",
            };
            return Some(format!(
                "{word}: records in parts that are whole: {records}; {on}\n"
            ));
        }
        let (lines, last) = (self.tally.lines(), self.tally.last);
        let of = pipe.inputs.name(self.input);
        let of = of.map(|name| format!(" of {}", visible(&name)));
        let of = of.unwrap_or_default();
        let surely = if written.is_ok() { "" } else { "surely " };
        let done = match pipe.question {
            Question::Assess(_) => "written",
            _ => "compared",
        };
        let rest = match written {
            Ok(_) => "",
            Err(_) => "; the output may end in the middle of a later one",
        };
        Some(format!(
            "{word}: records {surely}{done}: {lines}, up to line {last}{of}{rest}\n"
        ))
    }

    /// Says how it went.
    fn finish(&self, pipe: &Pipe, end: End, started: Moment) -> Outcome {
        let is_whole = end == End::Inputs && self.unread.is_empty() && self.failed.is_none();
        if self.tally.lines() > 0 || end == End::Inputs {
            tell(&self.tally.summary(started.elapsed()));
            match &pipe.question {
                Question::Assess(_) => {}
                Question::Since(_, before) => tell(&self.tally.since(before, is_whole)),
                Question::Simulate { .. } => tell(&self.tally.simulated()),
            }
        }
        if pipe.inputs.are_named {
            list("without a record", self.empty.iter().map(String::as_str));
            list(
                "not read to the end",
                self.unread.iter().map(|unread| unread.path.as_str()),
            );
            let no_files = pipe.inputs.no_files.iter();
            let no_files: Vec<_> = no_files.map(|path| path.to_string_lossy()).collect();
            list(
                "no file, so passed over",
                no_files.iter().map(|path| &**path),
            );
        }
        if self.tally.is_another_layout() {
            tell(&format!(
                "help: a line holds one device; {LINES_OF_A_LIST}, and `jq -c . FILE` of records that are spread over several lines\n"
            ));
        }
        match end {
            End::Interrupted => Outcome::Interrupted,
            End::Inputs if self.tally.errors() > 0 || !self.unread.is_empty() => {
                Outcome::Incomplete
            }
            End::Inputs => Outcome::Good,
        }
    }
}

fn print(made: Made) -> Result<(), Failure> {
    match made {
        Made::Text(text) => {
            let mut out = io::stdout().lock();
            out.write_all(&text)?;
            Ok(out.flush()?)
        }
        // Nothing prints them: they go into parts.
        #[cfg(feature = "parquet")]
        Made::Rows(_) => Ok(()),
    }
}

/// How many names are listed at most.
const LISTED: usize = 10;

fn list<'n>(what: &str, names: impl ExactSizeIterator<Item = &'n str>) {
    let count = names.len();
    if count == 0 {
        return;
    }
    let mut text = format!("  {what}: ");
    for (number, name) in names.take(LISTED).enumerate() {
        let comma = if number == 0 { "" } else { ", " };
        text.push_str(&format!("{comma}{}", visible(name)));
    }
    if count > LISTED {
        text.push_str(&format!(", and {} more", count - LISTED));
    }
    tell(&(text + "\n"));
}

fn unread(pipe: &Pipe, input: usize, error: &io::Error) -> Failure {
    let path = pipe.inputs.path(input);
    if path.as_os_str() == "-" {
        Failure::io("standard input".as_ref(), error)
    } else {
        Failure::io(path, error)
    }
}

/// A bar where somebody sees it.
fn progress(length: Option<u64>, output: &Output) -> ProgressBar {
    let target = match is_watched(output) {
        true => ProgressDrawTarget::stderr(),
        false => ProgressDrawTarget::hidden(),
    };
    let template = match length {
        Some(_) => "{wide_bar} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left",
        None => "{spinner} {bytes}, {bytes_per_sec}, {elapsed}",
    };
    let style = ProgressStyle::with_template(template);
    ProgressBar::with_draw_target(length, target)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
