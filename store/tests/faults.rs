//! A power cut, a full disk or a failing one at every single step: afterwards the old state is there, or the new one.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

use std::{
    collections::BTreeMap,
    io,
    sync::{Mutex, MutexGuard},
};

use octroi_store::{Files, Form, Frame, Slots, StoreError};

const FORM: Form = Form {
    name: "state",
    format: 1,
};

/// A disk: what programs see of it, and what would be left of it without power.
#[derive(Clone, Default)]
struct Disk {
    seen: BTreeMap<String, usize>,
    kept: BTreeMap<String, usize>,
    /// The files by number: what programs see, and what is on the disk.
    contents: Vec<(Vec<u8>, Vec<u8>)>,
    /// Names that were given and are not on the disk yet, in turn.
    names: Vec<(String, usize)>,
}

/// What happens at a step.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    /// Nothing more is done: the power is gone.
    Stop,
    /// Only this step fails.
    Fail,
    /// It is done in part, and fails: the disk is full.
    Part,
}

/// A disk whose steps are counted, and which fails at one of them.
struct Failing {
    disk: Mutex<Disk>,
    steps: Mutex<usize>,
    at: usize,
    fault: Option<Fault>,
}

impl Failing {
    fn new(disk: Disk, at: usize, fault: Option<Fault>) -> Self {
        Self {
            disk: Mutex::new(disk),
            steps: Mutex::new(0),
            at,
            fault,
        }
    }

    /// Whether this step is one that fails.
    fn step(&self) -> Option<Fault> {
        let mut steps = self.steps.lock().unwrap();
        let step = *steps;
        *steps += 1;
        let fault = self.fault?;
        (step == self.at || (step > self.at && fault == Fault::Stop)).then_some(fault)
    }

    fn disk(&self) -> MutexGuard<'_, Disk> {
        self.disk.lock().unwrap()
    }
}

fn failed() -> io::Error {
    io::Error::other("the disk fails")
}

impl Files for &Failing {
    type Lock = ();

    fn lock(&self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn read(&self, name: &str, _: u64) -> io::Result<Option<Vec<u8>>> {
        let disk = self.disk();
        let number = disk.seen.get(name);
        Ok(number.map(|number| disk.contents[*number].0.clone()))
    }

    fn write(&self, name: &str, content: &[u8]) -> io::Result<()> {
        let fault = self.step();
        let written = match fault {
            Some(Fault::Stop | Fault::Fail) => return Err(failed()),
            Some(Fault::Part) => &content[..content.len() / 2],
            None => content,
        };
        let mut disk = self.disk();
        disk.contents.push((written.to_vec(), Vec::new()));
        let number = disk.contents.len() - 1;
        disk.seen.insert(name.to_owned(), number);
        disk.names.push((name.to_owned(), number));
        fault.map_or(Ok(()), |_| Err(failed()))
    }

    fn sync(&self, name: &str) -> io::Result<()> {
        let fault = self.step();
        let mut disk = self.disk();
        let number = disk.seen[name];
        let content = disk.contents[number].0.clone();
        disk.contents[number].1 = match fault {
            Some(Fault::Stop | Fault::Fail) => return Err(failed()),
            Some(Fault::Part) => content[..content.len() / 2].to_vec(),
            None => content,
        };
        fault.map_or(Ok(()), |_| Err(failed()))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let fault = self.step();
        if matches!(fault, Some(Fault::Stop | Fault::Fail)) {
            return Err(failed());
        }
        let mut disk = self.disk();
        let number = disk.seen.remove(from).unwrap();
        disk.seen.insert(to.to_owned(), number);
        disk.names.push((to.to_owned(), number));
        fault.map_or(Ok(()), |_| Err(failed()))
    }

    fn sync_names(&self) -> io::Result<()> {
        let fault = self.step();
        if fault.is_some() {
            return Err(failed());
        }
        let mut disk = self.disk();
        disk.kept = disk.seen.clone();
        disk.names.clear();
        Ok(())
    }

    fn place(&self) -> String {
        "a disk".to_owned()
    }
}

impl Disk {
    /// Every disk that can be there when the power is back: of the names that were not on the disk yet, any may have got there, and
    /// of a content that was not, nothing, half or all.
    fn after_a_power_cut(&self) -> Vec<Disk> {
        let mut disks = Vec::new();
        for chosen in 0..1_u32 << self.names.len() {
            let mut kept = self.kept.clone();
            for (at, (name, number)) in self.names.iter().enumerate() {
                if chosen >> at & 1 == 1 {
                    kept.retain(|_, other| other != number);
                    kept.insert(name.clone(), *number);
                }
            }
            for part in 0..3 {
                let contents = self.contents.iter().map(|(seen, kept)| {
                    let left = match part {
                        _ if seen == kept => kept.clone(),
                        0 => kept.clone(),
                        1 => seen[..seen.len() / 2].to_vec(),
                        _ => seen.clone(),
                    };
                    (left.clone(), left)
                });
                disks.push(Disk {
                    seen: kept.clone(),
                    kept: kept.clone(),
                    contents: contents.collect(),
                    names: Vec::new(),
                });
            }
        }
        disks
    }
}

fn frame(generation: u64) -> Frame {
    Frame {
        generation,
        state: format!("what was kept at {generation}").into_bytes(),
    }
}

fn write(disk: &Failing, generation: u64) -> Result<(), StoreError> {
    Slots::new(disk, FORM)
        .lock()
        .unwrap()
        .write(&frame(generation))
}

/// The generation of what is there; 0 is nothing.
fn read(disk: Disk) -> u64 {
    let disk = Failing::new(disk, 0, None);
    let held = Slots::new(&disk, FORM).lock().unwrap().read().unwrap();
    assert!(!held.lost, "nothing of what is there can be used");
    match held.frame {
        Some(found) => {
            assert_eq!(found, frame(found.generation));
            found.generation
        }
        None => 0,
    }
}

/// Each generation is written onto what may be left of the one before, after every fault at every step.
#[test]
fn after_every_fault_at_every_step_the_old_state_is_there_or_the_new_one() {
    const STEPS: usize = 4;
    let mut disks = vec![Disk::default()];
    let mut tried = 0;
    for generation in 1..=3 {
        let mut next = Vec::new();
        for disk in disks {
            let before = read(disk.clone());
            for fault in [Fault::Stop, Fault::Fail, Fault::Part] {
                for at in 0..=STEPS {
                    let failing = Failing::new(disk.clone(), at, Some(fault));
                    let written = write(&failing, generation);
                    assert_eq!(written.is_ok(), at == STEPS, "{fault:?} at {at}");
                    let disk = failing.disk().clone();
                    assert!([before, generation].contains(&read(disk.clone())));
                    for after in disk.after_a_power_cut() {
                        let found = read(after.clone());
                        assert!([before, generation].contains(&found), "{fault:?} at {at}");
                        assert!(written.is_err() || found == generation, "{fault:?} at {at}");
                        tried += 1;
                        next.push(after);
                    }
                }
            }
        }
        // Of disks that are alike, one is enough.
        next.sort_by_key(alike);
        next.dedup_by_key(|disk| alike(disk));
        disks = next;
    }
    assert!(tried > 500, "{tried} cuts");
    println!("counted: {tried} cuts of power");
}

/// The files of a disk, without their numbers.
fn alike(disk: &Disk) -> Vec<(String, Vec<u8>)> {
    let files = disk.seen.iter();
    files
        .map(|(name, number)| (name.clone(), disk.contents[*number].0.clone()))
        .collect()
}

/// A gate that cannot write must go on, and say so; what it has read must stay readable.
#[test]
fn a_folder_that_cannot_be_written_is_an_error_with_its_place() {
    let failing = Failing::new(Disk::default(), 0, Some(Fault::Stop));
    assert_eq!(
        write(&failing, 1),
        Err(StoreError::Io {
            action: "write",
            directory: "a disk".to_owned(),
            reason: "the disk fails".to_owned(),
        })
    );
}

/// What could not be read again would cost the state that it replaces, at the next start.
#[test]
fn what_is_too_large_to_be_read_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let slots = Slots::open(folder.path(), FORM).unwrap();
    let frame = |generation, length| Frame {
        generation,
        state: vec![b' '; length],
    };
    let lock = slots.lock().unwrap();
    lock.write(&frame(1, 10)).unwrap();
    let error = lock.write(&frame(2, 17 << 20)).unwrap_err();
    assert!(
        matches!(
            error,
            StoreError::Io {
                action: "write",
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(lock.read().unwrap().frame, Some(frame(1, 10)));
}
