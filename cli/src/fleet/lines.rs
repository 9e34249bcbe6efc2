//! From a stream to lines: numbered, in batches, and never more of a line in memory than is allowed.

use std::{
    io::{self, BufRead, BufReader, Read},
    ops::Range,
};

use octroi_exports::LONGEST_LINE;

use super::pipe::MOST;

/// A batch is full with so many lines, or so many bytes.
const LINES: usize = 32;
const BYTES: u64 = 128 << 10;

/// A line of so many bytes is assessed alone.
pub(super) const LONG: usize = 1 << 20;

/// What an assessment may take in memory, beside its line.
const ASSESSMENT: usize = 8 << 10;

const BUFFER: usize = 256 << 10;
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Lines that stand one after the other in the input, blank ones left out.
#[derive(Default)]
pub(super) struct Batch {
    text: Vec<u8>,
    lines: Vec<(u64, Option<Range<usize>>)>,
    /// How many bytes of the input it covers.
    pub(super) read: u64,
    /// Where the input stands after it.
    pub(super) end: Mark,
}

/// A place between two lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mark {
    /// How many bytes stand before it.
    pub(super) offset: u64,
    /// How many lines, blank ones too.
    pub(super) line: u64,
}

impl Batch {
    /// Each line with its number, from 1; `None` is a line that is too long.
    pub(super) fn lines(&self) -> impl Iterator<Item = (u64, Option<&[u8]>)> {
        self.lines.iter().map(|(number, range)| {
            let range = range.clone();
            (*number, range.and_then(|range| self.text.get(range)))
        })
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// What it takes in memory until it is written, roughly. What a long line becomes may be many times the line, so one takes
    /// all the room there is.
    pub(super) fn cost(&self) -> usize {
        if self.text.len() >= LONG {
            MOST
        } else {
            self.text.len() + self.lines.len() * ASSESSMENT
        }
    }

    fn is_full(&self, most: usize) -> bool {
        self.lines.len() >= LINES.min(most) || self.read >= BYTES
    }
}

/// The lines of a stream.
pub(super) struct Lines<R> {
    input: BufReader<R>,
    read: Mark,
    error: Option<io::Error>,
}

impl<R: Read> Lines<R> {
    /// What comes after the mark, at which the input stands.
    pub(super) fn after(mark: Mark, input: R) -> Self {
        Self {
            input: BufReader::with_capacity(BUFFER, input),
            read: mark,
            error: None,
        }
    }

    /// The next batch, of so many lines at most; `None` is the end. What was read before an error comes before the error.
    pub(super) fn batch(&mut self, most: usize) -> io::Result<Option<Batch>> {
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        let mut batch = Batch::default();
        while !batch.is_full(most) {
            // Who writes slowly sees each line answered: a line that is whole does not wait for the next one.
            let waits = memchr::memchr(b'\n', self.input.buffer()).is_none();
            if waits && !batch.lines.is_empty() {
                break;
            }
            match self.line(&mut batch) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) if batch.read == 0 => return Err(error),
                Err(error) => {
                    self.error = Some(error);
                    break;
                }
            }
        }
        self.read.offset += batch.read;
        batch.end = self.read;
        Ok((batch.read > 0).then_some(batch))
    }

    /// Adds a line to the batch, unless it is blank. False at the end.
    fn line(&mut self, batch: &mut Batch) -> io::Result<bool> {
        let start = batch.text.len();
        // With its end, `\r\n` at the longest.
        let most = LONGEST_LINE as u64 + 2;
        let read = match (&mut self.input)
            .take(most)
            .read_until(b'\n', &mut batch.text)
        {
            Ok(0) => return Ok(false),
            Ok(read) => read as u64,
            Err(error) => {
                batch.text.truncate(start);
                return Err(error);
            }
        };
        batch.read += read;
        self.read.line += 1;

        let line = batch.text.get(start..).unwrap_or_default();
        let ended = line.ends_with(b"\n");
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let bare = match self.read.line {
            1 => line.strip_prefix(BOM).unwrap_or(line),
            _ => line,
        };
        let end = start + line.len();
        let range = end - bare.len()..end;
        if line.len() > LONGEST_LINE {
            batch.text.truncate(start);
            batch.text.shrink_to_fit();
            batch.lines.push((self.read.line, None));
            if !ended {
                batch.read += self.input.skip_until(b'\n')? as u64;
            }
        } else if bare.trim_ascii().is_empty() {
            batch.text.truncate(start);
        } else {
            batch.lines.push((self.read.line, Some(range)));
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use std::mem;

    use super::*;

    /// Gives what it has in pieces of that size, then fails if it is told to.
    struct Pieces<'a>(&'a [u8], usize, bool);

    impl Read for Pieces<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() && mem::take(&mut self.2) {
                return Err(io::Error::other("the disk is gone"));
            }
            let size = self.1.min(self.0.len()).min(buffer.len());
            let (piece, rest) = self.0.split_at(size);
            buffer[..size].copy_from_slice(piece);
            self.0 = rest;
            Ok(size)
        }
    }

    type Found = Vec<(u64, Option<String>)>;

    fn read(input: Pieces<'_>) -> (Found, u64, Option<String>) {
        let (mut lines, mut found, mut read) =
            (Lines::after(Mark::default(), input), Vec::new(), 0);
        loop {
            match lines.batch(usize::MAX) {
                Ok(Some(batch)) => {
                    let text =
                        |line: &[u8]| String::from_utf8_lossy(&line[..line.len().min(20)]).into();
                    found.extend(batch.lines().map(|(number, line)| (number, line.map(text))));
                    read += batch.read;
                }
                Ok(None) => return (found, read, None),
                Err(error) => return (found, read, Some(error.to_string())),
            }
        }
    }

    #[test]
    fn lines_are_the_same_whatever_the_pieces() {
        let input = b"\xEF\xBB\xBFa\r\n\n \t\r\n\xEF\xBB\xBFb\nc\rd\n\n\re\0";
        let expected = [(1, "a"), (4, "\u{feff}b"), (5, "c\rd"), (7, "\re\0")];
        let expected = expected.map(|(number, line)| (number, Some(line.to_owned())));
        for size in 1..=input.len() {
            let (lines, read, error) = read(Pieces(input, size, false));
            assert_eq!(lines, expected, "pieces of {size}");
            assert_eq!((read, error), (input.len() as u64, None));
        }
    }

    /// Some long lines side by side would take as many times what one may take.
    #[test]
    fn a_long_line_takes_all_the_room() {
        for (length, alone) in [
            (1, false),
            (LONG / 2, false),
            (LONG, true),
            (LONGEST_LINE, true),
        ] {
            let line = vec![b'x'; length];
            let batch = Lines::after(Mark::default(), line.as_slice())
                .batch(usize::MAX)
                .unwrap()
                .unwrap();
            assert_eq!(batch.cost() >= MOST, alone, "{length}");
        }
    }

    /// Whoever goes on after an interruption must find the same lines under the same numbers, wherever it was.
    #[test]
    fn what_comes_after_a_mark_is_what_came_after_it() {
        let input = b"\xEF\xBB\xBFa\r\n\n \t\r\n\xEF\xBB\xBFb\nc\rd\n\n\re\0";
        let numbers = |batch: &Batch| batch.lines().map(|(number, _)| number).collect::<Vec<_>>();
        for most in 1..=4 {
            let mut lines = Lines::after(Mark::default(), input.as_slice());
            while let Some(batch) = lines.batch(most).unwrap() {
                assert!(batch.len() <= most);
                let rest = &input[usize::try_from(batch.end.offset).unwrap()..];
                let mut again = Lines::after(batch.end, rest);
                let (mut then, mut now) = (Vec::new(), Vec::new());
                while let Some(batch) = again.batch(usize::MAX).unwrap() {
                    then.extend(numbers(&batch));
                }
                let rest = lines.read;
                let mut whole = Lines::after(rest, &input[usize::try_from(rest.offset).unwrap()..]);
                while let Some(batch) = whole.batch(1).unwrap() {
                    now.extend(numbers(&batch));
                }
                assert_eq!(then, now);
                assert!([1, 4, 5, 7].ends_with(&now), "{now:?}");
            }
        }
    }

    #[test]
    fn nothing_is_no_line() {
        for input in [&b""[..], b"\n", b"\r\n", b"\xEF\xBB\xBF", b"\n\n \n"] {
            assert_eq!(read(Pieces(input, 1, false)).0, []);
        }
    }

    #[test]
    fn what_was_read_before_an_error_is_not_lost() {
        let (lines, _, error) = read(Pieces(b"a\nb\nhalf a li", 64, true));
        let expected = [(1, Some("a".to_owned())), (2, Some("b".to_owned()))];
        assert_eq!(lines, expected);
        assert_eq!(error.as_deref(), Some("the disk is gone"));
    }

    #[test]
    fn the_longest_line_is_read_and_a_longer_one_is_not() {
        for (length, end, whole) in [
            (LONGEST_LINE, &b"\n"[..], true),
            (LONGEST_LINE, b"\r\n", true),
            (LONGEST_LINE, b"", true),
            (LONGEST_LINE + 1, b"\n", false),
            (LONGEST_LINE + 1, b"\r\n", false),
            (LONGEST_LINE + 1, b"", false),
            (LONGEST_LINE + 2, b"\n", false),
            (LONGEST_LINE + 2, b"", false),
            (LONGEST_LINE + 300_000, b"\n", false),
        ] {
            let mut input = vec![b'x'; length];
            input.extend(end);
            let after = !end.is_empty();
            input.extend(after.then_some(b'y'));
            let (lines, read, _) = read(Pieces(&input, 1 << 20, false));
            assert_eq!(lines[0].1.is_some(), whole, "{length}, {end:?}");
            assert_eq!(lines.len(), 1 + usize::from(after), "{length}, {end:?}");
            assert_eq!(read, input.len() as u64);
        }
    }
}
