//! Other programs: run, their output shown as it comes, their failures named.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

use anyhow::{Context, Result, bail};

/// A program with its arguments, about to run.
pub(crate) struct Tool {
    command: Command,
    line: String,
}

impl Tool {
    /// `program`, to be run in `folder`.
    pub(crate) fn new(program: &str, folder: &Path) -> Self {
        let mut command = Command::new(program);
        command.current_dir(folder);
        Self {
            command,
            line: program.to_owned(),
        }
    }

    /// Adds arguments.
    pub(crate) fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        for argument in arguments {
            self.line.push(' ');
            self.line.push_str(&argument.as_ref().to_string_lossy());
            self.command.arg(argument);
        }
        self
    }

    /// Sets an environment variable.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs it with its output on ours; anything but success is an error.
    pub(crate) fn run(mut self) -> Result<()> {
        println!("$ {}", self.line);
        let status = self.command.status().with_context(|| self.cannot_start())?;
        self.succeeded(status)
    }

    /// Runs it and returns what it printed; its errors go on ours.
    pub(crate) fn read(mut self) -> Result<String> {
        self.command.stdout(Stdio::piped());
        let child = self.spawn()?;
        self.finish(child)
    }

    /// Runs it on `input` and returns what it printed.
    pub(crate) fn filter(mut self, input: &str) -> Result<String> {
        self.command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = self.spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin
                .write_all(input.as_bytes())
                .with_context(|| format!("cannot write to `{}`", self.line))?;
        }
        self.finish(child)
    }

    /// Runs it, shows each line that it prints and hands it to `each`; success or not is the caller's to judge.
    pub(crate) fn watch(mut self, mut each: impl FnMut(&str)) -> Result<ExitStatus> {
        println!("$ {}", self.line);
        self.command.stdout(Stdio::piped());
        let mut child = self.spawn()?;
        if let Some(stdout) = child.stdout.take() {
            let mut stdout = BufReader::new(stdout);
            let mut line = Vec::new();
            while stdout
                .read_until(b'\n', &mut line)
                .with_context(|| self.cannot_read())?
                > 0
            {
                let text = String::from_utf8_lossy(&line);
                print!("{text}");
                each(text.trim_end());
                line.clear();
            }
        }
        child.wait().with_context(|| self.cannot_read())
    }

    fn spawn(&mut self) -> Result<Child> {
        self.command.spawn().with_context(|| self.cannot_start())
    }

    fn finish(&self, child: Child) -> Result<String> {
        let output = child
            .wait_with_output()
            .with_context(|| self.cannot_read())?;
        self.succeeded(output.status)?;
        String::from_utf8(output.stdout)
            .with_context(|| format!("`{}` printed something else than UTF-8", self.line))
    }

    fn succeeded(&self, status: ExitStatus) -> Result<()> {
        if !status.success() {
            bail!("`{}` failed ({status})", self.line);
        }
        Ok(())
    }

    fn cannot_start(&self) -> String {
        format!("cannot start `{}`", self.line)
    }

    fn cannot_read(&self) -> String {
        format!("cannot follow `{}`", self.line)
    }
}
