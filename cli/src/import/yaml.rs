//! YAML as a tree of texts that know their places.
//!
//! Every scalar is its text: a certificate of digits is no number, and `no` no truth value. What could hide or multiply
//! something (a key twice, an alias, a second document, depth) is an error.

use std::path::Path;

use saphyr_parser::{Event, Marker, Parser, ScanError, Span};

use crate::failure::{Failure, Place, Spot};

/// Lists of indicators are flat.
const DEEPEST: usize = 16;

/// A value and the place where it begins.
#[derive(Debug)]
pub(super) struct Node {
    line: usize,
    column: usize,
    pub(super) value: Value,
}

#[derive(Debug)]
pub(super) enum Value {
    Text(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

/// What is wrong with a list, and where.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    line: usize,
    column: usize,
    path: String,
    found: String,
    expected: String,
}

impl Node {
    pub(super) fn read(text: &str) -> Result<Self, Fault> {
        let mut events = Events {
            parser: Parser::new_from_str(text),
            depth: 0,
        };
        let mut documents = Vec::new();
        while let Some((event, place)) = events.next()? {
            match event {
                Event::StreamStart
                | Event::StreamEnd
                | Event::DocumentStart(_)
                | Event::DocumentEnd
                | Event::Nothing => {}
                event if documents.is_empty() => documents.push(events.node(event, &place)?),
                _ => return Err(Fault::at(&place, "a second document", "one document")),
            }
        }
        documents.pop().ok_or_else(|| Fault {
            line: 1,
            column: 1,
            path: String::new(),
            found: "nothing".to_owned(),
            expected: "a list of apps".to_owned(),
        })
    }

    /// A fault of this value.
    pub(super) fn fault(&self, path: &str, expected: &str) -> Fault {
        Fault {
            line: self.line,
            column: self.column,
            path: path.to_owned(),
            found: self.what(),
            expected: expected.to_owned(),
        }
    }

    /// How many texts there are in it.
    pub(super) fn texts(&self) -> usize {
        match &self.value {
            Value::Text(_) => 1,
            Value::List(nodes) => nodes.iter().map(Node::texts).sum(),
            Value::Map(entries) => entries.iter().map(|(_, node)| node.texts()).sum(),
        }
    }

    fn what(&self) -> String {
        match &self.value {
            Value::Text(text) if text.is_empty() => "nothing".to_owned(),
            Value::Text(text) => format!("`{text}`"),
            Value::List(_) => "a list".to_owned(),
            Value::Map(_) => "keys and values".to_owned(),
        }
    }
}

impl Fault {
    fn at(place: &Marker, found: impl Into<String>, expected: &str) -> Self {
        Self {
            line: place.line(),
            column: place.col() + 1,
            path: String::new(),
            found: found.into(),
            expected: expected.to_owned(),
        }
    }

    /// The failure that the person sees.
    pub(super) fn in_file(self, file: &Path, text: &str) -> Failure {
        let spot = Spot::at(file, text, self.line, self.column);
        Failure::Wrong {
            place: Place::Written(Box::new(spot)),
            path: self.path,
            found: self.found,
            expected: self.expected,
            help: None,
        }
    }
}

struct Events<'a> {
    parser: Parser<'a, saphyr_parser::StrInput<'a>>,
    depth: usize,
}

impl<'a> Events<'a> {
    fn next(&mut self) -> Result<Option<(Event<'a>, Marker)>, Fault> {
        let place = |(event, span): (Event<'a>, Span)| (event, span.start);
        let fault = |error: ScanError| Fault::at(error.marker(), error.info(), "well-formed YAML");
        self.parser
            .next_event()
            .map(|event| event.map(place).map_err(fault))
            .transpose()
    }

    /// The next event within a list or map, which the parser always closes.
    fn inner(&mut self) -> Result<(Event<'a>, Marker), Fault> {
        let end = Marker::new(0, 1, 0);
        self.next()?
            .ok_or_else(|| Fault::at(&end, "an end within a value", "well-formed YAML"))
    }

    fn node(&mut self, event: Event<'a>, place: &Marker) -> Result<Node, Fault> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Fault::at(
                place,
                "a value that lies deeper",
                "a list of apps, flat",
            ));
        }
        let value = match event {
            Event::Scalar(text, ..) => Value::Text(text.into_owned()),
            Event::SequenceStart(..) => Value::List(self.list()?),
            Event::MappingStart(..) => Value::Map(self.map()?),
            _ => return Err(Fault::at(place, "an alias", "the value itself")),
        };
        self.depth -= 1;
        Ok(Node {
            line: place.line(),
            column: place.col() + 1,
            value,
        })
    }

    fn list(&mut self) -> Result<Vec<Node>, Fault> {
        let mut nodes = Vec::new();
        loop {
            match self.inner()? {
                (Event::SequenceEnd, _) => return Ok(nodes),
                (event, place) => nodes.push(self.node(event, &place)?),
            }
        }
    }

    fn map(&mut self) -> Result<Vec<(String, Node)>, Fault> {
        let mut entries: Vec<(String, Node)> = Vec::new();
        loop {
            let key = match self.inner()? {
                (Event::MappingEnd, _) => return Ok(entries),
                (Event::Scalar(key, ..), place)
                    if entries.iter().any(|(known, _)| **known == *key) =>
                {
                    return Err(Fault::at(
                        &place,
                        format!("the key `{key}` twice"),
                        "each key once",
                    ));
                }
                (Event::Scalar(key, ..), _) => key.into_owned(),
                (_, place) => return Err(Fault::at(&place, "a key that is no text", "a text")),
            };
            let (event, place) = self.inner()?;
            entries.push((key, self.node(event, &place)?));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> (usize, usize, String) {
        let fault = Node::read(text).unwrap_err();
        (fault.line, fault.column, fault.found)
    }

    #[test]
    fn scalars_are_their_texts() {
        let node = Node::read("- no\n- 0123\n- 1e5\n- 'a: b'\n- {k: [x, y]}\n").unwrap();
        let Value::List(nodes) = &node.value else {
            panic!("no list")
        };
        let told: Vec<String> = nodes.iter().map(Node::what).collect();
        assert_eq!(
            told,
            ["`no`", "`0123`", "`1e5`", "`a: b`", "keys and values"]
        );
        assert_eq!(node.texts(), 6);
        assert_eq!(nodes[2].line, 3);
    }

    #[test]
    fn what_hides_or_multiplies_is_refused_with_its_place() {
        assert_eq!(
            fault("- a: 1\n  b: 2\n  a: 3\n"),
            (3, 3, "the key `a` twice".to_owned())
        );
        assert_eq!(fault("- &a x\n- *a\n"), (2, 3, "an alias".to_owned()));
        assert_eq!(fault("- a\n---\n- b\n").2, "a second document");
        assert_eq!(fault("").2, "nothing");
        assert_eq!(fault(&"[".repeat(40)).2, "a value that lies deeper");
        assert_eq!(fault("- a\n- [b\n").0, 3);
    }
}
