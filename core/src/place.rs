//! Where something stands in the text of a document. Only errors come here: the text is walked through from its start, and what
//! the reader accepted up to the error is not judged again.

use crate::read::Step;

/// What an error is about, at the end of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// The value.
    Value,
    /// The key itself, which may not stand there.
    Key,
}

/// The line and the column in bytes, both from 1.
pub(crate) fn line_and_column(text: &[u8], offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let ends = before.iter().filter(|byte| **byte == b'\n');
    let line = before.rsplit(|byte| *byte == b'\n').next();
    (ends.count() + 1, line.map_or(0, <[u8]>::len) + 1)
}

/// The offset of the end of that column, both from 1.
pub(crate) fn end_of_column(text: &[u8], line: usize, column: usize) -> usize {
    let before = text.split_inclusive(|byte| *byte == b'\n');
    let before: usize = before.take(line.saturating_sub(1)).map(<[u8]>::len).sum();
    before.saturating_add(column).min(text.len())
}

/// The offset of what is at the end of the path. What is missing is shown where it should stand, so the walk ends at the last place
/// that there is.
///
/// Nothing begins after `end`, where the reader stopped: of a key that stands twice the last one before it is meant.
pub(crate) fn offset_of(text: &[u8], path: &[Step], about: About, end: usize) -> usize {
    let mut walk = Walk { text, at: 0 };
    walk.skip_blanks();
    let mut place = walk.at;
    for (nth, step) in path.iter().enumerate() {
        let found = match step {
            Step::Key(key) => walk.find_key(key, end),
            Step::Index(index) => walk.find_element(*index, end),
        };
        let Some((start, value)) = found else { break };
        let is_last = nth + 1 == path.len();
        place = if is_last && about == About::Key {
            start
        } else {
            value
        };
        walk.at = value;
    }
    place
}

struct Walk<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Walk<'a> {
    /// Where the last entry of that key begins, and where its value does.
    fn find_key(&mut self, key: &str, end: usize) -> Option<(usize, usize)> {
        let mut found = None;
        self.open(b'{')?;
        while self.at < end && self.peek() == Some(b'"') {
            let start = self.at;
            let written = self.skip_string();
            self.skip_blanks();
            self.skip(b':');
            self.skip_blanks();
            if is_key(written, key) {
                found = Some((start, self.at));
            }
            self.skip_value();
        }
        found
    }

    /// Where that element begins, twice: it has no key.
    fn find_element(&mut self, index: usize, end: usize) -> Option<(usize, usize)> {
        self.open(b'[')?;
        for _ in 0..index {
            if self.at >= end {
                return None;
            }
            self.skip_value();
        }
        Some((self.at, self.at))
    }

    fn open(&mut self, bracket: u8) -> Option<()> {
        (self.peek()? == bracket).then(|| self.at += 1)?;
        self.skip_blanks();
        Some(())
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn skip(&mut self, byte: u8) {
        if self.peek() == Some(byte) {
            self.at += 1;
        }
    }

    fn skip_blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// Goes behind a string, and gives it as it is written.
    fn skip_string(&mut self) -> &'a [u8] {
        let start = self.at;
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == b'"' {
                break;
            }
        }
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// Goes behind a value, and to what follows its comma.
    fn skip_value(&mut self) {
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    self.skip_string();
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' if depth == 0 => return,
                b'}' | b']' => depth -= 1,
                b',' if depth == 0 => break,
                _ => {}
            }
            self.at += 1;
        }
        self.skip(b',');
        self.skip_blanks();
    }
}

fn is_key(written: &[u8], key: &str) -> bool {
    serde_json::from_slice::<String>(written).is_ok_and(|text| text == key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::steps;

    fn at(text: &str, path: Vec<Step>, about: About) -> (usize, usize) {
        let offset = offset_of(text.as_bytes(), &path, about, text.len());
        line_and_column(text.as_bytes(), offset)
    }

    /// Brackets, commas and escaped quotes inside strings are no places, and an escaped key is that key.
    #[test]
    fn a_place_is_found_whatever_stands_before_it() {
        let text = "{\"a\\\"]}\": [\"],\\\"\", {\"x\": [{}, []]} ,\n 7],\n \"\\u0062\": {\"c\":1}}";
        let value = |path: Vec<Step>| at(text, path, About::Value);
        assert_eq!(value(steps![]), (1, 1));
        assert_eq!(value(steps!["a\"]}", 2]), (2, 2));
        assert_eq!(value(steps!["a\"]}", 1, "x", 1]), (1, 31));
        assert_eq!(value(steps!["b"]), (3, 12));
        assert_eq!(at(text, steps!["b"], About::Key), (3, 2));
        assert_eq!(value(steps!["b", "c"]), (3, 17));
        assert_eq!(value(steps!["b", "missing", "d"]), (3, 12));
    }

    /// What follows an error may be anything, and nothing at all.
    #[test]
    fn a_text_may_end_anywhere() {
        let text = "{\"a\": [1, {\"b\": \"c\\\"\", \"b\": 2}], \"d\": \"\\";
        for end in 0..=text.len() {
            let cut = &text.as_bytes()[..end];
            for path in [steps!["a", 1, "b"], steps!["d"], steps!["a", 7]] {
                for about in [About::Key, About::Value] {
                    assert!(offset_of(cut, &path, about, end) <= end + 1);
                }
            }
        }
    }

    #[test]
    fn of_a_key_that_stands_twice_the_last_before_the_end_is_meant() {
        let text = br#"{"a": 1, "a": 2, "a": 3}"#;
        let path = steps!["a"];
        let starts = [24, 16, 9, 8].map(|end| offset_of(text, &path, About::Key, end));
        assert_eq!(starts, [17, 9, 1, 1]);
    }
}
