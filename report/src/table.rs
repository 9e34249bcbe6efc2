//! Tables of counts.

use octroi_core::Language;

use crate::{fill, html::Html, texts, written_count};

/// No table has more rows than this: what follows is told in one line.
const ROWS: usize = 50;

/// A row: its head, and its counts.
pub(crate) type Row = (String, Vec<u64>);

/// A table in the making.
pub(crate) struct Table<'a> {
    pub(crate) caption: &'a str,
    /// What the script draws of it, if anything (page/src/charts.ts).
    pub(crate) chart: Option<&'a str>,
    /// Whether its rows begin with sentences.
    pub(crate) is_said: bool,
    pub(crate) columns: &'a [&'a str],
    pub(crate) language: Language,
}

impl Table<'_> {
    pub(crate) fn write(&self, html: &mut Html, rows: &[Row]) {
        self.around(html, |html| {
            for (name, counts) in rows.iter().take(ROWS) {
                html.element("tr", &[], |html| {
                    html.element("th", &[("scope", "row")], |html| html.text(name));
                    for (count, column) in counts.iter().zip(self.columns.iter().skip(1)) {
                        cell(html, *count, column, self.language);
                    }
                });
            }
        });
        let more = rows.len().saturating_sub(ROWS) as u64;
        if more > 0 {
            let more = written_count(more, self.language);
            html.line(
                "p",
                &fill(texts(self.language).report.and_more, "count", &more),
            );
        }
    }

    /// The table around its rows.
    pub(crate) fn around(&self, html: &mut Html, rows: impl FnOnce(&mut Html)) {
        let class = if self.is_said { "wide said" } else { "wide" };
        // What may be wider than the screen is scrolled with the keyboard too.
        let attributes = [
            ("class", class),
            ("role", "region"),
            ("tabindex", "0"),
            ("aria-label", self.caption),
        ];
        html.element("div", &attributes, |html| {
            let chart = self.chart.map(|chart| ("data-chart", chart));
            html.element("table", chart.as_slice(), |html| {
                html.line("caption", self.caption);
                html.element("thead", &[], |html| {
                    html.element("tr", &[], |html| {
                        for name in self.columns {
                            html.element("th", &[("scope", "col")], |html| html.text(name));
                        }
                    });
                });
                html.element("tbody", &[], rows);
            });
        });
    }
}

/// A count, with the name of its column for where there is no room for a head.
pub(crate) fn cell(html: &mut Html, count: u64, column: &str, language: Language) {
    let number = count.to_string();
    let class = if count == 0 { "nothing" } else { "number" };
    let attributes = [
        ("class", class),
        ("data-n", &*number),
        ("data-column", column),
    ];
    html.element("td", &attributes, |html| {
        html.text(&written_count(count, language));
    });
}
