//! How a state stands in a file: one line that says what follows, and the state itself.
//!
//! ```text
//! octroi-NAME FORMAT GENERATION LENGTH SHA-256
//! ```
//!
//! The line has this form in every version: a damaged state and one of a newer version can be told apart. The digest covers
//! the format, the generation and the state.

use sha2::{Digest, Sha256};

use crate::form::Form;

const MAGIC: &str = "octroi-";
/// No line is longer: three numbers of twenty digits, a digest, the name and what stands between them.
const LONGEST_LINE: usize = 192;

/// A state with its generation: of two, the one that was written later has the higher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// How often something was written before.
    pub generation: u64,
    /// The state.
    pub state: Vec<u8>,
}

/// What a file holds that is no state of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is damaged, or was never a state.
    Damaged,
    /// It is whole, and of a newer format.
    Newer(u32),
}

impl Frame {
    pub(crate) fn encode(&self, form: Form) -> Vec<u8> {
        let Form { name, format } = form;
        let (generation, length) = (self.generation, self.state.len());
        let digest = digest(format, generation, &self.state);
        let line = format!("{MAGIC}{name} {format} {generation} {length} {digest}\n");
        let mut bytes = line.into_bytes();
        bytes.extend_from_slice(&self.state);
        bytes
    }

    pub(crate) fn decode(bytes: &[u8], form: Form) -> Result<Self, Fault> {
        let head = bytes.get(..bytes.len().min(LONGEST_LINE));
        let line_end = head.and_then(|head| head.iter().position(|byte| *byte == b'\n'));
        let (line, state) = line_end
            .and_then(|at| Some((bytes.get(..at)?, bytes.get(at + 1..)?)))
            .ok_or(Fault::Damaged)?;
        let line = str::from_utf8(line).map_err(|_| Fault::Damaged)?;
        let words: Vec<&str> = line.split(' ').collect();
        let &[name, format, generation, length, told] = words.as_slice() else {
            return Err(Fault::Damaged);
        };
        let format: u32 = format.parse().map_err(|_| Fault::Damaged)?;
        let generation: u64 = generation.parse().map_err(|_| Fault::Damaged)?;
        let length: usize = length.parse().map_err(|_| Fault::Damaged)?;
        if name.strip_prefix(MAGIC) != Some(form.name)
            || length != state.len()
            || told != digest(format, generation, state)
        {
            return Err(Fault::Damaged);
        }
        if format > form.format {
            return Err(Fault::Newer(format));
        }
        Ok(Self {
            generation,
            state: state.to_vec(),
        })
    }
}

fn digest(format: u32, generation: u64, state: &[u8]) -> String {
    let mut hash = Sha256::new();
    hash.update(format!("{format} {generation} "));
    hash.update(state);
    let digest = hash.finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: Form = Form {
        name: "state",
        format: 1,
    };

    #[test]
    fn what_is_written_is_read_back_and_no_bit_of_it_may_turn() {
        let frame = Frame {
            generation: 41,
            state: b"{\"latest\":1}".to_vec(),
        };
        let bytes = frame.encode(FORM);
        assert_eq!(Frame::decode(&bytes, FORM), Ok(frame));
        for at in 0..bytes.len() * 8 {
            let mut turned = bytes.clone();
            turned[at / 8] ^= 1 << (at % 8);
            assert_eq!(
                Frame::decode(&turned, FORM),
                Err(Fault::Damaged),
                "bit {at}"
            );
        }
        for length in 0..bytes.len() {
            assert_eq!(Frame::decode(&bytes[..length], FORM), Err(Fault::Damaged));
        }
    }

    #[test]
    fn a_newer_format_is_no_damage() {
        let state = b"whatever it means";
        let digest = digest(7, 1, state);
        let bytes = [
            format!("octroi-state 7 1 {} {digest}\n", state.len()).as_bytes(),
            state,
        ]
        .concat();
        assert_eq!(Frame::decode(&bytes, FORM), Err(Fault::Newer(7)));
    }

    #[test]
    fn a_state_of_another_kind_is_none() {
        let other = Form {
            name: "updates",
            ..FORM
        };
        let frame = Frame {
            generation: 1,
            state: Vec::new(),
        };
        assert_eq!(
            Frame::decode(&frame.encode(FORM), other),
            Err(Fault::Damaged)
        );
    }
}
