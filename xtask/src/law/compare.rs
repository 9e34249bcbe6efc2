//! How a document differs from what the index keeps of it.

use std::collections::BTreeSet;

use super::index::{Document, Indexed};

/// The places that differ, each in a sentence that begins with its place.
pub(super) fn faults(indexed: &[Indexed], found: &Document) -> Vec<String> {
    let place = |sentence: &Indexed| format!("{}.{}", sentence.paragraph, sentence.number);
    let mut faults = Vec::new();
    let mut next = 0;
    let mut matched = BTreeSet::new();
    for known in indexed {
        let rest = found.0.iter().enumerate().skip(next);
        match rest
            .into_iter()
            .find(|(_, sentence)| sentence.digest == known.digest)
        {
            Some((at, sentence)) => {
                if place(sentence) != place(known) {
                    faults.push(format!(
                        "{}: stands at {} in the document",
                        place(known),
                        place(sentence)
                    ));
                }
                matched.insert(at);
                next = at + 1;
            }
            None => faults.push(format!(
                "{}: not in the document, or not after the one before it",
                place(known)
            )),
        }
    }
    for (at, sentence) in found.0.iter().enumerate() {
        if !matched.contains(&at) {
            faults.push(format!(
                "{}: of the document, not in the index there",
                place(sentence)
            ));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differences(known: &str, found: &str) -> Vec<String> {
        faults(&Document::of(known).0, &Document::of(found))
    }

    #[test]
    fn the_same_document_has_none() {
        assert!(
            differences(
                "Walk. Pay.\nBells ring.",
                "Walk.  **Pay.**\n\nBells ring.\n"
            )
            .is_empty()
        );
    }

    #[test]
    fn a_changed_sentence_is_named_on_both_sides() {
        assert_eq!(
            differences("Walk. Pay.\nBells ring.", "Walk. Pay twice.\nBells ring."),
            [
                "1.2: not in the document, or not after the one before it",
                "1.2: of the document, not in the index there",
            ]
        );
    }

    #[test]
    fn a_sentence_that_came_in_moves_the_others() {
        assert_eq!(
            differences("Walk.\nBells ring.", "Walk.\nPay.\nBells ring."),
            [
                "2.1: stands at 3.1 in the document",
                "2.1: of the document, not in the index there",
            ]
        );
    }

    #[test]
    fn the_order_counts() {
        assert_eq!(
            differences("Walk.\nPay.", "Pay.\nWalk."),
            [
                "1.1: stands at 2.1 in the document",
                "2.1: not in the document, or not after the one before it",
                "1.1: of the document, not in the index there",
            ]
        );
    }
}
