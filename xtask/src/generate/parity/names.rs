//! The public names of a source: types, and what belongs to them.

use std::collections::BTreeSet;

use super::words::{is_part_of_a_name, words};

/// A language in which apps are written.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Language {
    Kotlin,
    Swift,
}

const TYPES: [&str; 8] = [
    "class",
    "interface",
    "object",
    "struct",
    "enum",
    "protocol",
    "extension",
    "actor",
];
const MEMBERS: [&str; 6] = ["fun", "func", "val", "var", "let", "case"];
/// What may stand before a declaration.
const MODIFIERS: [&str; 28] = [
    "abstract",
    "class",
    "companion",
    "const",
    "convenience",
    "data",
    "enum",
    "fileprivate",
    "final",
    "indirect",
    "infix",
    "inline",
    "internal",
    "lateinit",
    "mutating",
    "nonisolated",
    "open",
    "operator",
    "override",
    "private",
    "protected",
    "public",
    "required",
    "sealed",
    "static",
    "suspend",
    "value",
    "weak",
];
const HIDDEN: [&str; 4] = ["private", "internal", "protected", "fileprivate"];
const SHOWN: [&str; 2] = ["public", "open"];

/// What stands between two braces.
struct Scope {
    /// The type whose body it is; none is a body of something else, or of what nobody sees.
    name: Option<String>,
    /// A protocol, or the cases of an enum: its members are as visible as it is.
    shows_all: bool,
    /// The entries of an enum in Kotlin, up to the first semicolon.
    has_entries: bool,
}

/// A declaration whose body may follow.
#[derive(Default)]
struct Pending {
    name: Option<String>,
    shows_all: bool,
    has_entries: bool,
    is_type: bool,
}

/// Reads them: `Access`, `Access.decision`, `assessmentToJson`.
pub(super) fn public(source: &str, language: Language) -> BTreeSet<String> {
    let words = words(source);
    let mut reader = Reader {
        language,
        names: BTreeSet::new(),
        scopes: Vec::new(),
        pending: Pending::default(),
        parentheses: 0,
    };
    for at in 0..words.len() {
        reader.read(&words, at);
    }
    reader.names
}

struct Reader {
    language: Language,
    names: BTreeSet<String>,
    scopes: Vec<Scope>,
    pending: Pending,
    parentheses: usize,
}

impl Reader {
    fn read(&mut self, words: &[String], at: usize) {
        let word = |at: usize| words.get(at).map_or("", String::as_str);
        match word(at) {
            "(" => self.parentheses += 1,
            ")" => self.parentheses = self.parentheses.saturating_sub(1),
            "{" if self.parentheses > 0 => self.enter(Pending::default()),
            "{" => {
                let pending = std::mem::take(&mut self.pending);
                self.enter(pending);
            }
            "}" => {
                self.scopes.pop();
                if self.parentheses == 0 {
                    self.pending = Pending::default();
                }
            }
            ";" => {
                if let Some(scope) = self.scopes.last_mut() {
                    scope.has_entries = false;
                }
            }
            // A class is named by its reference, or a property has the name.
            keyword if self.is_name(words, at) && keyword.starts_with(is_part_of_a_name) => {}
            keyword if TYPES.contains(&keyword) || keyword == "typealias" => {
                // In Swift, `class` is a modifier as well; in Kotlin, `enum class` is one declaration.
                if !TYPES.contains(&word(at + 1)) && !MEMBERS.contains(&word(at + 1)) {
                    self.declare_type(words, at);
                }
            }
            keyword if MEMBERS.contains(&keyword) => self.declare_member(words, at),
            "init" => self.pending = Pending::default(),
            entry => self.declare_entry(entry, word(at + 1)),
        }
    }

    /// Whether a keyword is none: what is declared before it, or referred to, has its name.
    fn is_name(&self, words: &[String], at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|at| words.get(at));
        is_keyword(words, at)
            && before
                .is_some_and(|before| [".", ":"].contains(&&**before) || is_declaration(before))
    }

    fn enter(&mut self, pending: Pending) {
        self.scopes.push(Scope {
            name: pending.name,
            shows_all: pending.shows_all,
            has_entries: pending.has_entries,
        });
    }

    /// The name of a thing in the scopes that are open; none where one of them is seen by nobody.
    fn full(&self, name: &str) -> Option<String> {
        match self.scopes.last() {
            None => Some(name.to_owned()),
            Some(scope) => Some(format!("{}.{name}", scope.name.as_ref()?)),
        }
    }

    fn is_shown(&self, words: &[String], at: usize) -> bool {
        let before = words.get(..at).unwrap_or_default().iter().rev();
        let modifiers: Vec<&str> = before
            .map(String::as_str)
            .take_while(|word| MODIFIERS.contains(word))
            .collect();
        let says = |list: &[&str]| modifiers.iter().any(|word| list.contains(word));
        let shows_all = self.scopes.last().is_some_and(|scope| scope.shows_all);
        let is_open = self.language == Language::Kotlin || shows_all || says(&SHOWN);
        is_open && !says(&HIDDEN)
    }

    fn declare_type(&mut self, words: &[String], at: usize) {
        let word = |at: usize| words.get(at).map_or("", String::as_str);
        let (keyword, is_companion) = (word(at), at > 0 && word(at - 1) == "companion");
        let name = word(at + 1);
        if !name.starts_with(is_part_of_a_name) && !is_companion {
            return;
        }
        let is_shown = self.is_shown(words, at);
        let name = if is_companion {
            // What belongs to the companion belongs to the type.
            self.scopes.last().and_then(|scope| scope.name.clone())
        } else if keyword == "extension" {
            Some(name.to_owned())
        } else {
            self.full(name).filter(|_| is_shown)
        };
        if !is_companion && keyword != "extension" {
            self.names.extend(name.clone());
        }
        let is_kotlin = self.language == Language::Kotlin;
        self.pending = Pending {
            shows_all: keyword == "protocol" || keyword == "interface",
            has_entries: is_kotlin && at > 0 && word(at - 1) == "enum",
            is_type: keyword != "typealias",
            name,
        };
        // Where nothing else is said, the cases of an enum in Swift are seen with it.
        self.pending.shows_all |= keyword == "extension" && self.is_shown(words, at) && !is_kotlin;
    }

    fn declare_member(&mut self, words: &[String], at: usize) {
        let word = |at: usize| words.get(at).map_or("", String::as_str);
        let mut name_at = at + 1;
        let is_case = word(at) == "case";
        let is_shown = is_case || self.is_shown(words, at);
        if self.parentheses > 0 {
            // A property that stands among what a class is made from.
            if self.parentheses == 1
                && self.pending.is_type
                && is_shown
                && self.language == Language::Kotlin
            {
                let class = self.pending.name.as_ref();
                let name = class.map(|class| format!("{class}.{}", word(name_at)));
                self.names.extend(name);
            }
            return;
        }
        let mut name = word(name_at).to_owned();
        // What is added to a type that is another's: `fun OkHttpClient.Builder.guardedBy`.
        while word(at) == "fun" && word(name_at + 1) == "." {
            name = format!("{}.{}", word(name_at), word(name_at + 2));
            name_at += 2;
        }
        if is_shown && name.starts_with(is_part_of_a_name) {
            self.names.extend(self.full(&lower(&name)));
        }
        self.pending = Pending::default();
    }

    fn declare_entry(&mut self, word: &str, next: &str) {
        let is_entry = self.scopes.last().is_some_and(|scope| scope.has_entries)
            && self.parentheses == 0
            && word.starts_with(|first: char| first.is_uppercase())
            && matches!(next, "," | ";" | "(" | "}");
        if is_entry {
            self.names.extend(self.full(&lower(word)));
        }
    }
}

fn is_keyword(words: &[String], at: usize) -> bool {
    let word = words.get(at).map_or("", String::as_str);
    TYPES.contains(&word) || MEMBERS.contains(&word)
}

/// Whether the next word is the name of a property or function, also where it is a keyword elsewhere.
fn is_declaration(word: &str) -> bool {
    ["val", "var", "let", "fun", "func"].contains(&word)
}

/// Kotlin writes `IN_GRACE_PERIOD` where Swift writes `inGracePeriod`.
fn lower(name: &str) -> String {
    if !name.contains(char::is_uppercase) || name.contains(char::is_lowercase) {
        return name.to_owned();
    }
    let mut parts = name.split('_').map(str::to_lowercase);
    let mut lower = parts.next().unwrap_or_default();
    for part in parts {
        let mut characters = part.chars();
        lower.extend(
            characters
                .next()
                .iter()
                .flat_map(|first| first.to_uppercase()),
        );
        lower.push_str(characters.as_str());
    }
    lower
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(source: &str, language: Language) -> String {
        Vec::from_iter(public(source, language)).join(" ")
    }

    #[test]
    fn what_an_app_sees_in_kotlin() {
        let source = r"
            public class Gate private constructor(private val core: Core, public val host: String = h({ val x = 1 })) : A(), B {
                private val secret = 1
                public val open: Flow<Int> = told.onStart { val inner = 2 }
                public suspend fun check(): A = with(b) { fun local() {} }
                override fun covered() {}
                @Throws(A::class) public fun thrown(val class: B) {}
                internal class Hidden { fun neither() {} }
                public companion object { @JvmStatic public fun make(): Gate = Gate() }
            }
            enum class Status { IN_GRACE_PERIOD, UNKNOWN; companion object }
            sealed class Topic { data class App(val v1: AppId) : Topic() { companion object } }
            internal fun nobody() {}
            public fun Other.Builder.guardedBy(): Int = 1
            public typealias Day = java.time.LocalDate";
        assert_eq!(
            names(source, Language::Kotlin),
            "Builder.guardedBy Day Gate Gate.check Gate.covered Gate.host Gate.make Gate.open Gate.thrown Status Status.inGracePeriod \
             Status.unknown Topic Topic.App Topic.App.v1"
        );
    }

    #[test]
    fn what_an_app_sees_in_swift() {
        let source = r"
            public final class Gate: AccessGuard, Sendable {
                private let core: Core
                public var open: Int { let inner = 1; switch inner { case other: return 2 } }
                public func check() async throws -> A { if case .decided(let a) = b { } }
                init(x: Int) { var local = 1 }
                struct Hidden { let neither: Int }
                public static func make() -> Gate { Gate() }
            }
            public
            enum Topic: Equatable { case app(AppId)
                case other }
            public protocol Guard { func isInternal() -> Bool }
            extension Guard { public func requireAccess() {} }
            public typealias Day = String";
        assert_eq!(
            names(source, Language::Swift),
            "Day Gate Gate.check Gate.make Gate.open Guard Guard.isInternal Guard.requireAccess Topic Topic.app Topic.other"
        );
    }
}
