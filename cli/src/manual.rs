//! What a shell and `man` know of the command, made from its arguments.

use std::io;

use clap::{Command, CommandFactory};

use crate::{
    Outcome,
    arguments::{Arguments, Completions, Man},
    failure::Failure,
    page,
};

pub(crate) fn completions(arguments: &Completions) -> Result<Outcome, Failure> {
    let mut script = Vec::new();
    let mut command = Arguments::command();
    clap_complete::generate(arguments.shell, &mut command, "octroi", &mut script);
    print(&script)
}

pub(crate) fn man(arguments: &Man) -> Result<Outcome, Failure> {
    let mut command = Arguments::command();
    command.build();
    let command = find(&command, &arguments.command).ok_or_else(|| {
        let found = format!("no command `octroi {}`", arguments.command.join(" "));
        Failure::new("octroi man", found, "a command that `octroi help` lists")
    })?;
    let mut manual = Vec::new();
    let command = command.clone().version(env!("CARGO_PKG_VERSION"));
    clap_mangen::Man::new(command).render(&mut manual)?;
    print(&manual)
}

fn find<'a>(command: &'a Command, names: &[String]) -> Option<&'a Command> {
    names
        .iter()
        .try_fold(command, |command, name| command.find_subcommand(name))
}

fn print(text: &[u8]) -> Result<Outcome, Failure> {
    let text = str::from_utf8(text).map_err(io::Error::other)?;
    page::print(text)?;
    Ok(Outcome::Good)
}
