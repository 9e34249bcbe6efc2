//! Explanations, in all languages, each sentence kept once: a fleet has many devices and little to say.

use std::{collections::HashMap, hash::Hash};

use octroi_core::{Citation, Explanation, PolicyExplanation, Sentence};
use serde::{Serialize, Serializer, ser::SerializeSeq};

/// Things kept once, each by its number.
#[derive(Debug)]
pub(crate) struct Kept<T> {
    list: Vec<T>,
    numbers: HashMap<T, usize>,
}

/// A text in each language.
pub(crate) type Texts4 = [String; 4];

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Said {
    text: Texts4,
    citation: Option<usize>,
    interpretation: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
struct Cited {
    id: String,
    link: Option<String>,
    strength: Texts4,
    text: Texts4,
    document: Texts4,
}

/// All that is said of the devices of a fleet.
///
/// An explanation is a list of numbers: of the sentences of its head (the verdict, the network), of the list of its questions, and for
/// each policy of its title, its class and the lists of its sentences.
#[derive(Debug, Default)]
pub(crate) struct Words {
    citations: Kept<Cited>,
    sentences: Kept<Said>,
    lists: Kept<Vec<usize>>,
    explanations: Kept<Vec<usize>>,
    /// About how many bytes of the page they take.
    pub(crate) size: usize,
}

impl Words {
    /// Keeps what one explanation says in each language, and gives its number.
    pub(crate) fn add(&mut self, explained: &[Explanation; 4]) -> usize {
        let text =
            |of: fn(&Explanation) -> &String| explained.each_ref().map(|said| of(said).clone());
        let verdict = self.sentence(text(|said| &said.verdict));
        let network = self.sentence(text(|said| &said.network));
        let [first, ..] = explained;
        let questions = (0..first.questions.len()).map(|at| {
            explained.each_ref().map(|said| {
                said.questions
                    .get(at)
                    .map(|question| question.text.clone())
                    .unwrap_or_default()
            })
        });
        let questions: Vec<_> = questions.collect();
        let questions = questions
            .into_iter()
            .map(|text| self.sentence(text))
            .collect();
        let mut numbers = vec![verdict, network, self.list(questions)];
        for at in 0..first.policies.len() {
            let policies = explained.each_ref().map(|said| said.policies.get(at));
            let [Some(fr), Some(nl), Some(de), Some(en)] = policies else {
                continue; // no language has another number of policies
            };
            self.policy(&[fr, nl, de, en], &mut numbers);
        }
        self.size += 6 * numbers.len();
        self.explanations.add(numbers)
    }

    fn policy(&mut self, said: &[&PolicyExplanation; 4], numbers: &mut Vec<usize>) {
        let text = |of: fn(&PolicyExplanation) -> &String| said.map(|said| of(said).clone());
        numbers.push(self.sentence(text(|said| &said.title)));
        numbers.push(self.sentence(text(|said| &said.class)));
        let parts: [fn(&PolicyExplanation) -> &[Sentence]; 5] = [
            |said| &said.why,
            |said| &said.what_to_do,
            |said| &said.seen,
            |said| &said.not_seen,
            |said| &said.advice,
        ];
        for part in parts {
            let lists = said.map(part);
            let [first, ..] = lists;
            let sentences = (0..first.len()).filter_map(|at| {
                let [Some(fr), Some(nl), Some(de), Some(en)] = lists.map(|list| list.get(at))
                else {
                    return None;
                };
                Some(self.cited(&[fr, nl, de, en]))
            });
            let sentences = sentences.collect();
            numbers.push(self.list(sentences));
        }
    }

    fn cited(&mut self, said: &[&Sentence; 4]) -> usize {
        let [first, ..] = said;
        let cited = said.map(|said| said.basis.as_ref());
        let citation = match cited {
            [Some(fr), Some(nl), Some(de), Some(en)] => Some(self.citation(&[fr, nl, de, en])),
            _ => None,
        };
        self.said(Said {
            text: said.map(|said| said.text.clone()),
            citation,
            interpretation: first.interpretation,
        })
    }

    fn citation(&mut self, cited: &[&Citation; 4]) -> usize {
        let [first, ..] = cited;
        let text = |of: fn(&Citation) -> &String| cited.map(|cited| of(cited).clone());
        self.citations.add(Cited {
            id: first.id.to_string(),
            link: first.link.as_ref().map(ToString::to_string),
            strength: text(|cited| &cited.strength),
            text: text(|cited| &cited.text),
            document: text(|cited| &cited.document),
        })
    }

    fn sentence(&mut self, text: Texts4) -> usize {
        self.said(Said {
            text,
            citation: None,
            interpretation: false,
        })
    }

    fn said(&mut self, said: Said) -> usize {
        let (known, length) = (
            self.sentences.list.len(),
            said.text.iter().map(String::len).sum::<usize>(),
        );
        let number = self.sentences.add(said);
        if self.sentences.list.len() > known {
            self.size += length + 24;
        }
        number
    }

    fn list(&mut self, list: Vec<usize>) -> usize {
        let (known, length) = (self.lists.list.len(), list.len());
        let number = self.lists.add(list);
        if self.lists.list.len() > known {
            self.size += 6 * length + 3;
        }
        number
    }
}

impl Serialize for Words {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Form<'a> {
            citations: &'a [Cited],
            sentences: &'a [Said],
            lists: &'a [Vec<usize>],
            explanations: &'a [Vec<usize>],
        }
        let form = Form {
            citations: &self.citations.list,
            sentences: &self.sentences.list,
            lists: &self.lists.list,
            explanations: &self.explanations.list,
        };
        form.serialize(serializer)
    }
}

/// The four texts, and behind them the number of what is cited (-1: nothing), then whether it is our reading, where either is so.
impl Serialize for Said {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut parts = serializer.serialize_seq(None)?;
        for text in &self.text {
            parts.serialize_element(text)?;
        }
        match self.citation {
            Some(citation) => parts.serialize_element(&citation)?,
            None => parts.serialize_element(&-1)?,
        }
        parts.serialize_element(&u8::from(self.interpretation))?;
        parts.end()
    }
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self {
            list: Vec::new(),
            numbers: HashMap::new(),
        }
    }
}

impl<T: Clone + Eq + Hash> Kept<T> {
    /// The number of a thing, under which it is kept.
    pub(crate) fn add(&mut self, thing: T) -> usize {
        if let Some(number) = self.numbers.get(&thing) {
            return *number;
        }
        let number = self.list.len();
        self.list.push(thing.clone());
        self.numbers.insert(thing, number);
        number
    }

    pub(crate) fn list(&self) -> &[T] {
        &self.list
    }
}
