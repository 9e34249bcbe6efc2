//! `octroi visibility`: what an app has to declare before the system lets it ask for others.

use octroi_core::{AppId, Platform, Policies, SchemeLimit, Watched, Watchlist};

use crate::{
    Outcome,
    arguments::{Visibility, VisibilityPlatform},
    failure::Failure,
    page,
};

pub(crate) fn visibility(arguments: &Visibility) -> Result<Outcome, Failure> {
    let (_, policies) = arguments.selection.select(None)?;
    let (text, unasked) = match arguments.platform {
        VisibilityPlatform::Android => android(&policies),
        VisibilityPlatform::Ios => {
            let list = policies.watchlist(Platform::Ios);
            warn_of(&list);
            ios(&policies, &list)
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

fn warn_of(list: &Watchlist) {
    let Some(limit) = list.limit_passed() else {
        return;
    };
    let which = match limit {
        SchemeLimit::AnyApp => "any app",
        SchemeLimit::LinkedOn27 => "an app linked on iOS 27 or later",
    };
    let (schemes, most) = (list.schemes.len(), limit.most());
    page::say(format_args!(
        "warning: {schemes} schemes, of which {which} may ask for the first {most} only"
    ));
}

/// The element for the manifest, and the apps that it cannot name. No identifier holds a character that XML does not.
fn android(policies: &Policies) -> (String, Vec<AppId>) {
    let list = policies.watchlist(Platform::Android);
    let mut text = heading("android", policies);
    text.push_str("<queries>\n");
    for watched in &list.ids {
        let id = &watched.text;
        text.push_str(&format!("    <package android:name=\"{id}\" />\n"));
    }
    text.push_str("</queries>\n");
    (text, without(&list.apps, &list.ids))
}

/// The key and value for Info.plist, and the apps that they cannot name. No scheme holds a character that XML does not.
fn ios(policies: &Policies, list: &Watchlist) -> (String, Vec<AppId>) {
    let mut text = heading("ios", policies);
    text.push_str("<key>LSApplicationQueriesSchemes</key>\n<array>\n");
    for watched in &list.schemes {
        text.push_str(&format!("    <string>{}</string>\n", watched.text));
    }
    text.push_str("</array>\n");
    (text, without(&list.apps, &list.schemes))
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

#[cfg(test)]
mod tests {
    use octroi_core::{Policy, embedded};

    use super::*;

    /// A pack in which TikTok has those identifiers and schemes.
    fn policies(id: &str) -> Policies {
        let pack = embedded().unwrap()[0].to_json();
        let mut pack: serde_json::Value = serde_json::from_str(&pack).unwrap();
        pack["id"] = id.into();
        pack["catalogue"]["tiktok"]["signers"] = serde_json::json!({});
        pack["catalogue"]["tiktok"]["identifiers"] = serde_json::json!([
            { "platforms": ["android"], "ids": IDS, "learnt_from": "x" },
            { "platforms": ["ios"], "schemes": SCHEMES, "learnt_from": "x" },
        ]);
        Policy::from_json(pack.to_string().as_bytes())
            .unwrap()
            .into()
    }

    const IDS: [&str; 2] = ["com.zhiliaoapp.musically", "org.Example_2.app"];
    const SCHEMES: [&str; 2] = ["snssdk1233", "x-Example+2.0"];

    #[test]
    fn the_manifest_says_what_the_catalogue_says() {
        let (text, unasked) = android(&policies("a--b---c-"));
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
        assert_eq!(names, IDS);
    }

    #[test]
    fn the_property_list_says_what_the_catalogue_says() {
        let policies = policies("a--b");
        let (text, unasked) = ios(&policies, &policies.watchlist(Platform::Ios));
        assert!(unasked.is_empty());
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
        assert_eq!(schemes, SCHEMES);
    }

    #[test]
    fn an_app_without_anything_to_ask_for_is_named() {
        let mut pack: serde_json::Value =
            serde_json::from_str(&embedded().unwrap()[0].to_json()).unwrap();
        pack["catalogue"]["tiktok"] = serde_json::json!({ "name": "TikTok" });
        let policies = Policy::from_json(pack.to_string().as_bytes())
            .unwrap()
            .into();
        let (text, unasked) = android(&policies);
        assert!(text.ends_with("<queries>\n</queries>\n"));
        assert_eq!(names(&unasked), "`tiktok`");
    }
}
