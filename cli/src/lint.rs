//! `octroi policy lint`: what is wrong with policies, and what their authors should look at again.

use std::{fmt::Write, path::Path};

use anstyle::{AnsiColor, Style};
use octroi_core::{Policy, PolicyId, visible};
use serde::Serialize;

use crate::{
    Outcome,
    arguments::{Format, Lint},
    authored::Authored,
    failure::{Failure, Place, Spot},
    page, policy,
};

pub(crate) fn lint(arguments: &Lint) -> Result<Outcome, Failure> {
    let against = arguments.against.as_deref().map(policy::find).transpose()?;
    let mut findings = Vec::new();
    let mut linted = Vec::new();
    for path in &arguments.paths {
        linted.extend(look_at(path, against.as_ref(), &mut findings)?);
    }
    if let Some(against) =
        against.filter(|against| !linted.is_empty() && !linted.contains(against.id()))
    {
        let found = format!("the policy `{}`", against.id());
        return Err(Failure::new(
            "--against",
            found,
            "an earlier version of a policy that is linted",
        ));
    }
    let errors = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .count();
    let warnings = findings.len() - errors;
    match arguments.format {
        Format::Json => page::print(&json(&Answer {
            findings: &findings,
            errors,
            warnings,
        })?)?,
        Format::Human => {
            for finding in &findings {
                page::print(&shown(finding))?;
            }
            page::print(&format!(
                "{}, {}\n",
                counted(errors, "error"),
                counted(warnings, "warning")
            ))?;
        }
    }
    let denied = errors > 0 || arguments.deny_warnings && warnings > 0;
    Ok(if denied { Outcome::Bad } else { Outcome::Good })
}

/// The codes of errors: there is one, for what is wrong is said in words.
const INVALID: &str = "invalid";

#[derive(Serialize)]
struct Answer<'a> {
    findings: &'a [Finding],
    errors: usize,
    warnings: usize,
}

#[derive(Serialize)]
struct Finding {
    severity: Severity,
    code: &'static str,
    file: String,
    line: Option<usize>,
    column: Option<usize>,
    path: String,
    message: String,
    #[serde(skip)]
    found: String,
    #[serde(skip)]
    expected: String,
    #[serde(skip)]
    spot: Spot,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Severity {
    Error,
    Warning,
}

/// Adds what there is to say of the policy, and gives its id if it can be read.
fn look_at(
    path: &Path,
    against: Option<&Policy>,
    findings: &mut Vec<Finding>,
) -> Result<Option<PolicyId>, Failure> {
    let authored = match Authored::read_policy(path) {
        Ok(authored) => authored,
        Err(failures) => {
            for failure in [*failures.first].into_iter().chain(failures.others) {
                findings.push(error(failure)?);
            }
            return Ok(None);
        }
    };
    let policy = match Policy::from_json_with_all_errors(authored.json()) {
        Ok(policy) => policy,
        Err(errors) => {
            for wrong in errors {
                findings.push(error(authored.locate(&wrong))?);
            }
            return Ok(None);
        }
    };
    let shipped = policy::embedded()?.iter();
    let mut before = against.into_iter().chain(shipped);
    let before = before.find(|before| before.id() == policy.id());
    for lint in policy.lint(before) {
        let place = lint.locate(authored.json());
        let spot = authored.spot(&place);
        findings.push(finding(
            Severity::Warning,
            lint.code.as_str(),
            spot,
            &place.path.to_string(),
            (lint.found, lint.expected),
        ));
    }
    Ok(Some(policy.id().clone()))
}

/// A failure that lies in what the author wrote; any other keeps the command from doing what it should.
fn error(failure: Failure) -> Result<Finding, Failure> {
    match failure {
        Failure::Wrong {
            place: Place::Written(spot),
            path,
            found,
            expected,
            ..
        } => Ok(finding(
            Severity::Error,
            INVALID,
            *spot,
            &path,
            (found, expected),
        )),
        failure => Err(failure),
    }
}

fn finding(
    severity: Severity,
    code: &'static str,
    spot: Spot,
    path: &str,
    (found, expected): (String, String),
) -> Finding {
    let (line, column) = spot.at.unzip();
    Finding {
        severity,
        code,
        file: spot.file.display().to_string(),
        line,
        column,
        path: path.to_owned(),
        message: format!("found {found}, expected {expected}"),
        found,
        expected,
        spot,
    }
}

/// A finding for people: where it is, the line with a mark under the place, and what is wrong.
fn shown(finding: &Finding) -> String {
    let (word, colour) = match finding.severity {
        Severity::Error => ("error", AnsiColor::Red),
        Severity::Warning => ("warning", AnsiColor::Yellow),
    };
    let style = Style::new().bold().fg_color(Some(colour.into()));
    let place = finding.spot.to_string();
    let mut text = format!(
        "{style}{word}[{}]:{style:#} {}",
        finding.code,
        visible(&place)
    );
    if !finding.path.is_empty() {
        let _ = write!(text, ": `{}`", visible(&finding.path));
    }
    text.push('\n');
    if let Some((number, column)) = finding.spot.at {
        let line = finding.spot.line.replace('\t', " ");
        let gutter = " ".repeat(number.to_string().len());
        let start: String = line.chars().take(column - 1).collect();
        let indent = " ".repeat(textwrap::core::display_width(&visible(&start)));
        let line = visible(&line).into_owned();
        let _ = writeln!(
            text,
            "  {gutter} |\n  {number} | {line}\n  {gutter} | {indent}{style}^{style:#}"
        );
    }
    let (found, expected) = (visible(&finding.found), visible(&finding.expected));
    let _ = writeln!(text, "  found:    {found}\n  expected: {expected}\n");
    text
}

fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

fn json(answer: &Answer<'_>) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(answer).map_err(std::io::Error::other)?;
    Ok(text + "\n")
}
