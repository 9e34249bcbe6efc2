//! What a sentence of a document is. `docs/law.md` describes it; a change here changes digests.

/// A sentence and where it stands, both numbers from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sentence {
    pub(super) paragraph: usize,
    pub(super) number: usize,
    pub(super) text: String,
}

/// The sentences of a document: each line that says something is a paragraph.
pub(super) fn sentences(document: &str) -> Vec<Sentence> {
    let document = document.trim_start_matches('\u{feff}');
    let paragraphs = document.lines().map(plain).filter(|line| !line.is_empty());
    let mut all = Vec::new();
    for (paragraph, line) in (1..).zip(paragraphs) {
        for (number, text) in (1..).zip(split(&line)) {
            all.push(Sentence {
                paragraph,
                number,
                text,
            });
        }
    }
    all
}

/// A line without what only gives it its looks: emphasis, marks of headings and lists, spaces beyond one.
fn plain(line: &str) -> String {
    let line = line.replace(['*', '#', '•'], "");
    let words: Vec<_> = line
        .split_whitespace()
        .skip_while(|word| matches!(*word, "-" | "–"))
        .collect();
    words.join(" ")
}

fn split(paragraph: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut sentence: Vec<&str> = Vec::new();
    let mut words = paragraph.split(' ').peekable();
    while let Some(word) = words.next() {
        sentence.push(word);
        if ends(word) && words.peek().is_none_or(|next| begins(next)) {
            sentences.push(sentence.join(" "));
            sentence.clear();
        }
    }
    if !sentence.is_empty() {
        sentences.push(sentence.join(" "));
    }
    sentences
}

/// A mark that ends a sentence. An initial (`M.`) does not.
fn ends(word: &str) -> bool {
    let body = word.trim_end_matches(['.', '!', '?']);
    let is_initial = body.chars().count() == 1 && body.chars().all(char::is_uppercase);
    body.len() < word.len() && !is_initial
}

/// A capital or an opening quotation mark. So neither `art. 1.7` nor an abbreviation within a sentence is an end.
fn begins(word: &str) -> bool {
    word.starts_with(|c: char| c.is_uppercase() || matches!(c, '«' | '“' | '"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(document: &str) -> Vec<(usize, usize, String)> {
        let sentences = sentences(document).into_iter();
        sentences
            .map(|sentence| (sentence.paragraph, sentence.number, sentence.text))
            .collect()
    }

    #[test]
    fn lines_are_paragraphs_and_looks_do_not_count() {
        let expected = [
            (1, 1, "On ferries".to_owned()),
            (2, 1, "No ferry at night.".to_owned()),
            (2, 2, "Bells ring twice!".to_owned()),
            (3, 1, "Dogs are carried".to_owned()),
        ];
        assert_eq!(
            texts(
                "\u{feff}# On  ferries\r\n\r\n**No ferry\u{a0}at night.** Bells ring twice!\n***\n  - Dogs are carried\n"
            ),
            expected
        );
        assert_eq!(
            texts("On ferries\nNo ferry at night. Bells ring twice!\n• Dogs are *carried*"),
            expected
        );
    }

    #[test]
    fn a_sentence_ends_at_its_mark_before_a_capital() {
        for (paragraph, count) in [
            ("See art. 1.7 of the code.", 1),
            ("M. Dupont steers. Mme Durand rows.", 2),
            ("Ropes, nets, etc... belong below.", 1),
            ("Wait ! « Now », says the bell.", 2),
            ("Is it late? It is. \"So be it.\"", 3),
            ("No mark at the end", 1),
            ("Élise waits. À bord !", 2),
        ] {
            assert_eq!(split(paragraph).len(), count, "{paragraph}");
        }
    }
}
