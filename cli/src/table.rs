//! `octroi policy table`: the decision table of a policy, as Markdown or as a page to print.

use std::fmt::Write;

use octroi_core::{
    ClassName, DecisionRow, DecisionTable, Install, Language, NetworkZone, Policy, Presence, Rule,
    Status, decision_tables, visible, written_day, written_strength,
};

use crate::{
    Outcome,
    arguments::{Table, TableFormat},
    failure::Failure,
    language, page, policy,
    texts::{ShowTexts, TableTexts},
};

pub(crate) fn table(arguments: &Table) -> Result<Outcome, Failure> {
    let policy = policy::find(&arguments.policy)?;
    let language = arguments.speech.language();
    let texts = language::texts(language);
    let sheet = Sheet::new(&policy, language, (&texts.show, &texts.table));
    page::print(&match arguments.format {
        TableFormat::Markdown => sheet.markdown(),
        TableFormat::Html => sheet.html(language),
    })?;
    Ok(Outcome::Good)
}

const COLUMNS: usize = 8;

/// What is printed, before it takes a form.
struct Sheet {
    title: String,
    head: Vec<String>,
    columns: [&'static str; COLUMNS],
    /// A heading and rows.
    tables: Vec<(String, Vec<[String; COLUMNS]>)>,
    notes: Vec<&'static str>,
    directives: (&'static str, Vec<String>),
}

impl Sheet {
    fn new(
        policy: &Policy,
        language: Language,
        (show, texts): (&'static ShowTexts, &'static TableTexts),
    ) -> Self {
        let writer = Writer {
            policy,
            language,
            show,
            texts,
        };
        let document = policy.document();
        let tables = decision_tables(policy, language);
        let rows = tables.iter().flat_map(|table| &table.rows);
        let cited: Vec<_> = rows.flat_map(bases).collect();
        let directives = document.directives.iter();
        let directives = directives.filter(|directive| cited.contains(&directive.id.as_str()));
        let directives = directives.map(|directive| {
            let strength = written_strength(directive.strength, language);
            format!(
                "{} ({strength}): {}",
                directive.id,
                directive.text.get(language)
            )
        });
        Self {
            title: document.title.get(language).to_owned(),
            head: writer.head(),
            columns: [
                texts.device,
                texts.app,
                texts.period,
                texts.access,
                texts.status,
                texts.network,
                texts.duty,
                texts.basis,
            ],
            directives: (show.directives, directives.collect()),
            notes: vec![
                texts.note_interpretation,
                texts.note_unknown,
                texts.note_install,
                show.official,
            ],
            tables: tables.iter().map(|table| writer.table(table)).collect(),
        }
    }

    fn markdown(&self) -> String {
        let mut text = format!("# {}\n\n", self.title);
        for line in &self.head {
            let _ = writeln!(text, "- {line}");
        }
        let row = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        for (heading, rows) in &self.tables {
            let _ = write!(text, "\n## {heading}\n\n");
            text.push_str(&row(&self.columns.map(str::to_owned)));
            text.push_str(&row(&self.columns.map(|_| "---".to_owned())));
            for cells in rows {
                text.push_str(&row(&cells.clone().map(|cell| cell.replace('|', "\\|"))));
            }
        }
        text.push('\n');
        for note in &self.notes {
            let _ = writeln!(text, "{note}\n");
        }
        let (heading, directives) = &self.directives;
        let _ = write!(text, "## {heading}\n\n");
        for directive in directives {
            let _ = writeln!(text, "- {directive}");
        }
        text.lines().map(|line| visible(line) + "\n").collect()
    }

    fn html(&self, language: Language) -> String {
        let element = |name: &str, text: &str| format!("<{name}>{}</{name}>\n", escaped(text));
        let list = |items: &[String]| {
            let items: String = items.iter().map(|item| element("li", item)).collect();
            format!("<ul>\n{items}</ul>\n")
        };
        let mut body = element("h1", &self.title) + &list(&self.head);
        for (heading, rows) in &self.tables {
            body += &element("h2", heading);
            let cells = |name: &str, cells: &[&str]| -> String {
                let cells: String = cells.iter().map(|cell| element(name, cell)).collect();
                format!("<tr>\n{cells}</tr>\n")
            };
            let rows: String = rows
                .iter()
                .map(|row| cells("td", &row.each_ref().map(String::as_str)))
                .collect();
            let _ = write!(
                body,
                "<table>\n<thead>\n{}</thead>\n<tbody>\n{rows}</tbody>\n</table>\n",
                cells("th", &self.columns)
            );
        }
        body.extend(self.notes.iter().map(|note| element("p", note)));
        let (heading, directives) = &self.directives;
        body = body + &element("h2", heading) + &list(directives);
        let (language, title) = (language.as_str(), element("title", &self.title));
        format!(
            "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n{title}<style>\n{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
        )
    }
}

const STYLE: &str = include_str!("table.css");

/// Says in one language what stands in the cells.
struct Writer<'a> {
    policy: &'a Policy,
    language: Language,
    show: &'static ShowTexts,
    texts: &'static TableTexts,
}

impl Writer<'_> {
    fn head(&self) -> Vec<String> {
        let (document, show) = (self.policy.document(), self.show);
        let day = |day| written_day(day, self.language);
        let mut lines = vec![
            format!("{}, {} {}", document.id, show.version, document.version),
            format!(
                "{}: {}",
                show.addressees,
                document.addressees.get(self.language)
            ),
            format!(
                "{}: {} [{}]",
                show.in_force_from,
                day(document.in_force_from.date),
                document.in_force_from.basis
            ),
            format!("{}: {}", show.notified_on, day(document.notified_on)),
        ];
        if let Some(review) = &document.review {
            lines.push(format!(
                "{}: {} [{}]",
                show.review_on,
                day(review.on),
                review.basis
            ));
        }
        if let Some(exemption) = &document.exemption {
            let roles: Vec<_> = exemption.roles.iter().map(|role| role.as_str()).collect();
            lines.push(format!(
                "{}: {} [{}]. {}",
                show.exempt_roles,
                roles.join(", "),
                exemption.basis,
                self.texts.note_exempt
            ));
        }
        lines
    }

    fn table(&self, table: &DecisionTable) -> (String, Vec<[String; COLUMNS]>) {
        let names: Vec<_> = table
            .apps
            .iter()
            .filter_map(|app| Some(self.policy.entry(app)?.name.as_str()))
            .collect();
        let mut rules = self.policy.document().rules.iter();
        let rule = rules.find(|rule| rule.apps == table.apps);
        let rows = table.rows.iter().map(|row| self.row(row, rule));
        (names.join(", "), rows.collect())
    }

    fn row(&self, row: &DecisionRow, rule: Option<&Rule>) -> [String; COLUMNS] {
        let said = row.explanation.policies.first();
        let duties = said.into_iter().flat_map(|said| &said.what_to_do);
        let duties: Vec<_> = duties
            .filter(|duty| duty.basis.is_some())
            .map(|duty| duty.text.as_str())
            .collect();
        let interpreted = row.deciding.iter().any(|reason| reason.interpretation);
        let mark = if interpreted { " *" } else { "" };
        let access = &row.assessment.access;
        [
            self.class(row.assessment.device_class.class).to_owned(),
            self.app(row, rule).to_owned(),
            self.period(row),
            row.explanation.verdict.clone(),
            self.status(row.assessment.status).to_owned(),
            self.network(access.zone).to_owned(),
            or_dash(&duties.join(" ")),
            or_dash(&bases(row).join(", ")) + mark,
        ]
    }

    const fn class(&self, class: ClassName) -> &'static str {
        match class {
            ClassName::Service => self.texts.class_service,
            ClassName::Personal => self.texts.class_personal,
            ClassName::Undetermined => self.texts.class_undetermined,
        }
    }

    fn app(&self, row: &DecisionRow, rule: Option<&Rule>) -> &'static str {
        let app = rule.and_then(|rule| rule.apps.first());
        let mut findings = row.assessment.findings.iter();
        let Some(found) = findings.find(|found| Some(&found.app) == app) else {
            return "";
        };
        match (found.presence, found.install) {
            (Presence::Absent, _) => self.texts.app_absent,
            (Presence::Unknown, _) => self.texts.app_unknown,
            (Presence::Present, _) if rule.is_some_and(|rule| rule.removal.is_none()) => {
                self.texts.app_present
            }
            (Presence::Present, Some(Install::New)) => self.texts.app_new,
            (Presence::Present, _) => self.texts.app_existing,
        }
    }

    fn period(&self, row: &DecisionRow) -> String {
        let day = |day| written_day(day, self.language);
        match (row.from, row.until) {
            (None, None) => self.texts.always.to_owned(),
            (None, Some(until)) => self.texts.until.replace("{until}", &day(until)),
            (Some(from), None) => self.texts.from.replace("{from}", &day(from)),
            (Some(from), Some(until)) => {
                let text = self.texts.from_until.replace("{from}", &day(from));
                text.replace("{until}", &day(until))
            }
        }
    }

    const fn status(&self, status: Status) -> &'static str {
        match status {
            Status::Compliant => self.texts.status_compliant,
            Status::InGracePeriod => self.texts.status_in_grace_period,
            Status::Noncompliant => self.texts.status_noncompliant,
            Status::Unknown => self.texts.status_unknown,
            Status::NotApplicable => self.texts.status_not_applicable,
        }
    }

    const fn network(&self, zone: NetworkZone) -> &'static str {
        match zone {
            NetworkZone::Service => self.texts.zone_service,
            NetworkZone::Personal => self.texts.zone_personal,
            NetworkZone::None => self.texts.zone_none,
        }
    }
}

/// What the decision rests on, each directive once.
fn bases(row: &DecisionRow) -> Vec<&str> {
    let reasons = row.deciding.iter();
    let duties = row.assessment.obligations.iter().map(|duty| &duty.basis);
    let mut bases: Vec<_> = reasons
        .filter_map(|reason| reason.basis.as_ref())
        .chain(duties)
        .map(|basis| basis.as_str())
        .collect();
    bases.sort_unstable();
    bases.dedup();
    bases
}

fn or_dash(text: &str) -> String {
    if text.is_empty() { "–" } else { text }.to_owned()
}

fn escaped(text: &str) -> String {
    let text = visible(text);
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
