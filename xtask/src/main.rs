//! `cargo xtask`: the only list of commands there is. People and CI call the same ones.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "what a command says, it says on the terminal"
)]

mod android;
mod apple;
mod archive;
mod artifacts;
mod audit;
mod bench;
mod clang;
mod debian;
mod elf;
mod files;
mod fuzz;
mod generate;
mod glibc;
mod jvm;
mod law;
mod legs;
mod metadata;
mod native;
mod notices;
mod python;
mod release;
mod rustup;
mod size;
mod swift;
mod tool;
mod version;
mod wheel;
mod workspace;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::builder::PossibleValuesParser;
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
    /// Run every test there is, or the legs that are named.
    Test {
        /// The legs to run; all of them if none is named.
        #[arg(value_name = "LEG", value_parser = PossibleValuesParser::new(legs::names()))]
        legs: Vec<String>,
    },
    /// Write the files that are made from others: texts, schemas, packs, and the Kotlin and Swift of the bindings.
    Generate,
    /// Build for Android: native libraries for each processor, checked, the AAR, and the sample as an APK, into dist/.
    ///
    /// With the NDK that `ANDROID_NDK_HOME` names; without one, with what Rust brings and a clang from PyPI.
    Android {
        /// Record the sizes of the native libraries, instead of refusing what grew.
        #[arg(long)]
        write: bool,
    },
    /// Build the library for Apple's systems: Octroi.xcframework, checked, and its archive, into dist/.
    Apple {
        /// Record the size that an app grows by, instead of refusing what grew.
        #[arg(long)]
        write: bool,
        /// Build the simulator's library too, with Rust's standard library from its sources (minutes more).
        #[arg(long)]
        simulator: bool,
    },
    /// Build the libraries for the JVM, into dist/: octroi-jvm with its native libraries for Linux on x86-64, and octroi-okhttp.
    Jvm,
    /// Build the wheels for Python into dist/, checked: for Linux on x86-64 and arm64, from glibc 2.17 on (manylinux2014).
    Python,
    /// Build all that is published into dist/, and write the archive for Apple's systems and its checksum into Package.swift.
    ///
    /// From a commit whose changelog has this version; before the tag is made.
    Release {
        /// Where the archive of this version will lie: https://…/VERSION/….zip
        #[arg(long)]
        url: String,
    },
    /// Look for security advisories about our dependencies (needs cargo-deny and the network).
    Audit,
    /// Measure octroi beside other engines, and print a table (Linux; needs valgrind). With a JDK, Maven and pip, the gate on the JVM too.
    Bench {
        /// Put the table into the README too.
        #[arg(long)]
        write: bool,
        /// Measure the gate on the JVM, and nothing else.
        #[arg(long, conflicts_with = "write")]
        jvm: bool,
        /// Measure the package for Python and Spark, and nothing else; the table is that of docs/fleet.md.
        #[arg(long, conflicts_with = "jvm")]
        python: bool,
    },
    /// Fuzz one target (needs cargo-fuzz and a nightly toolchain).
    Fuzz {
        /// A file of tests/fuzz/fuzz_targets, without its ending.
        target: String,
        /// For how long.
        #[arg(long, default_value_t = 60)]
        seconds: u32,
    },
    /// Compare the documents of the law with docs/law.csv, sentence by sentence.
    Law {
        /// A folder that holds them as .txt files.
        folder: PathBuf,
        /// Put them into the index instead: a new one under the name of its file.
        #[arg(long)]
        write: bool,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<ExitCode> {
    let workspace = Workspace::find()?;
    match arguments.command {
        Command::Test { legs } => {
            if !legs::run(&workspace, &legs) {
                return Ok(ExitCode::FAILURE);
            }
        }
        Command::Generate => generate::write(&workspace)?,
        Command::Android { write } => android::run(&workspace, write)?,
        Command::Apple { write, simulator } => {
            apple::run(&workspace, write, simulator).map(drop)?
        }
        Command::Jvm => jvm::run(&workspace)?,
        Command::Python => wheel::run(&workspace)?,
        Command::Release { url } => release::run(&workspace, &url)?,
        Command::Audit => audit::run(&workspace)?,
        Command::Bench { jvm: true, .. } => bench::jvm(&workspace)?,
        Command::Bench {
            python: true,
            write,
            ..
        } => bench::python(&workspace, write)?,
        Command::Bench { write, .. } => bench::run(&workspace, write)?,
        Command::Fuzz { target, seconds } => fuzz::run(&workspace, &target, seconds)?,
        Command::Law { folder, write } => law::run(&workspace, &folder, write)?,
    }
    Ok(ExitCode::SUCCESS)
}
