//! What the page says, and what it must not hold.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use octroi_core::{Assessment, Deployment, Instant, Language, Policies, Record, assess, embedded};
use octroi_report::{Line, Pseudonyms, Report, Rows, Unread};
use serde_json::Value;

/// What no page exceeds.
const MOST: usize = 10_000_000;

struct Fleet {
    policies: Policies,
    deployment: Deployment,
    at: Instant,
}

impl Fleet {
    fn new() -> Self {
        let deployment = Deployment::default();
        let policies = Policies::select(&deployment, embedded().unwrap()).unwrap();
        let at = Instant::parse("2023-03-30T08:00:00+02:00").unwrap();
        Self {
            policies,
            deployment,
            at,
        }
    }

    fn assess(&self, id: &str, rest: &str) -> Assessment {
        let id = serde_json::to_string(id).unwrap();
        let json = format!(r#"{{"device":{{"id":{id},"platform":"android"{rest}"#);
        let record = Record::from_json(json.as_bytes(), &self.policies).unwrap();
        assess(&self.policies, &record, &self.deployment, self.at)
    }

    fn report(&self, pseudonyms: Option<&Pseudonyms>) -> Report<'_> {
        Report::new(&self.policies, &self.deployment, self.at, pseudonyms)
    }

    fn page(&self, rows: Rows) -> String {
        let mut report = self.report(None);
        report.merge(rows);
        report.page(Language::En)
    }
}

/// A permit, a permit with a term, a denial, and a verdict that hangs on what nobody knows.
const KINDS: [&str; 4] = [
    r#","ownership":"organization"},"observations":[{"source":"mdm","complete":true,"apps":[{"id":"org.example.private.diary","name":"My Diary"}]}]}"#,
    r#","ownership":"organization"},"observations":[{"source":"mdm","apps":[{"id":"com.zhiliaoapp.musically"},{"id":"org.example.private.diary"}]}]}"#,
    r#","ownership":"personal","funding":{"purchase":"none","subscription":"none","usage":"none"}},"declarations":{"tiktok":"present"}}"#,
    r#","ownership":"organization"}}"#,
];

fn line(number: u64) -> Line {
    Line { file: 0, number }
}

fn rows(devices: impl IntoIterator<Item = Assessment>, pseudonyms: Option<&Pseudonyms>) -> Rows {
    let mut rows = Rows::new(pseudonyms);
    for (number, assessment) in (1..).zip(devices) {
        rows.add(line(number), &assessment);
    }
    rows
}

/// The JSON that the script reads.
fn data(page: &str, id: &str) -> Value {
    let (_, rest) = page.split_once(&format!("id=\"{id}\">")).unwrap();
    let (json, _) = rest.split_once("</script>").unwrap();
    serde_json::from_str(json).unwrap()
}

/// The number of a tile, which is the same in each language.
fn tile(page: &str, name: &str) -> u64 {
    let marks = page
        .match_indices(&format!("data-tile=\"{name}\" data-n=\""))
        .collect::<Vec<_>>();
    let numbers = marks.iter().map(|(at, mark)| {
        let (number, _) = page[at + mark.len()..].split_once('"').unwrap();
        number.parse().unwrap()
    });
    let numbers: Vec<u64> = numbers.collect();
    assert_eq!(numbers, [numbers[0]; 4], "{name}");
    numbers[0]
}

/// The officer who acts on the numbers acts on those of the run.
#[test]
fn the_counts_are_those_of_the_verdicts() {
    let fleet = Fleet::new();
    let devices = (0..70).map(|number| {
        let kind = match number {
            0..40 => 0,
            40..52 => 1,
            52..59 => 2,
            _ => 3,
        };
        fleet.assess(&format!("phone-{number}"), KINDS[kind])
    });
    let mut rows = rows(devices, None);
    rows.unread(line(71), Unread::Json);
    rows.unread(line(72), Unread::Encoding);
    let page = fleet.page(rows);
    let expected = [
        ("all", 70),
        ("good", 52),
        ("bad", 18),
        ("care", 12),
        ("open", 11),
        ("none", 2),
    ];
    for (name, count) in expected {
        assert_eq!(tile(&page, name), count, "{name}");
    }
    // 12 have until Monday 3 April; 11 hang on one answer; 7 are denied by the directive on personal devices.
    assert_eq!(page.matches("data-due=\"2023-04-03\"").count(), 4);
    assert_eq!(page.matches("duties that end on this day: 12").count(), 1);
    let (_, english) = page.split_once("id=\"in-en\"").unwrap();
    for (before, after) in [
        (
            "1. Is TikTok on this device?",
            "<td class=\"number\" data-n=\"11\"",
        ),
        ("<b>CIRC2023/07#3</b>", "<td class=\"number\" data-n=\"7\""),
        (
            "Nobody has looked yet whether TikTok",
            "<td class=\"number\" data-n=\"11\"",
        ),
        (
            "not well-formed JSON – Line numbers: 71",
            "<td class=\"number\" data-n=\"1\"",
        ),
    ] {
        let (_, rest) = english.split_once(before).unwrap();
        assert!(
            rest[..rest.find("</tr>").unwrap()].contains(after),
            "{before}"
        );
    }
}

/// Under two policies a device removes an app once, and when the stricter one says: whoever plans by the calendar has no time that
/// the other policy takes away.
#[test]
fn the_strictest_of_two_policies_counts() {
    let mut fleet = Fleet::new();
    fleet.deployment.policies = ["be-brussels-local", "be-brussels-region"]
        .map(|id| octroi_core::PolicyId::new(id).unwrap())
        .into();
    fleet.policies = Policies::select(&fleet.deployment, embedded().unwrap()).unwrap();
    let device = fleet.assess("phone", KINDS[1]);
    let asked = device.assessments.iter().flat_map(|said| &said.obligations);
    let asked: Vec<_> = asked.map(|duty| (duty.state, duty.due)).collect();
    assert_eq!(asked.len(), 2, "{asked:?}");
    assert_ne!(asked[0], asked[1]);
    let page = fleet.page(rows([device], None));
    assert_eq!(page.matches("data-due=\"2023-04-03\"").count(), 0);
    let (_, english) = page.split_once("id=\"in-en\"").unwrap();
    assert_eq!(task(english, "remove_app tiktok"), [0, 0, 1, 0]);
    let (_, days) = english.split_once("data-chart=\"duties\"").unwrap();
    let (days, _) = days.split_once("</table>").unwrap();
    assert_eq!(days.matches("<tr><th scope=\"row\"").count(), 1);
    let kind = &data(&page, "frame")["kinds"][0];
    assert_eq!(kind["due"], serde_json::json!(["0"]));
    assert_eq!(kind["tasks"], serde_json::json!(["remove_app tiktok"]));
}

/// Whoever must act reads what is to be done and with which app, not only when.
#[test]
fn what_must_be_done_is_named() {
    let fleet = Fleet::new();
    let prevented = KINDS[1].strip_suffix('}').unwrap().to_owned()
        + r#","impediments":{"tiktok":{"reason":"managed by the manufacturer"}}}"#;
    let page = fleet.page(rows(
        [
            fleet.assess("one", KINDS[1]),
            fleet.assess("two", &prevented),
        ],
        None,
    ));
    let (_, english) = page.split_once("id=\"in-en\"").unwrap();
    assert_eq!(task(english, "remove_app tiktok"), [2, 0, 0, 0]);
    assert_eq!(task(english, "inform_supervisor tiktok"), [0, 0, 1, 0]);
    for (language, words) in [
        ("fr", "Supprimer TikTok"),
        ("nl", "TikTok verwijderen"),
        ("de", "TikTok entfernen"),
        ("en", "Remove TikTok"),
    ] {
        let (_, rest) = page.split_once(&format!("id=\"in-{language}\"")).unwrap();
        let (summary, _) = rest
            .split_once("</section><section aria-labelledby=\"ask")
            .unwrap();
        assert!(summary.contains(&format!("<b>{words}</b>")), "{language}");
    }
    assert!(english.contains("data-column=\"Earliest last day\">3 April 2023</td>"));
}

/// The counts of a duty: with time left, too late, due now, done.
fn task(summary: &str, id: &str) -> Vec<u64> {
    let (_, row) = summary.split_once(&format!("data-task=\"{id}\"")).unwrap();
    let (row, _) = row.split_once("</tr>").unwrap();
    let cells = row.split("<td ").skip(1);
    let counts = cells.filter_map(|cell| {
        let (_, number) = cell.split_once("data-n=\"")?;
        number.split_once('"')?.0.parse().ok()
    });
    counts.collect()
}

/// A line's number is pasted into an editor, which knows no thousands.
#[test]
fn a_line_number_has_no_separator() {
    let fleet = Fleet::new();
    let mut rows = Rows::new(None);
    rows.unread(line(1_234_567), Unread::Json);
    let page = fleet.page(rows);
    assert_eq!(page.matches(": 1234567</th>").count(), 4);
}

/// A fleet is assessed on many threads, in parts of any size: the page does not show it.
#[test]
fn parts_make_the_same_page() {
    let fleet = Fleet::new();
    let devices: Vec<_> = (0..40)
        .map(|number| fleet.assess(&format!("phone-{number}"), KINDS[number % 4]))
        .collect();
    let whole = fleet.page(rows(devices.clone(), None));
    let mut report = fleet.report(None);
    for (part, devices) in devices.chunks(7).enumerate() {
        let mut rows = Rows::new(None);
        for (number, assessment) in devices.iter().enumerate() {
            rows.add(line((part * 7 + number) as u64 + 1), assessment);
        }
        report.merge(rows);
    }
    assert!(report.page(Language::En) == whole);
}

/// A device is named by whoever enrols it. No name becomes a script, an element, or text that runs backwards.
#[test]
fn a_hostile_name_does_no_harm() {
    let fleet = Fleet::new();
    let long = "x".repeat(10_000);
    let names = [
        "</script><script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "<!--<script>",
        "\u{202e}gnp.enohp",
        "'; DROP TABLE devices; --",
        &long,
    ];
    let page = fleet.page(rows(names.map(|name| fleet.assess(name, KINDS[2])), None));
    assert_eq!(
        page.to_lowercase().matches("<script").count(),
        3 + own("<script")
    );
    let rest = page.strip_prefix(octroi_report::BEGINNING).unwrap();
    assert!(!rest.contains("<img src") && !rest.contains("<!--") && !rest.contains('\u{202e}'));
    assert!(page.len() < 1_000_000 && !page.contains(&"x".repeat(65)));
    let columns = &data(&page, "devices-data")["columns"];
    assert_eq!(columns["names"][0], names[0]);
    assert_eq!(columns["names"][3], "\\u{202e}gnp.enohp");
    assert_eq!(columns["names"].as_array().unwrap().len(), names.len());
}

/// How often the script itself has it.
fn own(text: &str) -> usize {
    include_str!("../page/dist/page.js")
        .to_lowercase()
        .matches(text)
        .count()
}

/// What else is on a phone is nobody's business, and least of all a page's.
#[test]
fn no_app_of_a_list_is_in_the_page() {
    let fleet = Fleet::new();
    let page = fleet.page(rows(
        (0..2).map(|kind| fleet.assess("phone", KINDS[kind])),
        None,
    ));
    for secret in ["diary", "Diary", "com.zhiliaoapp"] {
        assert!(!page.contains(secret), "{secret}");
    }
}

/// Who gives the page away under pseudonyms gives no name away, not in what could not be read either.
#[test]
fn pseudonyms_leave_no_name() {
    let fleet = Fleet::new();
    let pseudonyms = Pseudonyms::new(&[7; 32]).unwrap();
    let devices =
        (0..8).map(|number| fleet.assess(&format!("secret-phone-{number}"), KINDS[number % 4]));
    let mut rows = rows(devices, Some(&pseudonyms));
    rows.unread(line(9), Unread::Record);
    let mut report = fleet.report(Some(&pseudonyms));
    report.merge(rows);
    assert!(!format!("{report:?}").contains("secret-phone"));
    let page = report.page(Language::En);
    assert!(!page.contains("secret-phone") && page.contains("are named by pseudonyms"));
    let columns = &data(&page, "devices-data")["columns"];
    let name = |at: usize| {
        let rest = columns["names"][at].as_str().unwrap();
        columns["prefix"].as_str().unwrap().to_owned() + rest
    };
    // Denials first, in the order of the input.
    assert_eq!(name(0), pseudonyms.of("secret-phone-2"));
    assert_eq!(name(0).len(), 32);
}

/// A page of 100,000 devices can be sent by mail and opened, however their management names them; and who has more devices
/// than that learns that not all are listed.
#[test]
fn a_page_is_small() {
    let fleet = Fleet::new();
    let said = KINDS.map(|kind| fleet.assess("phone", kind));
    let names: [fn(u64) -> String; 3] = [
        |number| format!("{number:08x}-5a27-429d-a50f-3d06052c629c"),
        |number| format!("enterprises/LC03zq7xkm/devices/{number:016x}{number:08x}"),
        |number| format!("{number}{}", "\"<日".repeat(3_000)),
    ];
    for (at, name) in names.into_iter().enumerate() {
        let devices = 100_007;
        let mut rows = Rows::new(None);
        for number in 0..devices {
            let mut assessment = said[if number % 50 == 0 { 2 } else { 0 }].clone();
            assessment.device_id = octroi_core::NonEmpty::new(name(number));
            assessment.valid_until =
                Some(Instant::from_unix_seconds(1_680_200_000 + number as i64));
            rows.add(line(number + 1), &assessment);
        }
        let page = fleet.page(rows);
        assert!(page.len() <= MOST, "{}", page.len());
        assert_eq!(tile(&page, "all"), devices);
        let columns = &data(&page, "devices-data")["columns"];
        let listed = columns["names"].as_array().unwrap().len();
        assert!(listed == 100_000 || at == 2 && listed > 50_000, "{listed}");
        // The denied are all there: one in fifty.
        assert_eq!(columns["records"][0], 1);
        assert_eq!(columns["records"][2_000], 50);
        let notices = data(&page, "devices-data")["notices"][3].to_string();
        assert!(
            notices.contains("of the 100,007 devices that were judged"),
            "{notices}"
        );
    }
}

/// Where there is more to explain than a page holds, what it does not explain is counted.
#[test]
fn what_is_not_explained_is_said() {
    let fleet = Fleet::new();
    let mut assessment = fleet.assess("phone", KINDS[0]);
    let mut rows = Rows::new(None);
    for version in 0..40_000 {
        assessment.assessments[0].policy.version = version;
        rows.add(line(u64::from(version) + 1), &assessment);
    }
    let page = fleet.page(rows);
    assert!(page.len() <= MOST);
    assert_eq!(tile(&page, "all"), 40_000);
    let notices = data(&page, "devices-data")["notices"][3].to_string();
    assert!(notices.contains("Not explained in this page"), "{notices}");
}

/// Who reads without a script, or in a browser that asks for no language of ours, has the whole summary in the one that was chosen.
#[test]
fn the_summary_stands_in_each_language() {
    let fleet = Fleet::new();
    for language in Language::ALL {
        let mut report = fleet.report(None);
        report.merge(rows([fleet.assess("phone", KINDS[1])], None));
        report.broken_off(2);
        let page = report.page(language);
        let code = language.as_str();
        assert!(page.contains(&format!("value=\"{code}\" id=\"language-{code}\" checked")));
        for code in Language::ALL.map(Language::as_str) {
            for part in ["who", "due", "ask", "unseen", "law"] {
                assert_eq!(
                    page.matches(&format!("<h2 id=\"{part}-{code}\">")).count(),
                    1
                );
            }
        }
        assert_eq!(page.matches("class=\"notice\"").count(), 4);
    }
}

/// No page loads anything, whatever becomes of its script.
#[test]
fn nothing_may_be_loaded() {
    let fleet = Fleet::new();
    let page = fleet.page(Rows::new(None));
    assert!(page.contains("default-src 'none'; script-src 'sha256-"));
    assert!(!page.contains("unsafe-inline") && !page.contains("unsafe-eval"));
    assert!(!page.contains(" src=\"") && !page.contains("<link"));
}
