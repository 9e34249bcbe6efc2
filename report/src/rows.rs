//! The verdicts of a part of the fleet.

use std::collections::{HashMap, hash_map::Entry};

use octroi_core::{
    Access, Advice, Assessment, DeviceClass, Finding, Instant, Obligation, PolicyRef, Reason,
    Status,
};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{listed::Name, pseudonyms::Pseudonyms};

/// So many line numbers are kept of each reason why lines could not be read.
const NUMBERS: usize = 20;

/// What identifies all that an assessment says but its device and its instants.
pub(crate) type Key = [u8; 32];

/// The verdicts of a part of the fleet, in the order of the input.
///
/// Devices of which the same is said are kept as one assessment, and under each device's own name or pseudonym: the id itself goes
/// no further.
#[derive(Debug, Default)]
pub struct Rows {
    pseudonyms: Option<Pseudonyms>,
    pub(crate) rows: Vec<Row>,
    pub(crate) said: Vec<Said>,
    places: HashMap<Key, usize>,
    pub(crate) unread: UnreadLines,
}

/// Where a device stands in the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// Which file it is in, from 1, in the order in which they are read; 0 where there is only one.
    pub file: u64,
    /// Which line of it, from 1.
    pub number: u64,
}

/// One device.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) line: Line,
    pub(crate) name: Option<Name>,
    /// Its place in [`Rows::said`].
    pub(crate) said: usize,
    pub(crate) until: Option<Instant>,
}

/// What was said of several devices.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) key: Key,
    pub(crate) assessment: Assessment,
    pub(crate) devices: u64,
}

/// Why a line could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unread {
    /// It is no text in UTF-8.
    Encoding,
    /// It is not well-formed JSON.
    Json,
    /// It is JSON, but not the record of a device.
    Record,
    /// It is longer than a line may be.
    TooLong,
}

/// Lines that could not be read: how many, and the first of each reason.
#[derive(Debug, Default)]
pub(crate) struct UnreadLines(Vec<(Unread, u64, Vec<Line>)>);

impl Rows {
    /// No verdict yet; devices will be named by pseudonyms, if there are any.
    pub fn new(pseudonyms: Option<&Pseudonyms>) -> Self {
        Self {
            pseudonyms: pseudonyms.cloned(),
            ..Self::default()
        }
    }

    /// The verdict on the device in this line of the input.
    pub fn add(&mut self, line: Line, assessment: &Assessment) {
        let name = assessment
            .device_id
            .as_ref()
            .map(|id| match &self.pseudonyms {
                Some(pseudonyms) => Name::new(&pseudonyms.of(id.as_str())),
                None => Name::new(id.as_str()),
            });
        let key = key(assessment);
        let said = match self.places.entry(key) {
            Entry::Occupied(place) => *place.get(),
            Entry::Vacant(place) => {
                let mut assessment = assessment.clone();
                assessment.device_id = None;
                self.said.push(Said {
                    key,
                    assessment,
                    devices: 0,
                });
                *place.insert(self.said.len() - 1)
            }
        };
        if let Some(said) = self.said.get_mut(said) {
            said.devices += 1;
        }
        self.rows.push(Row {
            line,
            name,
            said,
            until: assessment.valid_until,
        });
    }

    /// A line of the input that could not be read. What is wrong with it is not taken along: it would quote the line.
    pub fn unread(&mut self, line: Line, why: Unread) {
        self.unread.add(why, 1, &[line]);
    }
}

impl UnreadLines {
    pub(crate) fn merge(&mut self, other: &Self) {
        for (why, lines, numbers) in &other.0 {
            self.add(*why, *lines, numbers);
        }
    }

    /// Each reason, how many lines have it, and the numbers of the first of them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Unread, u64, &[Line])> {
        let lines = self.0.iter();
        lines.map(|(why, lines, numbers)| (*why, *lines, numbers.as_slice()))
    }

    pub(crate) fn lines(&self) -> u64 {
        self.0.iter().map(|(_, lines, _)| lines).sum()
    }

    fn add(&mut self, why: Unread, more: u64, numbers: &[Line]) {
        let place = self.0.partition_point(|(known, ..)| *known < why);
        if self.0.get(place).is_none_or(|(known, ..)| *known != why) {
            self.0.insert(place, (why, 0, Vec::new()));
        }
        if let Some((_, lines, first)) = self.0.get_mut(place) {
            *lines += more;
            first.extend(numbers.iter().take(NUMBERS.saturating_sub(first.len())));
        }
    }
}

/// An assessment without its device and its instants.
#[derive(Serialize)]
struct Common<'a>(&'a Access, Status, Vec<CommonOfPolicy<'a>>);

#[derive(Serialize)]
struct CommonOfPolicy<'a>(
    &'a PolicyRef,
    &'a DeviceClass,
    &'a Access,
    Status,
    &'a [Finding],
    &'a [Obligation],
    &'a [Reason],
    &'a [Advice],
);

fn key(assessment: &Assessment) -> Key {
    let policies = assessment.assessments.iter().map(|said| {
        CommonOfPolicy(
            &said.policy,
            &said.device_class,
            &said.access,
            said.status,
            &said.findings,
            &said.obligations,
            &said.reasons,
            &said.advice,
        )
    });
    let common = Common(&assessment.access, assessment.status, policies.collect());
    // Nothing in an assessment can fail to be written.
    let json = serde_json::to_vec(&common).unwrap_or_default();
    Sha256::digest(json).into()
}
