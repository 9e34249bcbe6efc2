//! The `octroi` command: checks a phone or a fleet, and helps those who write policies.

mod arguments;
mod authored;
mod check;
mod diff;
mod evidence;
mod failure;
mod files;
mod fleet;
mod import;
mod language;
mod lint;
mod manual;
mod new;
mod notes;
mod page;
mod phone;
mod policy;
#[cfg(feature = "publish")]
mod repo;
#[cfg(feature = "publish")]
mod repository;
mod rules;
mod schema;
mod show;
mod skeleton;
mod table;
mod texts;
mod verdict_page;
mod visibility;

use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use arguments::{Arguments, Command, EvidenceCommand, PolicyCommand};
use clap::Parser;
use failure::Failure;

/// What the command is left with: the answer is on standard output already.
enum Outcome {
    /// What was asked for, or a permit.
    Good,
    /// A denial, scenarios that fail, errors in a policy, verdicts that change.
    Bad,
    /// Lines that could not be assessed, a statement that is refused.
    Incomplete,
    /// What the user stopped.
    Interrupted,
}

fn main() -> ExitCode {
    match Arguments::try_parse() {
        Ok(arguments) => finish(page::begin().and_then(|()| run(arguments.command))),
        // What was typed wrong: said on standard error, with the status of every error.
        Err(error) if error.use_stderr() => error.exit(),
        // Help and version, which somebody may wait for as for any other output.
        Err(help) => {
            let printed = page::begin().and_then(|()| page::print_help(&help));
            finish(printed.map(|()| Outcome::Good))
        }
    }
}

fn run(command: Command) -> Result<Outcome, Failure> {
    match command {
        Command::Check(arguments) => check::check(&arguments),
        Command::Fleet(arguments) => fleet::fleet(&arguments),
        Command::Policy(PolicyCommand::List(arguments)) => policy::list(&arguments),
        Command::Policy(PolicyCommand::Show(arguments)) => policy::show(&arguments),
        Command::Policy(PolicyCommand::Test(arguments)) => policy::test(&arguments),
        Command::Policy(PolicyCommand::Lint(arguments)) => lint::lint(&arguments),
        Command::Policy(PolicyCommand::New(arguments)) => new::new(&arguments),
        Command::Policy(PolicyCommand::Table(arguments)) => table::table(&arguments),
        Command::Policy(PolicyCommand::Diff(arguments)) => diff::diff(&arguments),
        Command::Policy(PolicyCommand::Build(arguments)) => policy::build(&arguments),
        Command::Policy(PolicyCommand::Import(arguments)) => import::import(&arguments),
        Command::Evidence(EvidenceCommand::Verify(arguments)) => evidence::verify(&arguments),
        Command::Evidence(EvidenceCommand::Sign(arguments)) => evidence::sign(&arguments),
        Command::Evidence(EvidenceCommand::Keygen(arguments)) => evidence::keygen(&arguments),
        #[cfg(feature = "publish")]
        Command::Repo(command) => repo::repo(&command),
        #[cfg(not(feature = "publish"))]
        Command::Repo { .. } => Err(Failure::not_built_in("octroi repo")),
        Command::Visibility(arguments) => visibility::visibility(&arguments),
        Command::Schema(arguments) => schema::schema(&arguments),
        Command::Completions(arguments) => manual::completions(&arguments),
        Command::Man(arguments) => manual::man(&arguments),
    }
}

fn finish(outcome: Result<Outcome, Failure>) -> ExitCode {
    match outcome {
        Ok(Outcome::Good) => ExitCode::SUCCESS,
        Ok(Outcome::Bad) => ExitCode::from(1),
        Ok(Outcome::Incomplete) => ExitCode::from(2),
        // What shells say of a command that Ctrl-C ended.
        Ok(Outcome::Interrupted) => ExitCode::from(130),
        Err(Failure::ClosedPipe) => ExitCode::SUCCESS,
        Err(failure) => {
            let error = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
            page::say(format_args!("{error}error:{error:#} {failure}"));
            ExitCode::from(2)
        }
    }
}
