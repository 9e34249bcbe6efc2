//! HTML in the making: what is text is escaped, whatever it holds.

use std::fmt::Write;

/// A part of a page.
#[derive(Debug, Default)]
pub(crate) struct Html(String);

impl Html {
    /// An element, its attributes, and what is in it.
    pub(crate) fn element(
        &mut self,
        name: &str,
        attributes: &[(&str, &str)],
        inner: impl FnOnce(&mut Self),
    ) {
        self.open(name, attributes);
        inner(self);
        let _ = write!(self.0, "</{name}>");
    }

    /// An element that holds text alone.
    pub(crate) fn line(&mut self, name: &str, text: &str) {
        self.element(name, &[], |html| html.text(text));
    }

    /// The start of an element, or one that holds nothing.
    pub(crate) fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        let _ = write!(self.0, "<{name}");
        for (key, value) in attributes {
            let _ = write!(self.0, " {key}=\"");
            self.text(value);
            self.0.push('"');
        }
        self.0.push('>');
    }

    pub(crate) fn text(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                _ => self.0.push(character),
            }
        }
    }

    /// What is HTML already: ours alone.
    pub(crate) fn raw(&mut self, html: &str) {
        self.0.push_str(html);
    }

    pub(crate) fn finish(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever names a zone or an administration `<script>` gets that name, and no script.
    #[test]
    fn text_stays_text() {
        let mut html = Html::default();
        html.element("a", &[("href", "\"><script>")], |html| html.text("<b>&"));
        assert_eq!(
            html.finish(),
            "<a href=\"&quot;&gt;&lt;script&gt;\">&lt;b&gt;&amp;</a>"
        );
    }
}
