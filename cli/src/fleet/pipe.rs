//! From the inputs to lines that are ready to be written.
//!
//! One thread reads, one on each core assesses, and whoever runs the pipe writes, in the order of the inputs. [`Room`] bounds what is
//! between them, so memory does not grow with the inputs.

use std::{
    collections::BTreeMap,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    process,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, Receiver, Sender},
    },
    thread,
};

use octroi_core::Instant;
use octroi_report::{Line, Rows};

use super::{
    form::{Layout, Lines, Made},
    inputs::{Inputs, Opened},
    lines::Mark,
    manifest::Position,
    page::{self, Naming},
    question::Question,
    room::Room,
    source::{Batch, Source},
    tally::Tally,
};
use crate::failure::Failure;

/// What may be between the reading and the writing, in bytes.
pub(super) const MOST: usize = 16 << 20;

/// What all threads share.
pub(super) struct Pipe {
    pub(super) question: Question,
    pub(super) at: Instant,
    pub(super) inputs: Inputs,
    pub(super) layout: Layout,
    /// After how many records a part ends, from where the reading begins: no batch reaches beyond it.
    pub(super) part_records: u64,
    /// How devices are named in the report, if one is wanted.
    pub(super) naming: Option<Naming>,
    room: Room,
    interrupted: AtomicBool,
}

/// What comes out of the pipe, in the order of the inputs.
pub(super) enum Step {
    /// Lines of the output, and what they say.
    Lines {
        made: Made,
        tally: Tally,
        /// What the report takes of them, if there is one.
        rows: Option<Box<Rows>>,
        /// How many bytes of the input they are made of.
        read: u64,
        /// Where the reading stands after them.
        end: Position,
    },
    /// An input has ended, perhaps because it could not be read any further.
    InputEnd {
        input: usize,
        error: Option<io::Error>,
    },
}

/// Why it came to its end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Inputs,
    Interrupted,
}

/// What the threads tell.
enum Report {
    /// A step that may be early.
    Ready(u64, Step, usize),
    /// All inputs have ended, after so many steps.
    Ended(u64),
    /// The user wants no more.
    Interrupted,
    /// A thread cannot go on.
    Failed(Failure),
}

/// A batch on its way, with its number and the input that it is from.
type Job = (u64, usize, Batch);

impl Pipe {
    pub(super) fn new(
        question: Question,
        at: Instant,
        inputs: Inputs,
        layout: Layout,
        part_records: u64,
        naming: Option<Naming>,
    ) -> Self {
        Self {
            question,
            at,
            inputs,
            layout,
            part_records,
            naming,
            room: Room::new(MOST),
            interrupted: AtomicBool::new(false),
        }
    }

    /// Runs it from there, and gives each step in its turn. The first input may be open already.
    pub(super) fn run(
        self: &Arc<Self>,
        from: Position,
        first: Option<Opened>,
        mut take: impl FnMut(Step) -> Result<(), Failure>,
    ) -> Result<End, Failure> {
        let (reports, reported) = mpsc::channel();
        self.listen(&reports)?;
        self.start(from, first, &reports)?;
        let (mut next, mut early) = (0, BTreeMap::new());
        let mut end = None;
        loop {
            while let Some((step, cost)) = early.remove(&next) {
                if self.interrupted.load(Ordering::Relaxed) {
                    return Ok(End::Interrupted);
                }
                take(step)?;
                self.room.give(cost);
                next += 1;
            }
            if end == Some(next) {
                return Ok(End::Inputs);
            }
            match reported.recv() {
                Ok(Report::Ready(number, step, cost)) => {
                    early.insert(number, (step, cost));
                }
                Ok(Report::Ended(steps)) => end = Some(steps),
                Ok(Report::Interrupted) => return Ok(End::Interrupted),
                Ok(Report::Failed(failure)) => return Err(failure),
                Err(error) => return Err(cannot("write", &error.to_string())),
            }
        }
    }

    /// Ctrl-C ends the run after the lines that are being written; once more ends it at once. Where a shell made the run ignore
    /// Ctrl-C because it is in the background, `kill -INT` still reaches it.
    fn listen(self: &Arc<Self>, reports: &Sender<Report>) -> Result<(), Failure> {
        let (pipe, reports) = (Arc::clone(self), reports.clone());
        ctrlc::set_handler(move || {
            if pipe.interrupted.swap(true, Ordering::Relaxed) {
                process::exit(130);
            }
            // Who writes has gone only if the run is over.
            let _ = reports.send(Report::Interrupted);
        })
        .map_err(|error| cannot("listen for an interruption", &error.to_string()))
    }

    /// Starts the threads that read and assess. Nobody waits for them: a read may never return.
    fn start(
        self: &Arc<Self>,
        from: Position,
        first: Option<Opened>,
        reports: &Sender<Report>,
    ) -> Result<(), Failure> {
        let (jobs, queue) = mpsc::channel();
        let queue = Arc::new(Mutex::new(queue));
        let cores = thread::available_parallelism().map_or(1, usize::from);
        for _ in 0..cores {
            let (pipe, queue) = (Arc::clone(self), Arc::clone(&queue));
            spawn("assess", reports, move |reports| pipe.work(&queue, reports))?;
        }
        let pipe = Arc::clone(self);
        spawn("read", reports, move |reports| {
            // A channel that is closed means that nobody waits for the rest.
            let _ = pipe.read(from, first, &jobs, reports);
        })
    }

    /// Reads all inputs to their ends. None if nobody waits for the rest.
    fn read(
        &self,
        from: Position,
        mut first: Option<Opened>,
        jobs: &Sender<Job>,
        reports: &Sender<Report>,
    ) -> Option<()> {
        let (mut number, mut records) = (0, 0);
        for input in from.input..self.inputs.len() {
            let mark = match input == from.input {
                true => Mark {
                    offset: from.offset,
                    line: from.line,
                },
                false => Mark::default(),
            };
            let opened = first.take().map_or_else(|| self.inputs.open(input), Ok);
            let opened = opened.and_then(|opened| opened.source(self.inputs.path(input), mark));
            let error = match opened {
                Ok(source) => self.read_source(source, input, (&mut number, &mut records), jobs)?,
                Err(error) => Some(error),
            };
            let end = Step::InputEnd { input, error };
            reports.send(Report::Ready(number, end, 0)).ok()?;
            number += 1;
        }
        reports.send(Report::Ended(number)).ok()
    }

    /// Reads an input, and gives the error that ended it, if one did.
    fn read_source(
        &self,
        mut source: Source,
        input: usize,
        (number, records): (&mut u64, &mut u64),
        jobs: &Sender<Job>,
    ) -> Option<Option<io::Error>> {
        loop {
            let left = self.part_records - *records % self.part_records;
            match source.batch(usize::try_from(left).unwrap_or(usize::MAX)) {
                Ok(Some(batch)) => {
                    *records += batch.len() as u64;
                    self.room.take(batch.cost());
                    jobs.send((*number, input, batch)).ok()?;
                    *number += 1;
                }
                Ok(None) => return Some(None),
                Err(error) => return Some(Some(error)),
            }
        }
    }

    fn work(&self, queue: &Mutex<Receiver<Job>>, reports: &Sender<Report>) {
        let next = || {
            let queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
            queue.recv()
        };
        while let Ok((number, input, batch)) = next() {
            let report = match self.assess(input, &batch) {
                Ok(step) => Report::Ready(number, step, batch.cost()),
                Err(error) => Report::Failed(cannot("assess", &error.to_string())),
            };
            if reports.send(report).is_err() {
                return;
            }
        }
    }

    fn assess(&self, input: usize, batch: &Batch) -> io::Result<Step> {
        let mut lines = Lines::new(self.layout, self.inputs.name(input))?;
        let mut tally = Tally::default();
        let mut rows = self.naming.as_ref().map(|naming| Box::new(naming.rows()));
        // Where there is one input only, a line is its number.
        let file = match self.inputs.are_named {
            true => input as u64 + 1,
            false => 0,
        };
        batch.each(|number, reading| {
            let answer = self.question.answer(reading, self.at);
            tally.add(number, &answer);
            if let Some(rows) = &mut rows {
                page::add(rows, Line { file, number }, &answer.judged);
            }
            match answer.is_told {
                true => lines.add(number, &answer),
                false => Ok(()),
            }
        })?;
        let end = batch.end();
        Ok(Step::Lines {
            made: lines.finish()?,
            tally,
            rows,
            read: batch.read(),
            end: Position {
                input,
                offset: end.offset,
                line: end.line,
            },
        })
    }
}

/// Starts a thread whose panic ends the run, rather than leave it waiting.
fn spawn(
    name: &'static str,
    reports: &Sender<Report>,
    run: impl FnOnce(&Sender<Report>) + Send + 'static,
) -> Result<(), Failure> {
    let reports = reports.clone();
    let guarded = move || {
        if catch_unwind(AssertUnwindSafe(|| run(&reports))).is_err() {
            let failure = cannot(name, "a fault of octroi's");
            let _ = reports.send(Report::Failed(failure));
        }
    };
    let thread = thread::Builder::new().name(name.to_owned());
    match thread.spawn(guarded) {
        Ok(_) => Ok(()),
        Err(error) => Err(cannot("start a thread", &error.to_string())),
    }
}

fn cannot(what: &str, found: &str) -> Failure {
    Failure::new(format!("octroi fleet: {what}"), found, "a run to the end")
}
