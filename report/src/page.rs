//! The page: the summary in each language, what moves in it, and what it may load (nothing).

use base64ct::{Base64, Encoding};
use octroi_core::Language;
use sha2::{Digest, Sha256};

use crate::{data, html::Html, in_each, report::Report, summary, texts};

/// What every page begins with, and no other file: a report takes the place of a report only.
pub const BEGINNING: &str = "<!doctype html>\n<!-- octroi fleet --report -->\n";

/// What no page exceeds, in bytes.
const MOST: usize = 10_000_000;

/// Bundled from page/src, with the licences of what others wrote.
const SCRIPT: &str = include_str!("../page/dist/page.js");
const STYLE: &str = include_str!("../page/dist/page.css");

/// What there is beside the data: no more than this is left for it to be written around.
const SPARE: usize = 20_000;

pub(crate) fn page(report: &Report<'_>, language: Language) -> String {
    let frame = data::frame(report);
    let mut body = Html::default();
    self::body(&mut body, report, language);
    let body = body.finish();
    let taken = body.len() + frame.len() + SCRIPT.len() + STYLE.len() + SPARE;
    let (devices, _) = data::devices(report, MOST.saturating_sub(taken));

    let mut html = Html::default();
    html.raw(BEGINNING);
    html.element("html", &[("lang", language.as_str())], |html| {
        html.element("head", &[], |html| head(html, language));
        html.element("body", &[], |html| {
            html.raw(&body);
            for (id, json) in [("frame", &frame), ("devices-data", &devices)] {
                let attributes = [("type", "application/json"), ("id", id)];
                html.element("script", &attributes, |html| html.raw(json));
            }
            html.element("script", &[], |html| html.raw(SCRIPT));
        });
    });
    html.raw("\n");
    html.finish()
}

fn head(html: &mut Html, language: Language) {
    html.open("meta", &[("charset", "utf-8")]);
    let policy = format!(
        "default-src 'none'; script-src '{}'; style-src '{}'; base-uri 'none'; form-action 'none'",
        hash(SCRIPT),
        hash(STYLE)
    );
    html.open(
        "meta",
        &[
            ("http-equiv", "Content-Security-Policy"),
            ("content", &policy),
        ],
    );
    html.open(
        "meta",
        &[
            ("name", "viewport"),
            ("content", "width=device-width, initial-scale=1"),
        ],
    );
    html.open(
        "meta",
        &[("name", "color-scheme"), ("content", "light dark")],
    );
    html.open("meta", &[("name", "referrer"), ("content", "no-referrer")]);
    html.line("title", texts(language).report.title);
    html.element("style", &[], |html| html.raw(STYLE));
}

/// As a browser computes it over the element's text.
fn hash(text: &str) -> String {
    format!("sha256-{}", Base64::encode_string(&Sha256::digest(text)))
}

fn body(html: &mut Html, report: &Report<'_>, language: Language) {
    html.element("header", &[], |html| {
        html.element("fieldset", &[("class", "languages")], |html| {
            html.element("legend", &[("class", "heard")], |html| {
                html.text(&in_each(|language| texts(language).report.language).join(" · "));
            });
            for of in Language::ALL {
                self::language(html, of, of == language);
            }
        });
    });
    html.element("main", &[], |html| {
        for language in Language::ALL {
            summary::summary(html, report, language);
        }
        html.element("section", &[("id", "devices"), ("hidden", "")], |_| {});
    });
    html.element("footer", &[], |html| {
        for language in Language::ALL {
            summary::foot(html, language);
        }
    });
}

/// The button of a language, by its own name.
fn language(html: &mut Html, language: Language, is_chosen: bool) {
    let name = match language {
        Language::Fr => "Français",
        Language::Nl => "Nederlands",
        Language::De => "Deutsch",
        Language::En => "English",
    };
    let code = language.as_str();
    let id = format!("language-{code}");
    html.element("label", &[("lang", code)], |html| {
        let mut attributes = vec![
            ("type", "radio"),
            ("name", "language"),
            ("value", code),
            ("id", &*id),
        ];
        attributes.extend(is_chosen.then_some(("checked", "")));
        html.open("input", &attributes);
        html.text(name);
    });
}
