//! `octroi fleet`: from one device a line to one assessment a line.
//!
//! One thread reads, one on each core assesses, and this one writes, in the order of the input. [`Room`] bounds what is
//! between them, so memory does not grow with the input.

mod form;
mod lines;
mod room;
mod tally;

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, IsTerminal, Read, Write},
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    process,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, Receiver, Sender},
    },
    thread,
    time::Instant as Moment,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use octroi_core::{Deployment, Instant, Policies, assess};
use octroi_exports::{LineError, read_line};

use crate::{
    Outcome,
    arguments::{Fleet, FleetFormat},
    failure::{Failure, LINES_OF_A_LIST},
    language,
};
use form::Form;
use lines::{Batch, Lines};
use room::Room;
use tally::Tally;

/// What may be between the reading and the writing, in bytes.
const MOST: usize = 16 << 20;

pub(crate) fn fleet(arguments: &Fleet) -> Result<Outcome, Failure> {
    let started = Moment::now();
    let (deployment, policies) = arguments.rules.select()?;
    let task = Arc::new(Task {
        deployment,
        policies,
        at: arguments.rules.instant(crate::rules::now()),
        format: arguments.format,
        room: Room::new(MOST),
        interrupted: AtomicBool::new(false),
    });
    let (input, length) = open(&arguments.file)?;
    let bar = progress(length);
    let (reports, reported) = mpsc::channel();
    listen(&task, &reports)?;
    start(&task, input, &reports)?;

    let mut tally = Tally::default();
    let written = write(&task, &reported, &mut tally, &bar);
    bar.finish_and_clear();
    if matches!(written, Err(Failure::ClosedPipe)) {
        return Err(Failure::ClosedPipe);
    }
    if let Ok(End::Interrupted) = written {
        let (lines, last) = (tally.lines(), tally.last);
        tell(&format!(
            "interrupted: records written: {lines}, up to line {last}\n"
        ));
    }
    if written.is_err() {
        let (lines, last) = (tally.lines(), tally.last);
        tell(&format!(
            "stopped: records surely written: {lines}, up to line {last}; the output may end in the middle of a later one\n"
        ));
    }
    if tally.lines() > 0 || matches!(written, Ok(End::Input(None))) {
        tell(&tally.summary(started.elapsed()));
    }
    if tally.is_other_layout {
        tell(&format!(
            "help: a line holds one device; {LINES_OF_A_LIST}, and `jq -c . FILE` of records that are spread over several lines\n"
        ));
    }
    match written? {
        End::Interrupted => Ok(Outcome::Interrupted),
        End::Input(Some(error)) => Err(unread(&arguments.file, &error)),
        End::Input(None) if tally.errors() > 0 => Ok(Outcome::Incomplete),
        End::Input(None) => Ok(Outcome::Good),
    }
}

/// What all threads share.
struct Task {
    deployment: Deployment,
    policies: Policies,
    at: Instant,
    format: FleetFormat,
    room: Room,
    interrupted: AtomicBool,
}

/// What the thread that writes is told.
enum Report {
    /// A batch is ready to be written.
    Ready(Ready),
    /// The input has ended, after so many batches, perhaps because it could not be read any further.
    Ended(u64, Option<io::Error>),
    /// The user wants no more.
    Interrupted,
    /// A thread cannot go on.
    Failed(Failure),
}

/// A batch that was assessed.
struct Ready {
    number: u64,
    text: Vec<u8>,
    tally: Tally,
    read: u64,
    cost: usize,
}

/// Why the writing came to its end.
enum End {
    Input(Option<io::Error>),
    Interrupted,
}

fn open(path: &Path) -> Result<(Box<dyn Read + Send>, Option<u64>), Failure> {
    if path == Path::new("-") {
        if io::stdin().is_terminal() {
            let texts = language::texts(language::of_the_locale());
            tell(&format!("{}\n", texts.note.stdin_prompt));
        }
        return Ok((Box::new(io::stdin()), None));
    }
    let file = File::open(path).map_err(|error| Failure::io(path, &error))?;
    let metadata = file.metadata().map_err(|error| Failure::io(path, &error))?;
    let length = metadata.is_file().then_some(metadata.len());
    Ok((Box::new(file), length))
}

fn unread(path: &Path, error: &io::Error) -> Failure {
    if path == Path::new("-") {
        Failure::io(Path::new("standard input"), error)
    } else {
        Failure::io(path, error)
    }
}

/// A bar where somebody sees it, and where it does not stand between the lines of the output.
fn progress(length: Option<u64>) -> ProgressBar {
    let seen = io::stderr().is_terminal() && !io::stdout().is_terminal();
    let target = if seen {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let template = match length {
        Some(_) => "{wide_bar} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left",
        None => "{spinner} {bytes}, {bytes_per_sec}, {elapsed}",
    };
    let style = ProgressStyle::with_template(template);
    ProgressBar::with_draw_target(length, target)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// Ctrl-C ends the run after the lines that are being written; once more ends it at once. Where a shell made the run ignore
/// Ctrl-C because it is in the background, `kill -INT` still reaches it.
fn listen(task: &Arc<Task>, reports: &Sender<Report>) -> Result<(), Failure> {
    let (task, reports) = (Arc::clone(task), reports.clone());
    ctrlc::set_handler(move || {
        if task.interrupted.swap(true, Ordering::Relaxed) {
            process::exit(130);
        }
        // Who writes has gone only if the run is over.
        let _ = reports.send(Report::Interrupted);
    })
    .map_err(|error| cannot("listen for an interruption", &error.to_string()))
}

/// Starts the threads that read and assess. Nobody waits for them: a read may never return.
fn start(
    task: &Arc<Task>,
    input: Box<dyn Read + Send>,
    reports: &Sender<Report>,
) -> Result<(), Failure> {
    let (batches, queue) = mpsc::channel();
    let queue = Arc::new(Mutex::new(queue));
    let cores = thread::available_parallelism().map_or(1, usize::from);
    for _ in 0..cores {
        let (task, queue) = (Arc::clone(task), Arc::clone(&queue));
        spawn("assess", reports, move |reports| {
            work(&task, &queue, reports)
        })?;
    }
    let task = Arc::clone(task);
    spawn("read", reports, move |reports| {
        read(&task, input, &batches, reports)
    })
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

/// Reads to the end. A channel that is closed means that nobody waits for the rest.
fn read(
    task: &Task,
    input: Box<dyn Read + Send>,
    batches: &Sender<(u64, Batch)>,
    reports: &Sender<Report>,
) {
    let mut lines = Lines::new(input);
    let mut number = 0;
    let error = loop {
        match lines.batch() {
            Ok(Some(batch)) => {
                task.room.take(batch.cost());
                if batches.send((number, batch)).is_err() {
                    return;
                }
                number += 1;
            }
            Ok(None) => break None,
            Err(error) => break Some(error),
        }
    };
    let _ = reports.send(Report::Ended(number, error));
}

fn work(task: &Task, queue: &Mutex<Receiver<(u64, Batch)>>, reports: &Sender<Report>) {
    let next = || {
        let queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.recv()
    };
    while let Ok((number, batch)) = next() {
        let report = match task.assess(number, &batch) {
            Ok(ready) => Report::Ready(ready),
            Err(error) => Report::Failed(cannot("assess", &error.to_string())),
        };
        if reports.send(report).is_err() {
            return;
        }
    }
}

impl Task {
    fn assess(&self, number: u64, batch: &Batch) -> io::Result<Ready> {
        let mut form = Form::new(self.format);
        let mut tally = Tally::default();
        for (record, line) in batch.lines() {
            let read = match line {
                Some(line) => read_line(line, &self.policies),
                None => Err(LineError::too_long()),
            };
            let outcome =
                read.map(|device| assess(&self.policies, &device, &self.deployment, self.at));
            form.add(record, &outcome)?;
            tally.add(record, &outcome);
        }
        Ok(Ready {
            number,
            text: form.finish()?,
            tally,
            read: batch.read,
            cost: batch.cost(),
        })
    }
}

/// Writes what is ready, each batch in its turn and whole.
fn write(
    task: &Task,
    reported: &Receiver<Report>,
    tally: &mut Tally,
    bar: &ProgressBar,
) -> Result<End, Failure> {
    let mut out = io::stdout().lock();
    out.write_all(&form::head(task.format)?)?;
    out.flush()?;
    let (mut next, mut early) = (0, BTreeMap::new());
    let mut end = None;
    loop {
        while let Some(ready) = early.remove(&next) {
            if task.interrupted.load(Ordering::Relaxed) {
                return Ok(End::Interrupted);
            }
            let Ready {
                text,
                tally: of,
                read,
                cost,
                ..
            } = ready;
            out.write_all(&text)?;
            out.flush()?;
            tally.merge(&of);
            bar.inc(read);
            task.room.give(cost);
            next += 1;
        }
        if let Some((_, error)) = end.take_if(|(batches, _)| *batches == next) {
            return Ok(End::Input(error));
        }
        match reported.recv() {
            Ok(Report::Ready(ready)) => {
                early.insert(ready.number, ready);
            }
            Ok(Report::Ended(batches, error)) => end = Some((batches, error)),
            Ok(Report::Interrupted) => return Ok(End::Interrupted),
            Ok(Report::Failed(failure)) => return Err(failure),
            Err(error) => return Err(cannot("write", &error.to_string())),
        }
    }
}

/// Says it on standard error. Where that cannot be written, the exit status still tells.
fn tell(text: &str) {
    let _ = anstream::stderr().write_all(text.as_bytes());
}
