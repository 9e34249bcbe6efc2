//! The codes as constants. They cross the border as strings, so that a new one breaks nobody; these save the typing.

use std::fs;

use anyhow::{Context, Result, ensure};

use super::HEADER;
use crate::workspace::Workspace;

/// Where core lists them.
const SOURCE: &str = "core/src/code.rs";

/// A code and what it means.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Code {
    name: String,
    meaning: String,
}

/// The codes of core, in its order.
pub(super) fn read(workspace: &Workspace) -> Result<Vec<Code>> {
    let source = fs::read_to_string(workspace.path(SOURCE))
        .with_context(|| format!("cannot read `{SOURCE}`"))?;
    let codes = parse(&source);
    ensure!(!codes.is_empty(), "`{SOURCE}` lists no codes");
    Ok(codes)
}

fn parse(source: &str) -> Vec<Code> {
    let Some((_, list)) = source.split_once("\ncodes! {\n") else {
        return Vec::new();
    };
    let mut codes = Vec::new();
    let mut meaning = Vec::new();
    for line in list.lines().take_while(|line| *line != "}") {
        let line = line.trim();
        if let Some(text) = line.strip_prefix("/// ") {
            meaning.push(text);
        } else if let Some((_, name)) = line.split_once(" = ") {
            codes.push(Code {
                name: name.trim_matches(['"', ',']).to_owned(),
                meaning: std::mem::take(&mut meaning).join(" "),
            });
        }
    }
    codes
}

/// `object Codes`.
pub(super) fn kotlin(codes: &[Code]) -> String {
    let mut text = format!(
        "{HEADER}\npackage be.octroi\n\n\
         /** The codes that this version knows. A later version may add some. */\n\
         public object Codes {{\n"
    );
    for Code { name, meaning } in codes {
        let constant = name.to_uppercase();
        text.push_str(&format!(
            "    /** {meaning} */\n    public const val {constant}: Code = \"{name}\"\n\n"
        ));
    }
    text.push_str("    /** Every code, in the order in which assessments list them. */\n");
    text.push_str("    public val ALL: List<Code> = listOf(\n");
    for Code { name, .. } in codes {
        text.push_str(&format!("        {},\n", name.to_uppercase()));
    }
    text.push_str("    )\n}\n");
    text
}

/// `enum Codes`, which has no cases: a name for its constants.
pub(super) fn swift(codes: &[Code]) -> String {
    let mut text = format!(
        "{HEADER}\n/// The codes that this version knows. A later version may add some.\npublic enum Codes {{\n"
    );
    for Code { name, meaning } in codes {
        let constant = camel_case(name);
        text.push_str(&format!(
            "    /// {meaning}\n    public static let {constant}: Code = \"{name}\"\n\n"
        ));
    }
    text.push_str("    /// Every code, in the order in which assessments list them.\n");
    text.push_str("    public static let all: [Code] = [\n");
    for Code { name, .. } in codes {
        text.push_str(&format!("        {},\n", camel_case(name)));
    }
    text.push_str("    ]\n}\n");
    text
}

fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut camel, word| {
        let (initial, rest) = word.split_at(word.len().min(1));
        camel.push_str(&initial.to_uppercase());
        camel.push_str(rest);
        camel
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_with_their_meaning() {
        let source = "macro_rules! codes {\n}\n\ncodes! {\n    /// There is\n    /// none.\n    NotInForce = \"not_in_force\",\n}\n";
        let code = Code {
            name: "not_in_force".to_owned(),
            meaning: "There is none.".to_owned(),
        };
        assert_eq!(parse(source), [code]);
    }

    #[test]
    fn each_language_has_its_case() {
        assert_eq!(camel_case("no_regulated_app"), "noRegulatedApp");
        let codes = parse("\ncodes! {\n    /// X.\n    A = \"a_b\",\n}\n");
        assert!(kotlin(&codes).contains("public const val A_B: Code = \"a_b\"\n"));
        assert!(swift(&codes).contains("public static let aB: Code = \"a_b\"\n"));
    }
}
