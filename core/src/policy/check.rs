//! What makes a policy document a policy: its parts fit together.

use core::ops::RangeInclusive;
use std::collections::BTreeSet;

use super::{
    catalogue::Entry,
    document::{Document, Rule, Term},
    identifier::IdentifierForm,
};
use crate::{
    assessment::Decision,
    calendar::Holiday,
    names::{AppId, BasisId, Platform},
    read::{Fault, Step, steps},
};

/// Each day of a term is looked up in all of them.
const MOST_HOLIDAYS: usize = 100;

/// From Easter Sunday, the days that are in the same year whenever Easter falls (22 March to 25 April).
const EASTER_DAYS: RangeInclusive<i16> = -80..=250;

/// Everything that does not fit together, as far as each part can be looked at by itself; the first of each part.
pub(crate) fn faults(document: &Document) -> Vec<Fault> {
    let head = [version(document), holidays(document), law(document)];
    let entries = document.catalogue.0.iter().map(|(app, entry)| {
        self::entry(entry).map_err(|fault| fault.within(steps!["catalogue", app.as_str()]))
    });
    let scenarios = document.scenarios.iter().enumerate().map(|(at, scenario)| {
        scenario
            .check(document)
            .map_err(|fault| fault.within(steps!["scenarios", at]))
    });
    let head = head.into_iter().filter_map(Result::err);
    let parts = [rules(document)]
        .into_iter()
        .chain(entries)
        .chain(scenarios)
        .filter_map(Result::err);
    head.chain(unknown_bases(document))
        .chain(parts)
        .chain(malformed(document))
        .collect()
}

/// What rests on a directive: where it stands, and which directive it names.
pub(super) fn bases(document: &Document) -> Vec<(Vec<Step>, &BasisId)> {
    let mut bases: Vec<(Vec<Step>, &BasisId)> = vec![
        (
            steps!["in_force_from", "basis"],
            &document.in_force_from.basis,
        ),
        (
            steps!["service_device", "basis"],
            &document.service_device.basis,
        ),
    ];
    bases.extend(
        document
            .review
            .iter()
            .map(|review| (steps!["review", "basis"], &review.basis)),
    );
    bases.extend(
        document
            .exemption
            .iter()
            .map(|exemption| (steps!["exemption", "basis"], &exemption.basis)),
    );
    bases.extend(
        document
            .zones
            .iter()
            .map(|zones| (steps!["zones", "basis"], &zones.basis)),
    );
    bases.extend(
        document
            .advice
            .iter()
            .enumerate()
            .map(|(at, advice)| (steps!["advice", at, "basis"], &advice.basis)),
    );
    for (at, rule) in document.rules.iter().enumerate() {
        bases.push((steps!["rules", at, "service", "basis"], &rule.service.basis));
        bases.push((
            steps!["rules", at, "personal", "basis"],
            &rule.personal.basis,
        ));
        bases.extend(
            rule.removal
                .iter()
                .map(|removal| (steps!["rules", at, "removal", "basis"], &removal.basis)),
        );
        bases.extend(
            rule.impediment
                .iter()
                .map(|asks| (steps!["rules", at, "impediment", "basis"], &asks.basis)),
        );
    }
    bases
}

fn version(document: &Document) -> Result<(), Fault> {
    if document.version == 0 {
        return Err(Fault::new(
            steps!["version"],
            "`0`",
            "a whole number from 1",
        ));
    }
    Ok(())
}

fn holidays(document: &Document) -> Result<(), Fault> {
    if document.calendar.holidays.len() > MOST_HOLIDAYS {
        let found = format!("{} holidays", document.calendar.holidays.len());
        return Err(Fault::new(
            steps!["calendar", "holidays"],
            found,
            format!("{MOST_HOLIDAYS} at most"),
        ));
    }
    for (at, holiday) in document.calendar.holidays.iter().enumerate() {
        if let Holiday::Easter(days) = holiday
            && !EASTER_DAYS.contains(days)
        {
            let path = steps!["calendar", "holidays", at, "easter"];
            let expected = format!(
                "{} to {} days from Easter Sunday",
                EASTER_DAYS.start(),
                EASTER_DAYS.end()
            );
            return Err(Fault::new(path, format!("`{days}`"), expected));
        }
    }
    Ok(())
}

fn law(document: &Document) -> Result<(), Fault> {
    once(
        document.documents.iter().map(|document| &document.id),
        "documents",
        "id",
    )?;
    once(
        document.directives.iter().map(|directive| &directive.id),
        "directives",
        "id",
    )?;
    for (index, legal) in document.documents.iter().enumerate() {
        if let Some(link) = legal
            .link
            .as_ref()
            .filter(|link| !link.as_str().starts_with("https://"))
        {
            return Err(Fault::new(
                steps!["documents", index, "link"],
                format!("`{link}`"),
                "an https address",
            ));
        }
    }
    for (index, directive) in document.directives.iter().enumerate() {
        if !document
            .documents
            .iter()
            .any(|legal| legal.id == directive.document)
        {
            let path = steps!["directives", index, "document"];
            return Err(Fault::new(
                path,
                format!("`{}`", directive.document),
                "the id of one of `documents`",
            ));
        }
    }
    let points = document
        .interpretations
        .iter()
        .map(|interpretation| interpretation.point);
    let mut seen = BTreeSet::new();
    match points.enumerate().find(|(_, point)| !seen.insert(*point)) {
        Some((index, point)) => {
            let path = steps!["interpretations", index, "point"];
            Err(Fault::new(
                path,
                format!("the point {point:?} twice"),
                "each point once",
            ))
        }
        None => Ok(()),
    }
}

fn once<'a>(
    names: impl Iterator<Item = &'a BasisId>,
    list: &str,
    field: &str,
) -> Result<(), Fault> {
    let mut seen = BTreeSet::new();
    for (index, name) in names.enumerate() {
        if !seen.insert(name) {
            return Err(Fault::new(
                steps![list, index, field],
                format!("`{name}` twice"),
                "each id once",
            ));
        }
    }
    Ok(())
}

fn unknown_bases(document: &Document) -> impl Iterator<Item = Fault> {
    let known = |basis: &BasisId| {
        document
            .directives
            .iter()
            .any(|directive| directive.id == *basis)
    };
    bases(document)
        .into_iter()
        .filter(move |(_, basis)| !known(basis))
        .map(|(path, basis)| {
            Fault::new(path, format!("`{basis}`"), "the id of one of `directives`")
        })
}

fn rules(document: &Document) -> Result<(), Fault> {
    let mut apps = BTreeSet::new();
    for (at, rule) in document.rules.iter().enumerate() {
        self::rule(rule).map_err(|fault| fault.within(steps!["rules", at]))?;
        for (nth, app) in rule.apps.iter().enumerate() {
            let path = steps!["rules", at, "apps", nth];
            if !apps.insert(app) {
                return Err(Fault::new(
                    path,
                    format!("`{app}` twice"),
                    "each app in one rule",
                ));
            }
            if !document.catalogue.0.contains_key(app) {
                return Err(Fault::new(
                    path,
                    format!("`{app}`"),
                    "an app of `catalogue`",
                ));
            }
        }
    }
    if apps.is_empty() {
        return Err(Fault::new(steps!["rules"], "no rule", "at least one rule"));
    }
    match document
        .catalogue
        .0
        .keys()
        .find(|app: &&AppId| !apps.contains(app))
    {
        Some(app) => Err(Fault::new(
            steps!["catalogue", app.as_str()],
            format!("`{app}`"),
            "an app of `rules`",
        )),
        None => Ok(()),
    }
}

fn rule(rule: &Rule) -> Result<(), Fault> {
    if rule.apps.is_empty() {
        return Err(Fault::new(steps!["apps"], "no app", "at least one app"));
    }
    if let Some(removal) = &rule.removal
        && matches!(removal.term, Term::WorkingDays(0) | Term::CalendarDays(0))
    {
        return Err(Fault::new(
            steps!["removal", "term"],
            "`0` days",
            "at least one day",
        ));
    }
    match rule.personal.advice {
        Some(advice) if rule.personal.decision == Decision::Deny => Err(Fault::new(
            steps!["personal", "advice"],
            format!("`{advice}` with a denial"),
            "advice with a permit only",
        )),
        _ => Ok(()),
    }
}

fn entry(entry: &Entry) -> Result<(), Fault> {
    for (at, group) in entry.identifiers.iter().enumerate() {
        let fault = |field: &str, found: &str, expected: &str| {
            Err(Fault::new(
                steps!["identifiers", at, field],
                found,
                expected,
            ))
        };
        if group.platforms.is_empty() {
            return fault("platforms", "no platform", "at least one platform");
        }
        if group.ids.is_empty() && group.schemes.is_empty() && group.developer_signers.is_empty() {
            return fault(
                "ids",
                "no identifier",
                "at least one of `ids`, `schemes` and `developer_signers`",
            );
        }
        if !group.schemes.is_empty() && group.platforms != [Platform::Ios] {
            return fault(
                "schemes",
                "schemes for another platform",
                "schemes for `ios` alone",
            );
        }
    }
    for (at, absent) in entry.not_published.iter().enumerate() {
        if let Some(platform) = absent
            .platforms
            .iter()
            .find(|platform| entry.covers(**platform))
        {
            let found = format!("`{}`, where it has identifiers", platform.as_str());
            let path = steps!["not_published", at, "platforms"];
            return Err(Fault::new(path, found, "platforms without identifiers"));
        }
    }
    let known = |id: &str| {
        entry
            .identifiers
            .iter()
            .any(|group| group.ids.iter().any(|known| known.as_str() == id))
    };
    match entry
        .signers
        .0
        .iter()
        .find(|(id, signers)| !known(id.as_str()) || signers.is_empty())
    {
        Some((id, signers)) if signers.is_empty() => Err(Fault::new(
            steps!["signers", id.as_str()],
            "no signer",
            "at least one signer",
        )),
        Some((id, _)) => Err(Fault::new(
            steps!["signers", id.as_str()],
            format!("`{id}`"),
            "one of the entry's `ids`",
        )),
        None => Ok(()),
    }
}

/// Identifiers and schemes that are none on the systems where they are looked for.
fn malformed(document: &Document) -> impl Iterator<Item = Fault> {
    let entries = document.catalogue.0.iter();
    let groups = entries.flat_map(|(app, entry)| {
        let groups = entry.identifiers.iter().enumerate();
        groups.map(move |(at, group)| (steps!["catalogue", app.as_str(), "identifiers", at], group))
    });
    groups.flat_map(|(path, group)| {
        let forms = group
            .platforms
            .iter()
            .copied()
            .map(IdentifierForm::identifier);
        let forms: Vec<IdentifierForm> = forms.collect();
        let lists = [
            ("ids", &group.ids, forms),
            ("schemes", &group.schemes, vec![IdentifierForm::SCHEME]),
        ];
        lists.into_iter().flat_map(move |(field, texts, forms)| {
            let path = path.clone();
            texts.iter().enumerate().filter_map(move |(nth, text)| {
                let form = forms.iter().find(|form| !form.holds(text.as_str()))?;
                let fault = Fault::new(steps![field, nth], format!("`{text}`"), form.expected);
                Some(fault.within(path.clone()))
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{Policy, embedded};

    #[test]
    fn every_malformed_identifier_has_its_place() {
        let mut policy: Value = serde_json::from_str(&embedded().unwrap()[0].to_json()).unwrap();
        let entry = &mut policy["catalogue"]["tiktok"];
        entry["signers"] = json!({});
        entry["not_published"] = json!([]);
        entry["identifiers"] = json!([
            { "platforms": ["android", "ios"], "ids": ["com.example", "com.exa mple;*", "a_b.c", "https://x"], "learnt_from": "x" },
            { "platforms": ["ios"], "schemes": ["example:"], "learnt_from": "x" },
        ]);
        let errors = Policy::from_json_with_all_errors(policy.to_string().as_bytes()).unwrap_err();
        let errors: Vec<_> = errors
            .iter()
            .map(|error| {
                let path = error.path.to_string();
                let place = path.trim_start_matches("catalogue.tiktok.identifiers");
                format!("{place}: {}: {}", error.found, error.expected)
            })
            .collect();
        assert_eq!(
            errors,
            [
                "[0].ids[1]: `com.exa mple;*`: an Android package, such as `org.example.app`",
                // Right on Android, but no iPhone has it.
                "[0].ids[2]: `a_b.c`: a bundle identifier: letters, digits, `-` and `.`",
                "[0].ids[3]: `https://x`: an Android package, such as `org.example.app`",
                "[1].schemes[0]: `example:`: a URL scheme without its `:`, such as `example-app`",
            ]
        );
    }
}
