//! Text for people: wrapped to the terminal, coloured where that is wanted.

use std::{
    env, fmt,
    io::{self, IsTerminal, Write},
};

use anstream::{AutoStream, ColorChoice, stream::RawStream};
use anstyle::{AnsiColor, Style};
use octroi_core::visible;
use textwrap::{WordSeparator, WordSplitter, WrapAlgorithm};

use crate::failure::Failure;

/// Lines longer than this are hard to read, however wide the terminal.
const WIDEST: usize = 88;

pub(crate) const GOOD: Style = Style::new()
    .bold()
    .fg_color(Some(anstyle::Color::Ansi(AnsiColor::Green)));
pub(crate) const CAUTION: Style = Style::new()
    .bold()
    .fg_color(Some(anstyle::Color::Ansi(AnsiColor::Yellow)));
pub(crate) const BAD: Style = Style::new()
    .bold()
    .fg_color(Some(anstyle::Color::Ansi(AnsiColor::Red)));
const HEADING: Style = Style::new().bold();

/// A page in the making.
pub(crate) struct Page {
    width: usize,
    text: String,
}

impl Page {
    pub(crate) fn new() -> Self {
        let columns = env::var("COLUMNS")
            .ok()
            .and_then(|columns| columns.parse().ok());
        let width = columns
            .unwrap_or_else(textwrap::termwidth)
            .clamp(24, WIDEST);
        Self {
            width,
            text: String::new(),
        }
    }

    pub(crate) fn blank(&mut self) {
        self.text.push('\n');
    }

    pub(crate) fn styled(&mut self, style: Style, line: &str) {
        for line in textwrap::wrap(&visible(line), options(self.width)) {
            self.text.push_str(&format!("{style}{line}{style:#}\n"));
        }
    }

    pub(crate) fn heading(&mut self, line: &str) {
        self.blank();
        self.styled(HEADING, line);
    }

    /// A paragraph that is set in by so many columns.
    pub(crate) fn paragraph(&mut self, indent: usize, text: &str) {
        self.hanging(indent, "", text);
    }

    /// A paragraph behind a mark.
    pub(crate) fn item(&mut self, indent: usize, text: &str) {
        self.hanging(indent, "- ", text);
    }

    /// A heading and its items, unless there are none.
    pub(crate) fn list(&mut self, heading: &str, items: impl IntoIterator<Item = String>) {
        let mut items = items.into_iter().peekable();
        if items.peek().is_some() {
            self.heading(heading);
            items.for_each(|item| self.item(2, &item));
        }
    }

    fn hanging(&mut self, indent: usize, mark: &str, text: &str) {
        let first = format!("{:indent$}{mark}", "");
        let next = " ".repeat(first.len());
        let options = options(self.width)
            .initial_indent(&first)
            .subsequent_indent(&next);
        self.text.push_str(&textwrap::fill(&visible(text), options));
        self.text.push('\n');
    }

    pub(crate) fn print(self) -> Result<(), Failure> {
        print(&self.text)
    }
}

/// Lines break at spaces alone: a hyphen may stand in the id of a legal basis, which is quoted whole.
fn options(width: usize) -> textwrap::Options<'static> {
    textwrap::Options::new(width)
        // By name: which one is the default hangs on the features that other crates ask of textwrap.
        .wrap_algorithm(WrapAlgorithm::FirstFit)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
}

/// Sees to it that standard output can be written at all: one that is open for reading only (`1<FILE`) takes everything in
/// silence, as the standard library holds it for closed.
pub(crate) fn begin() -> Result<(), Failure> {
    #[cfg(unix)]
    {
        use std::{fs::File, os::fd::AsFd};

        let out = io::stdout().as_fd().try_clone_to_owned()?;
        // Nothing is written, yet whether it may be is asked.
        File::from(out).write(&[]).map(drop)?;
    }
    Ok(())
}

/// Prints to standard output; colours only reach a terminal, and not under `NO_COLOR`.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = coloured(io::stdout().lock());
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

/// Prints what the arguments ask for before anything else: help, or the version.
pub(crate) fn print_help(help: &clap::Error) -> Result<(), Failure> {
    help.print()?;
    Ok(io::stdout().flush()?)
}

/// Says a line on standard error, coloured alike. Where even this cannot be written, the exit status still tells.
pub(crate) fn say(line: impl fmt::Display) {
    let _ = writeln!(coloured(io::stderr().lock()), "{line}");
}

/// A terminal may be coloured, as its user sets; anything else never is, `CLICOLOR_FORCE` or not.
fn coloured<S: RawStream>(stream: S) -> AutoStream<S> {
    let choice = if stream.is_terminal() {
        ColorChoice::Auto
    } else {
        ColorChoice::Never
    };
    AutoStream::new(stream, choice)
}

/// The colours of the help and of errors in the arguments, which go to either stream.
pub(crate) fn colours_of_help() -> clap::ColorChoice {
    if io::stdout().is_terminal() && io::stderr().is_terminal() {
        clap::ColorChoice::Auto
    } else {
        clap::ColorChoice::Never
    }
}
