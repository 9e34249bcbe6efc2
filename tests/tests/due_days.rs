//! Due days, held against a calendar that others keep (`calendar/generate.py`).

use octroi_tests::core_side::Both;
use octroi_tests::vectors;
use serde_json::json;

#[test]
fn five_working_days_from_every_day_of_two_decades() {
    let policy = vectors::pack("be-brussels-local").unwrap();
    let both = Both::read(vec![serde_json::from_str(&policy).unwrap()]).unwrap();
    let record = json!({
        "device": { "platform": "android", "ownership": "organization" },
        "declarations": { "tiktok": "present" },
    });
    let table = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/calendar/due-days.csv"
    ))
    .unwrap();
    let mut days = 0;
    for line in table.lines().skip(1) {
        let [notified, mon_fri, mon_sat] = line.split(',').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        for (week, due) in [("mon-fri", mon_fri), ("mon-sat", mon_sat)] {
            let deployment = json!({ "notified_on": notified, "working_week": week });
            let at = "2050-01-01T00:00:00Z"; // everything is overdue
            for assessment in [
                both.core(&record, &deployment, at).unwrap(),
                both.reference(&record, &deployment, at).unwrap(),
            ] {
                assert_eq!(
                    assessment["assessments"][0]["obligations"][0]["due"], due,
                    "{notified}, {week}"
                );
            }
        }
        days += 1;
    }
    assert_eq!(days, 7671, "every day from 2020 to 2040");
}
