//! `octroi fleet`: from one device a line to one assessment a line.
//!
//! [`inputs`] says what is read, with what [`found`] meets in folders; [`question`] what is asked of each device; [`pipe`] brings the
//! answers in their order, and they go to standard output or into [`parts`].

mod before;
mod change;
mod form;
mod found;
mod inputs;
mod lines;
mod manifest;
mod page;
#[cfg(feature = "parquet")]
mod parquet;
mod parts;
mod pipe;
mod place;
mod question;
mod room;
mod run;
mod source;
mod tally;

use std::{
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
};

use octroi_core::Instant;

use crate::{
    Outcome,
    arguments::{Fleet, FleetCommand, FleetFormat, Simulate, Written},
    failure::Failure,
    rules,
};
use before::Before;
use form::Layout;
use inputs::Inputs;
use manifest::Settings;
use page::Page;
use parts::Folder;
use pipe::Pipe;
use question::{Question, RuleSet};
use run::Output;

pub(crate) fn fleet(arguments: &Fleet) -> Result<Outcome, Failure> {
    let Fleet {
        paths,
        rules,
        since,
        written,
        ..
    } = arguments;
    if let Some(FleetCommand::Simulate(arguments)) = &arguments.command {
        return simulate(arguments);
    }
    let (deployment, policies) = rules.select()?;
    let begun = Begun::new(&paths.paths, written)?;
    let rules = RuleSet {
        deployment,
        policies,
    };
    let question = match since {
        Some(earlier) => {
            if let Some(stdout) = same_file::Handle::stdout().ok().filter(is_file)
                && same_file::Handle::from_path(earlier).is_ok_and(|earlier| earlier == stdout)
            {
                let found = "a file that is written to as well";
                return Err(Failure::new(earlier.display(), found, "another output"));
            }
            Question::Since(rules, Before::read(earlier)?)
        }
        None => Question::Assess(rules),
    };
    let page = Page::begin(arguments, &begun.inputs)?;
    begun.run(question, arguments.rules.at, since.as_deref(), page)
}

fn simulate(arguments: &Simulate) -> Result<Outcome, Failure> {
    let sides = rules::choose_two(
        arguments.deployment.as_deref(),
        arguments.notified_on,
        &arguments.policy,
        &arguments.against,
    )?;
    let [new, old] = sides.map(|(deployment, policies)| RuleSet {
        deployment,
        policies,
    });
    let begun = Begun::new(&arguments.paths.paths, &arguments.written)?;
    begun.run(
        Question::Simulate {
            new,
            old: Box::new(old),
        },
        arguments.at,
        None,
        None,
    )
}

/// What is read and where it is written to.
struct Begun<'a> {
    inputs: Inputs,
    folder: Option<Folder>,
    written: &'a Written,
}

impl<'a> Begun<'a> {
    fn new(paths: &[PathBuf], written: &'a Written) -> Result<Self, Failure> {
        if written.format == FleetFormat::Parquet {
            if cfg!(not(feature = "parquet")) {
                return Err(Failure::no_parquet("--format parquet"));
            }
            if written.output.is_none() {
                let expected = "--output FOLDER, which holds files of it";
                return Err(Failure::new("--format parquet", "no --output", expected));
            }
        }
        let inputs = Inputs::find(paths)?;
        let folder = match &written.output {
            Some(folder) => {
                inputs.are_outside(folder)?;
                Some(Folder::open(folder, written.resume)?)
            }
            None => {
                inputs.is_not_output()?;
                None
            }
        };
        Ok(Self {
            inputs,
            folder,
            written,
        })
    }

    fn run(
        self,
        question: Question,
        at: Option<Instant>,
        since: Option<&Path>,
        mut page: Option<Page>,
    ) -> Result<Outcome, Failure> {
        let Self {
            inputs,
            folder,
            written,
        } = self;
        let begun = folder.as_ref().and_then(|folder| folder.begun.as_ref());
        // All records are judged for one instant, also those of a run that goes on the next day.
        let at = at.or(begun.map(|begun| begun.settings.at));
        let at = at.unwrap_or_else(rules::now);
        let layout = Layout {
            format: written.format,
            has_file: inputs.are_named,
            has_change: !matches!(question, Question::Assess(_)),
            has_against: matches!(question, Question::Simulate { .. }),
        };
        let part_records = written.part_records.get();
        let output = match folder {
            None => Output::Stream,
            Some(folder) => {
                let format = written.format.extension();
                let settings = Settings::new(&question, since, format, part_records, at)
                    .map_err(|error| Failure::new("octroi fleet", error.to_string(), "settings"))?;
                let parts = folder.begin(layout, settings, inputs.seen(), part_records)?;
                Output::Parts(Box::new(parts))
            }
        };
        let naming = page.as_mut().map(|page| std::mem::take(&mut page.naming));
        let pipe = Pipe::new(question, at, inputs, layout, part_records, naming);
        run::run(pipe, output, page)
    }
}

fn is_file(handle: &same_file::Handle) -> bool {
    handle.as_file().metadata().is_ok_and(|of| of.is_file())
}

/// Says it on standard error. Where that cannot be written, the exit status still tells.
fn tell(text: &str) {
    let _ = anstream::stderr().write_all(text.as_bytes());
}

/// Whether somebody sees what is said on standard error, and it does not stand between the lines of the output.
fn is_watched(output: &Output) -> bool {
    let apart = matches!(output, Output::Parts(_)) || !io::stdout().is_terminal();
    io::stderr().is_terminal() && apart
}
