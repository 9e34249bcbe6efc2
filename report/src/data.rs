//! What the script reads: the devices in columns, and what is said of them.

use octroi_core::{Deployment, Explanation, Language, Policies, explain, written_day};
use serde::Serialize;

use crate::{
    fill, in_each,
    kinds::{Class, Kind, STATUSES},
    listed::Device,
    report::Report,
    summary,
    texts::ReportTexts,
    words::Words,
    written_count,
};

/// All but the devices, as JSON that may stand in a page.
pub(crate) fn frame(report: &Report<'_>) -> String {
    let zone = report
        .policies
        .iter()
        .next()
        .map(|policy| policy.document().time_zone.name.as_str());
    json(&Frame {
        at: report.at.unix_seconds(),
        zone: zone.unwrap_or("UTC"),
        languages: Language::ALL.map(Language::as_str),
        labels: in_each(|language| Labels::new(report, language)),
        kinds: report.kinds.list(),
        words: &report.kinds.words,
    })
}

/// The devices for which there is room, as JSON, and how many they are.
pub(crate) fn devices(report: &Report<'_>, room: usize) -> (String, usize) {
    let prefix = prefix(report);
    let mut columns = Columns {
        prefix: prefix.to_owned(),
        files: Vec::new(),
        records: Vec::new(),
        names: Vec::new(),
        kinds: Vec::new(),
        until: Vec::new(),
    };
    let (mut size, mut last, mut cut) = (0, 0, 0);
    for device in report.listed.devices() {
        let record = i64::try_from(device.line.number).unwrap_or(i64::MAX);
        let name = device.name.as_ref().map(|name| &*name.text);
        let name = name.and_then(|name| name.strip_prefix(prefix));
        let until = device
            .until
            .map_or(0, |until| until.unix_seconds() - report.at.unix_seconds());
        let numbers = [
            record - last,
            i64::try_from(device.kind).unwrap_or_default(),
            until,
        ];
        let digits: usize = numbers
            .iter()
            .map(|number| number.to_string().len() + 1)
            .sum();
        let digits = digits + device.line.file.to_string().len() + 1;
        let written = name.map_or(5, |name| json(&name).len() + 1);
        if size + digits + written > room {
            break;
        }
        size += digits + written;
        last = record;
        cut += usize::from(device.name.as_ref().is_some_and(|name| name.is_cut));
        let [record, _, until] = numbers;
        columns
            .files
            .extend((device.line.file > 0).then_some(device.line.file));
        columns.records.push(record);
        columns.names.push(name.map(str::to_owned));
        columns.kinds.push(device.kind);
        columns.until.push(until);
    }
    let listed = columns.records.len();
    let notices = in_each(|language| notices(report, listed, cut, language));
    (json(&Listed { columns, notices }), listed)
}

/// As JSON that may stand in a page: no element begins in it, or ends.
pub(crate) fn json(value: &impl Serialize) -> String {
    // Nothing in it can fail to be written, and `<` stands in strings only.
    serde_json::to_string(value)
        .unwrap_or_default()
        .replace('<', "\\u003c")
}

#[derive(Serialize)]
struct Frame<'a> {
    at: i64,
    zone: &'a str,
    languages: [&'static str; 4],
    labels: [Labels; 4],
    kinds: &'a [Kind],
    words: &'a Words,
}

#[derive(Serialize)]
struct Listed {
    columns: Columns,
    notices: [Vec<String>; 4],
}

/// The devices, one list for each thing that is known of them.
#[derive(Serialize)]
struct Columns {
    /// What all names begin with.
    prefix: String,
    /// The number of each device's file; empty where there is only one.
    files: Vec<u64>,
    /// Each line number, less the one before it.
    records: Vec<i64>,
    names: Vec<Option<String>>,
    kinds: Vec<usize>,
    /// Until when the verdict holds, in seconds after the assessment; 0 where nothing ends it.
    until: Vec<i64>,
}

/// What the script says, in one language.
#[derive(Serialize)]
struct Labels {
    title: &'static str,
    list: &'static str,
    search: &'static str,
    filter: &'static str,
    any: &'static str,
    device: &'static str,
    line: &'static str,
    access: &'static str,
    state: &'static str,
    kind: &'static str,
    due: &'static str,
    task: &'static str,
    missing: &'static str,
    directive: &'static str,
    strong: &'static str,
    to_do: &'static str,
    at_once: &'static str,
    shown: &'static str,
    no_name: &'static str,
    none_match: &'static str,
    reset: &'static str,
    keys: &'static str,
    close: &'static str,
    valid_until: &'static str,
    not_explained: &'static str,
    printed: &'static str,
    chart: &'static str,
    contents: &'static str,
    accesses: [&'static str; 2],
    states: [&'static str; 5],
    classes: [&'static str; 4],
    questions: Vec<String>,
    /// Each last day as it is written.
    days: Vec<(String, String)>,
    /// Each duty as it is written.
    tasks: Vec<(String, String)>,
    /// Why, what to do, what was seen, what was not, advice; then questions, legal basis, our reading.
    headings: Vec<String>,
    /// What stands under every explanation.
    foot: Vec<String>,
}

impl Labels {
    fn new(report: &Report<'_>, language: Language) -> Self {
        let texts: &'static ReportTexts = &crate::texts(language).report;
        let place = Language::ALL.iter().position(|known| *known == language);
        let questions = report.kinds.questions.list();
        let questions = questions.map(|(_, text)| {
            place
                .and_then(|place| text.get(place))
                .cloned()
                .unwrap_or_default()
        });
        let days = report.counts.duties.keys().flatten();
        let tasks = report.counts.tasks.iter();
        let common = common(report.policies, report.deployment, report.at, language);
        let headings = common.headings;
        Self {
            title: texts.title,
            list: texts.list,
            search: texts.search,
            filter: texts.filter,
            any: texts.any,
            device: texts.device,
            line: texts.line,
            access: texts.access,
            state: texts.state,
            kind: texts.kind,
            due: texts.due_day,
            task: texts.duty,
            missing: texts.missing_answer,
            directive: texts.directive,
            strong: texts.strong,
            to_do: texts.to_do,
            at_once: texts.at_once,
            shown: texts.shown,
            no_name: texts.no_name,
            none_match: texts.none_match,
            reset: texts.reset,
            keys: texts.keys,
            close: texts.close,
            valid_until: texts.valid_until,
            not_explained: texts.not_explained,
            printed: texts.printed,
            chart: texts.chart,
            contents: texts.contents,
            accesses: [texts.permit, texts.deny],
            states: STATUSES.map(|status| summary::status(texts, status)),
            classes: Class::ALL.map(|class| summary::class(texts, class)),
            questions: questions.collect(),
            days: days
                .map(|day| (day.to_string(), written_day(*day, language)))
                .collect(),
            tasks: tasks
                .map(|(duty, _)| (duty.id(), duty.written(report.policies, texts)))
                .collect(),
            headings: vec![
                headings.why,
                headings.what_to_do,
                headings.seen,
                headings.not_seen,
                headings.advice,
                headings.questions,
                headings.legal_basis,
                headings.interpretation,
            ],
            foot: common
                .notes
                .into_iter()
                .chain(common.contacts)
                .chain([common.assessed_at])
                .collect(),
        }
    }
}

/// What is said whatever the verdict: an explanation of no policy's.
fn common(
    policies: &Policies,
    deployment: &Deployment,
    at: octroi_core::Instant,
    language: Language,
) -> Explanation {
    let assessment = octroi_core::Assessment {
        device_id: None,
        assessed_at: at,
        valid_until: None,
        access: octroi_core::Access {
            decision: octroi_core::Decision::Permit,
            zone: octroi_core::NetworkZone::None,
            certain: true,
            missing: Vec::new(),
        },
        status: octroi_core::Status::NotApplicable,
        assessments: Vec::new(),
    };
    explain(&assessment, policies, deployment, language)
}

/// What the list does not hold, or not whole.
fn notices(report: &Report<'_>, listed: usize, cut: usize, language: Language) -> Vec<String> {
    let texts = &crate::texts(language).report;
    let (total, listed) = (report.counts.devices(), listed as u64);
    let count = |count| written_count(count, language);
    let mut notices = Vec::new();
    if listed < total {
        let text = fill(texts.not_listed, "listed", &count(listed));
        notices.push(fill(&text, "total", &count(total)));
    }
    if report.listed.devices().any(|device| device.line.file > 0) {
        notices.push(texts.line_of_file.to_owned());
    }
    if cut > 0 {
        notices.push(fill(texts.shortened, "count", &count(cut as u64)));
    }
    if report.kinds.unexplained > 0 {
        notices.push(fill(
            texts.not_told_apart,
            "count",
            &count(report.kinds.unexplained),
        ));
    }
    notices
}

/// What the names of all devices begin with.
fn prefix<'a>(report: &'a Report<'_>) -> &'a str {
    let mut names = report
        .listed
        .devices()
        .filter_map(|device: &Device| device.name.as_ref());
    let Some(first) = names.next() else {
        return "";
    };
    let mut prefix = &*first.text;
    for name in names {
        let same = prefix
            .chars()
            .zip(name.text.chars())
            .take_while(|(one, other)| one == other);
        let length = same.map(|(character, _)| character.len_utf8()).sum();
        prefix = prefix.get(..length).unwrap_or_default();
    }
    prefix
}
