//! The devices that the page lists: all of them, as long as there is room.

use octroi_core::{Decision, Instant, ObligationState, Status};

use crate::rows::{Line, Said};

/// So many devices are listed. More are counted, and not listed.
const MOST: usize = 100_000;

/// A name is cut where it would take more bytes of the page than this.
const LONGEST: usize = 64;

/// How urgent a device is: those that matter most are listed first, and are the last to go.
const RANKS: usize = 4;

/// A device's name as the page has it: short, and with all that nobody sees written out.
#[derive(Debug)]
pub(crate) struct Name {
    pub(crate) text: Box<str>,
    pub(crate) is_cut: bool,
}

/// A device in the list.
#[derive(Debug)]
pub(crate) struct Device {
    pub(crate) line: Line,
    pub(crate) name: Option<Name>,
    pub(crate) kind: usize,
    pub(crate) until: Option<Instant>,
}

/// The devices to list, the most urgent first and each rank in the order of the input.
#[derive(Debug, Default)]
pub(crate) struct Listed {
    ranks: [Vec<Device>; RANKS],
    length: usize,
}

impl Name {
    pub(crate) fn new(id: &str) -> Self {
        // Nothing gets shorter by being written out.
        let start = id
            .char_indices()
            .nth(LONGEST)
            .map_or(id, |(end, _)| id.get(..end).unwrap_or(id));
        let shown = octroi_core::visible(start);
        let mut length = 0;
        let end = shown.char_indices().find(|(_, character)| {
            length += written_length(*character);
            length > LONGEST
        });
        let is_cut = end.is_some() || start.len() < id.len();
        let whole = end.map_or(&*shown, |(end, _)| shown.get(..end).unwrap_or_default());
        let text = if is_cut {
            format!("{whole}…")
        } else {
            whole.to_owned()
        };
        Self {
            text: text.into(),
            is_cut,
        }
    }
}

/// How many bytes a character takes where the page holds its data.
const fn written_length(character: char) -> usize {
    match character {
        '<' => 6,
        '"' | '\\' => 2,
        _ => character.len_utf8(),
    }
}

impl Listed {
    pub(crate) fn add(&mut self, rank: usize, device: Device) {
        if let Some(devices) = self.ranks.get_mut(rank) {
            devices.push(device);
            self.length += 1;
        }
        if self.length > MOST
            && let Some(last) = self.ranks.iter_mut().rev().find(|rank| !rank.is_empty())
        {
            last.pop();
            self.length -= 1;
        }
    }

    pub(crate) fn devices(&self) -> impl Iterator<Item = &Device> {
        self.ranks.iter().flatten()
    }
}

/// Denied first, then those with something to do, then those with an open question.
pub(crate) fn rank(said: &Said) -> usize {
    let assessment = &said.assessment;
    let duties = assessment
        .assessments
        .iter()
        .flat_map(|said| &said.obligations);
    let is_open = |state| state != ObligationState::Done;
    if assessment.access.decision == Decision::Deny {
        0
    } else if duties.map(|duty| duty.state).any(is_open) {
        1
    } else if assessment.status == Status::Unknown {
        2
    } else {
        3
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(id: &str) -> (String, bool) {
        let name = Name::new(id);
        (name.text.into(), name.is_cut)
    }

    /// A name of 10 KB, or one made of what takes six times its room, does not make the page larger than it may be.
    #[test]
    fn a_name_is_short() {
        assert_eq!(name(&"x".repeat(64)), ("x".repeat(64), false));
        assert_eq!(name(&"x".repeat(10_000)), ("x".repeat(64) + "…", true));
        assert_eq!(name(&"<".repeat(11)), ("<".repeat(10) + "…", true));
        assert_eq!(name(&"日".repeat(22)), ("日".repeat(21) + "…", true));
        assert_eq!(name(&"\u{202e}".repeat(9)).0.chars().count(), 7 * 8 + 1);
    }

    #[test]
    fn a_name_shows_what_nobody_sees() {
        assert_eq!(name("\u{202e}enohp"), ("\\u{202e}enohp".to_owned(), false));
    }

    /// Where there are more devices than the page lists, those who are denied are in it, whenever they come.
    #[test]
    fn the_least_urgent_goes() {
        let mut listed = Listed::default();
        let device = |number| Device {
            line: Line { file: 0, number },
            name: None,
            kind: 0,
            until: None,
        };
        for number in 1..=MOST as u64 {
            listed.add(3, device(number));
        }
        listed.add(0, device(1_000_001));
        listed.add(3, device(1_000_002));
        let records: Vec<_> = listed.devices().map(|device| device.line.number).collect();
        assert_eq!(records.len(), MOST);
        assert_eq!(records.first(), Some(&1_000_001));
        assert_eq!(records.last(), Some(&(MOST as u64 - 1)));
    }
}
