//! Every case of a large space: the core, which enumerates nothing, and the reference, which enumerates everything,
//! give the same assessment to the last key.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use octroi_tests::core_side::Both;
use octroi_tests::space::{self, Space};
use octroi_tests::vectors;

#[test]
fn core_and_reference_agree_everywhere() {
    let mut cases = 0;
    let mut failures = Vec::new();
    for space in space::all() {
        let wire = space
            .policies
            .iter()
            .map(|name| serde_json::from_str(&vectors::pack(name).unwrap()).unwrap());
        let both = Both::read(wire.collect()).unwrap();
        let (count, differing) = walk(&space, &both);
        println!(
            "{count} cases: {} under {:?}, {} differ",
            space.name,
            space.policies,
            differing.len()
        );
        assert_eq!(count, space.size());
        cases += count;
        failures.extend(differing);
    }
    println!("counted: {cases} cases on which the core and the reference agree");
    assert!(
        failures.is_empty(),
        "{} of {cases} cases differ; the first ones:\n{}",
        failures.len(),
        {
            failures.truncate(5);
            failures.join("\n\n")
        }
    );
    assert!(cases >= 622_560, "the space has shrunk to {cases} cases");
}

fn walk(space: &Space, both: &Both) -> (usize, Vec<String>) {
    let next = AtomicUsize::new(0);
    let count = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some(sight) = space.sights.get(next.fetch_add(1, Ordering::Relaxed)) {
                    for device in &space.devices {
                        let record = space::record(device, sight);
                        for deployment in &space.deployments {
                            for at in space.instants {
                                count.fetch_add(1, Ordering::Relaxed);
                                if let Err(difference) = both.agreed(&record, deployment, at) {
                                    failures.lock().unwrap().push(difference);
                                }
                            }
                        }
                    }
                }
            });
        }
    });
    (count.into_inner(), failures.into_inner().unwrap())
}
