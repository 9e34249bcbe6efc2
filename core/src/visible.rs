use std::borrow::Cow;

/// The text with everything in it that nobody sees written out, such as `\u{200b}`: what steers a terminal, what turns the direction
/// of the letters around it, what has no width.
///
/// Two names that look alike are two names, and what comes from a file must not pass for what octroi says.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_invisible) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_invisible(character) {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

/// Controls, separators of lines, and what Unicode lets be ignored where it cannot be shown (`Default_Ignorable_Code_Point`).
pub(crate) fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever is shown `tiktok` for what is another name looks for a mistake that cannot be seen.
    #[test]
    fn what_nobody_sees_is_written_out() {
        for (text, shown) in [
            ("tik\u{200b}tok", "tik\\u{200b}tok"),
            ("\u{202e}kotkit", "\\u{202e}kotkit"),
            ("a\u{2066}b\u{2069}", "a\\u{2066}b\\u{2069}"),
            ("\u{1b}[2J\r\n", "\\u{1b}[2J\\u{d}\\u{a}"),
            ("\u{feff}a\u{ad}b\u{e0041}", "\\u{feff}a\\u{ad}b\\u{e0041}"),
        ] {
            assert_eq!(visible(text), shown);
        }
        let text = "Régie « d’ici » – 100\u{a0}% 日本 🇧🇪 \\u{200b}";
        assert_eq!(visible(text), text);
    }
}
