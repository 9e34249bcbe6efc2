//! The index: of each sentence its document, its place and its digest.

use std::fmt::{self, Write};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use super::sentences::sentences;

const HEAD: &str = "document,paragraph,sentence,sha256";

/// Every document by its name, in the order of the file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Index(Vec<(String, Document)>);

/// The sentences of one document, in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Document(pub(super) Vec<Indexed>);

/// A sentence of which only the place and the digest are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Indexed {
    pub(super) paragraph: usize,
    pub(super) number: usize,
    pub(super) digest: String,
}

impl Document {
    pub(super) fn of(text: &str) -> Self {
        let sentences = sentences(text).into_iter();
        Self(
            sentences
                .map(|sentence| Indexed {
                    paragraph: sentence.paragraph,
                    number: sentence.number,
                    digest: hex(&Sha256::digest(sentence.text)),
                })
                .collect(),
        )
    }

    fn shares_with(&self, other: &Document) -> usize {
        let digests = self.0.iter().map(|sentence| &sentence.digest);
        digests
            .filter(|digest| other.0.iter().any(|sentence| sentence.digest == **digest))
            .count()
    }
}

impl Index {
    pub(super) fn parse(text: &str) -> Result<Self> {
        let mut lines = text.lines();
        if lines.next() != Some(HEAD) {
            bail!("line 1: expected `{HEAD}`");
        }
        let mut index = Self::default();
        for (line, row) in (2..).zip(lines) {
            let expected = || format!("line {line}: expected `{HEAD}`, found `{row}`");
            let cells: Vec<_> = row.split(',').collect();
            let [document, paragraph, number, digest] = cells.as_slice() else {
                bail!(expected());
            };
            let sentence = Indexed {
                paragraph: paragraph.parse().with_context(expected)?,
                number: number.parse().with_context(expected)?,
                digest: (*digest).to_owned(),
            };
            match index.0.last_mut() {
                Some((name, known)) if name == document => known.0.push(sentence),
                _ => index
                    .0
                    .push(((*document).to_owned(), Document(vec![sentence]))),
            }
        }
        Ok(index)
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.0.iter().map(|(name, _)| name.clone()).collect()
    }

    pub(super) fn document(&self, name: &str) -> &[Indexed] {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map_or(&[], |(_, document)| &document.0)
    }

    /// The document with which a text shares the most sentences, if it shares any.
    pub(super) fn most_like(&self, found: &Document) -> Option<String> {
        let shares = self
            .0
            .iter()
            .map(|(name, known)| (found.shares_with(known), name));
        let (count, name) = shares.max_by_key(|(count, _)| *count)?;
        (count > 0).then(|| name.clone())
    }

    /// Takes a document in, in the place of the one of that name.
    pub(super) fn put(&mut self, name: &str, document: Document) -> Result<()> {
        if name.contains([',', ' ', '"']) {
            bail!("`{name}` is no name of a document: expected no comma, blank or quotation mark");
        }
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = document,
            None => self.0.push((name.to_owned(), document)),
        }
        Ok(())
    }
}

impl fmt::Display for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEAD}")?;
        for (name, document) in &self.0 {
            for sentence in &document.0 {
                let Indexed {
                    paragraph,
                    number,
                    digest,
                } = sentence;
                writeln!(f, "{name},{paragraph},{number},{digest}")?;
            }
        }
        Ok(())
    }
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let mut index = Index::default();
        index
            .put(
                "ferries",
                Document::of("No ferry at night. Bells ring.\nDogs are carried."),
            )
            .unwrap();
        index.put("bridges", Document::of("Walk.")).unwrap();
        let text = index.to_string();
        assert!(text.starts_with("document,paragraph,sentence,sha256\nferries,1,1,"));
        assert!(text.ends_with(
            "bridges,1,1,e074fd9be2e41734ad552c7a1cfdc0e61d4e3cda329f67997e6950681059ad71\n"
        ));
        assert_eq!(Index::parse(&text).unwrap(), index);
    }

    #[test]
    fn a_row_that_is_none_is_named() {
        let error =
            Index::parse("document,paragraph,sentence,sha256\nferries,one,1,00").unwrap_err();
        assert!(error.to_string().starts_with("line 2: expected"), "{error}");
        assert!(Index::parse("ferries,1,1,00").is_err());
    }

    #[test]
    fn a_text_is_known_by_its_sentences_and_not_by_the_name_of_its_file() {
        let mut index = Index::default();
        index
            .put("ferries", Document::of("No ferry at night.\nBells ring."))
            .unwrap();
        index
            .put("bridges", Document::of("Walk.\nBells ring.\nPay."))
            .unwrap();
        let found = |text| index.most_like(&Document::of(text));
        assert_eq!(found("Walk.\nBells ring.").as_deref(), Some("bridges"));
        assert_eq!(found("No ferry at night.").as_deref(), Some("ferries"));
        assert_eq!(found("Swim."), None);
    }
}
