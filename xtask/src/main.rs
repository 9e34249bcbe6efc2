//! `cargo xtask`: the only list of commands there is. People and CI call the same ones.
#![expect(
    clippy::print_stdout,
    reason = "what a command says, it says on the terminal"
)]

mod generate;
mod tool;
mod workspace;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

/// The project's commands.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write the files that are made from others: texts and packs.
    Generate,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let workspace = Workspace::find()?;
    match arguments.command {
        Command::Generate => generate::write(&workspace),
    }
}
