//! x
use octroi_tests::{space, vectors};
#[allow(clippy::all)]
fn main() {
    let mut n = 0;
    let t = std::time::Instant::now();
    let mut total = 0;
    for s in space::all() {
        total += s.size();
        let wire: Vec<serde_json::Value> = s
            .policies
            .iter()
            .map(|n| serde_json::from_str(&vectors::pack(n).unwrap()).unwrap())
            .collect();
        let t1 = std::time::Instant::now();
        let mut m = 0;
        'o: for si in &s.sights {
            for d in s.devices.iter().step_by(7) {
                let r = space::record(d, si);
                for dep in s.deployments.iter().step_by(3) {
                    for at in s.instants {
                        octroi_reference::assess(&wire, &r, dep, at).unwrap();
                        n += 1;
                        m += 1;
                        if t1.elapsed().as_secs() > 2 {
                            break 'o;
                        }
                    }
                }
            }
        }
        println!(
            "{} {:?} size {} : {} us/case",
            s.name,
            s.policies,
            s.size(),
            t1.elapsed().as_micros() as usize / m
        );
    }
    println!("{n} of {total} {:?}", t.elapsed());
}
