//! What identifiers and schemes look like. They are compared exactly, so one that no system gives out would find nothing.

use super::catalogue::WindowsPackage;
use crate::names::Platform;

/// The form of what a catalogue names.
#[derive(Clone, Copy, Debug)]
pub struct IdentifierForm {
    /// The form in words, for an error.
    pub expected: &'static str,
    holds: fn(&str) -> bool,
}

impl IdentifierForm {
    /// A URL scheme (RFC 3986, section 3.1).
    pub const SCHEME: IdentifierForm = IdentifierForm {
        expected: "a URL scheme without its `:`, such as `example-app`",
        holds: |text| {
            let begins = text.starts_with(|first: char| first.is_ascii_alphabetic());
            begins && consists(text, "+-.")
        },
    };

    /// An identifier of an app on the platform.
    pub const fn identifier(platform: Platform) -> IdentifierForm {
        match platform {
            // https://developer.android.com/build/configure-app-module#set-application-id
            Platform::Android | Platform::Chromeos => IdentifierForm {
                expected: "an Android package, such as `org.example.app`",
                holds: is_package,
            },
            // https://developer.apple.com/documentation/bundleresources/information-property-list/cfbundleidentifier
            Platform::Ios | Platform::Macos => IdentifierForm {
                expected: "a bundle identifier: letters, digits, `-` and `.`",
                holds: |text| consists(text, "-."),
            },
            Platform::Windows => IdentifierForm {
                expected: "a package family name, `Name_publisherid`",
                holds: |text| WindowsPackage::parse(text).publisher.is_some(),
            },
            // Every distribution names packages in its own way.
            Platform::Linux => IdentifierForm {
                expected: "the name of a package, without spaces",
                holds: |text| !text.chars().any(|c| c.is_whitespace() || c.is_control()),
            },
        }
    }

    /// Whether the text has the form.
    pub fn holds(&self, text: &str) -> bool {
        (self.holds)(text)
    }
}

fn is_package(text: &str) -> bool {
    let segment = |segment: &str| {
        let begins = segment.starts_with(|first: char| first.is_ascii_alphabetic());
        begins && consists(segment, "_")
    };
    text.contains('.') && text.split('.').all(segment)
}

/// Whether there is nothing in it but ASCII letters, digits and these.
fn consists(text: &str, also: &str) -> bool {
    let mut letters = text.chars();
    letters.all(|letter| letter.is_ascii_alphanumeric() || also.contains(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_systems_give_out_has_the_form_and_nothing_else() {
        let (android, ios) = (Platform::Android, Platform::Ios);
        let (windows, linux) = (Platform::Windows, Platform::Linux);
        let cases = [
            (
                IdentifierForm::identifier(android),
                &["com.ss.android.ugc.trill", "com.Example_2.App_", "a.b"][..],
                &[
                    "com.exa mple;*",
                    "https://x",
                    "tiktok",
                    "com..x",
                    "com.x.",
                    "com.2x",
                    "com._x",
                    "com.a-b",
                    "com.é",
                    "com.x\n",
                ][..],
            ),
            (
                IdentifierForm::identifier(ios),
                &["com.ss.iphone.ugc.Ame", "com.a-b.2", "Solitary"],
                &["com.a_b", "com.a b", "com/a", "com.*", "snssdk1233://"],
            ),
            (
                IdentifierForm::identifier(windows),
                &["BytedancePte.Ltd.TikTok_6yccndn6064se"],
                &["BytedancePte.Ltd.TikTok"],
            ),
            (
                IdentifierForm::identifier(linux),
                &["org.example.App", "libx11-6", "g++"],
                &["two words", "x\n"],
            ),
            (
                IdentifierForm::SCHEME,
                &["snssdk1233", "a", "X-y+z.1"],
                &["snssdk1233:", "https://x", "1password", "a_b", "-a"],
            ),
        ];
        for (form, right, wrong) in cases {
            for text in right {
                assert!(form.holds(text), "{text}: {}", form.expected);
            }
            for text in wrong {
                assert!(!form.holds(text), "{text}: {}", form.expected);
            }
        }
    }
}
