//! Kotlin and Swift, cut into words: what is said in comments and texts is left out.

/// The words of a source: names, numbers, and each sign by itself.
pub(super) fn words(source: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = source.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            comment(rest)
        } else if rest.starts_with("\"\"\"") {
            rest.get(3..)
                .and_then(|inside| inside.find("\"\"\""))
                .map_or(rest.len(), |end| end + 6)
        } else if first == '"' {
            text(rest)
        } else if is_part_of_a_name(first) {
            let end = rest.find(|next| !is_part_of_a_name(next));
            let end = end.unwrap_or(rest.len());
            words.extend(rest.get(..end).map(str::to_owned));
            end
        } else {
            // Names may stand in backticks.
            if first != '`' {
                words.push(first.to_string());
            }
            first.len_utf8()
        };
        rest = rest.get(length..).unwrap_or_default().trim_start();
    }
    words
}

pub(super) fn is_part_of_a_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// How long a comment is: in both languages one may stand in another.
fn comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(inside) = rest.get(at..).filter(|inside| !inside.is_empty()) {
        if inside.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if inside.starts_with("*/") {
            depth = depth.saturating_sub(1);
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += inside.chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// How long a text is. What is put into it may hold texts of its own.
fn text(rest: &str) -> usize {
    let (mut is_escaped, mut inside) = (false, 0_usize);
    let mut before = ' ';
    for (at, character) in rest.char_indices().skip(1) {
        match character {
            _ if is_escaped && character != '(' => is_escaped = false,
            '(' if is_escaped => {
                is_escaped = false;
                inside += 1;
            }
            '{' if before == '$' => inside += 1,
            '(' | '{' if inside > 0 => inside += 1,
            ')' | '}' if inside > 0 => inside -= 1,
            '\\' => is_escaped = true,
            '"' if inside == 0 => return at + 1,
            _ => {}
        }
        before = character;
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_texts_say_nothing() {
        let source = r#"val `a`: B = "class X \" { ${ f("}") }" // fun c
            /* class /* fun */ Y */ x("\(g(")"))")"#;
        assert_eq!(words(source).join(" "), "val a : B = x ( )");
    }
}
