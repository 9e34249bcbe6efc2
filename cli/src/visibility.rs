//! `octroi visibility`: what an app has to declare before the system lets it ask for others.

use octroi_core::{AppId, Platform, Policies, Watched, Watchlist};

use crate::{
    Outcome,
    arguments::{Visibility, VisibilityPlatform},
    failure::Failure,
    page,
};

pub(crate) fn visibility(arguments: &Visibility) -> Result<Outcome, Failure> {
    let (_, policies) = arguments.selection.select(None)?;
    let (text, unasked) = match arguments.platform {
        VisibilityPlatform::Android => android(&policies)?,
        VisibilityPlatform::Ios => {
            let (text, unasked, count) = ios(&policies)?;
            warn_of(count);
            (text, unasked)
        }
    };
    if !unasked.is_empty() {
        page::say(format_args!(
            "warning: nothing to ask for, so only a list of all apps can show whether they are there: {}",
            names(&unasked)
        ));
    }
    page::print(&text)?;
    Ok(Outcome::Good)
}

fn warn_of(schemes: usize) {
    let (most, which) = if schemes > Watchlist::MOST_SCHEMES_BEFORE {
        (Watchlist::MOST_SCHEMES_BEFORE, "any app")
    } else if schemes > Watchlist::MOST_SCHEMES {
        (Watchlist::MOST_SCHEMES, "an app linked on iOS 27 or later")
    } else {
        return;
    };
    page::say(format_args!(
        "warning: {schemes} schemes, of which {which} may ask for the first {most} only"
    ));
}

/// The element for the manifest, and the apps that it cannot name.
fn android(policies: &Policies) -> Result<(String, Vec<AppId>), Failure> {
    let list = policies.watchlist(Platform::Android);
    let mut text = heading("android", policies);
    text.push_str("<queries>\n");
    for watched in &list.ids {
        let id = escaped(watched)?;
        text.push_str(&format!("    <package android:name=\"{id}\" />\n"));
    }
    text.push_str("</queries>\n");
    Ok((text, without(&list.apps, &list.ids)))
}

/// The key and value for Info.plist, the apps that they cannot name, and the number of schemes.
fn ios(policies: &Policies) -> Result<(String, Vec<AppId>, usize), Failure> {
    let list = policies.watchlist(Platform::Ios);
    let mut text = heading("ios", policies);
    text.push_str("<key>LSApplicationQueriesSchemes</key>\n<array>\n");
    for watched in &list.schemes {
        text.push_str(&format!("    <string>{}</string>\n", escaped(watched)?));
    }
    text.push_str("</array>\n");
    Ok((text, without(&list.apps, &list.schemes), list.schemes.len()))
}

fn heading(platform: &str, policies: &Policies) -> String {
    let from: Vec<_> = policies
        .iter()
        .map(|policy| format!("{}@{}", policy.id(), policy.document().version))
        .collect();
    let line = format!("octroi visibility {platform}: {}", from.join(", "));
    format!("<!-- {} -->\n", in_comment(&line))
}

/// The apps to which none of these belongs.
fn without(apps: &[AppId], asked: &[Watched]) -> Vec<AppId> {
    let named = |app: &AppId| asked.iter().any(|watched| watched.apps.contains(app));
    apps.iter().filter(|app| !named(app)).cloned().collect()
}

fn names(apps: &[AppId]) -> String {
    let names: Vec<_> = apps.iter().map(|app| format!("`{app}`")).collect();
    names.join(", ")
}

/// An id may hold `--`, which no comment may.
fn in_comment(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if character == '-' && shown.ends_with('-') {
            shown.push(' ');
        }
        shown.push(character);
    }
    shown
}

/// What to ask for, as the content of an element or an attribute.
fn escaped(watched: &Watched) -> Result<String, Failure> {
    let text = watched.text.as_str();
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '"' => shown.push_str("&quot;"),
            '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => {
                return Err(Failure::new(
                    names(&watched.apps),
                    format!("`{}` among its identifiers", text.escape_debug()),
                    "identifiers without control characters",
                ));
            }
            _ => shown.push(character),
        }
    }
    Ok(shown)
}

#[cfg(test)]
mod tests {
    use octroi_core::{NonEmpty, Policy, embedded};

    use super::*;

    /// A pack of the given identifiers of TikTok, on Android and as schemes.
    fn policies(id: &str, texts: &[&str]) -> Policies {
        let pack = embedded().unwrap()[0].to_json();
        let mut pack: serde_json::Value = serde_json::from_str(&pack).unwrap();
        pack["id"] = id.into();
        pack["catalogue"]["tiktok"]["signers"] = serde_json::json!({});
        pack["catalogue"]["tiktok"]["identifiers"] = serde_json::json!([
            { "platforms": ["android"], "ids": texts, "learnt_from": "x" },
            { "platforms": ["ios"], "schemes": texts, "learnt_from": "x" },
        ]);
        Policy::from_json(pack.to_string().as_bytes())
            .unwrap()
            .into()
    }

    const AWKWARD: [&str; 3] = ["a.b", "<&>\"']]>-->", "été\u{a0}😀"];

    #[test]
    fn the_manifest_says_what_the_catalogue_says() {
        let (text, unasked) = android(&policies("a--b---c-", &AWKWARD)).unwrap();
        assert!(unasked.is_empty());
        let android = "http://schemas.android.com/apk/res/android";
        let manifest = format!("<manifest xmlns:android=\"{android}\">{text}</manifest>");
        let document = roxmltree::Document::parse(&manifest).unwrap();
        let packages = document
            .descendants()
            .filter(|node| node.has_tag_name("package"));
        let names: Vec<_> = packages
            .map(|node| node.attribute((android, "name")).unwrap())
            .collect();
        assert_eq!(names, AWKWARD);
    }

    #[test]
    fn the_property_list_says_what_the_catalogue_says() {
        let (text, unasked, count) = ios(&policies("a--b", &AWKWARD)).unwrap();
        assert!(unasked.is_empty());
        assert_eq!(count, 3);
        let list = format!("<plist version=\"1.0\"><dict>{text}</dict></plist>");
        let list = plist::Value::from_reader_xml(list.as_bytes()).unwrap();
        let schemes = list
            .as_dictionary()
            .unwrap()
            .get("LSApplicationQueriesSchemes");
        let schemes: Vec<_> = schemes
            .and_then(plist::Value::as_array)
            .unwrap()
            .iter()
            .map(|scheme| scheme.as_string().unwrap())
            .collect();
        assert_eq!(schemes, AWKWARD);
    }

    #[test]
    fn what_xml_cannot_hold_is_refused() {
        assert!(android(&policies("a", &["a\u{0}b"])).is_err());
        let watched = Watched {
            text: NonEmpty::new("a\nb").unwrap(),
            apps: Vec::new(),
        };
        assert!(escaped(&watched).is_err());
    }

    #[test]
    fn an_app_without_anything_to_ask_for_is_named() {
        let mut pack: serde_json::Value =
            serde_json::from_str(&embedded().unwrap()[0].to_json()).unwrap();
        pack["catalogue"]["tiktok"] = serde_json::json!({ "name": "TikTok" });
        let policies = Policy::from_json(pack.to_string().as_bytes())
            .unwrap()
            .into();
        let (text, unasked) = android(&policies).unwrap();
        assert!(text.ends_with("<queries>\n</queries>\n"));
        assert_eq!(names(&unasked), "`tiktok`");
    }
}
