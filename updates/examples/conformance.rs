//! The client under test of the public conformance suite for The Update Framework
//! (<https://github.com/theupdateframework/tuf-conformance>), around this crate's repository, store and signatures:
//!
//! ```console
//! $ cargo build --package octroi-updates --example conformance
//! $ pytest tuf_conformance --entrypoint target/debug/examples/conformance
//! ```
#![expect(clippy::print_stderr, reason = "a command speaks")]

use std::{
    collections::BTreeMap,
    env,
    error::Error,
    fs,
    io::Read,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use octroi_core::Instant;
use octroi_store::{Form, Frame, Slots};
use octroi_updates::{Repository, Transport, TransportError};
use sha2::{Digest, Sha256};

type Outcome = Result<(), Box<dyn Error>>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome {
    let arguments = Arguments::read();
    let metadata = PathBuf::from(arguments.one("--metadata-dir")?);
    let root = metadata.join("pinned");
    match arguments.words.as_slice() {
        [command, file] if command == "init" => {
            fs::copy(file, &root)?;
            fs::copy(file, metadata.join("root.json"))?;
            Ok(())
        }
        [command] if command == "refresh" || command == "download" => {
            let transport = Arc::new(Http {
                metadata: arguments.one("--metadata-url")?.to_owned(),
                targets: arguments
                    .one("--target-base-url")
                    .unwrap_or_default()
                    .to_owned(),
            });
            let mut client = Client::open(&metadata, &fs::read(&root)?, transport)?;
            let done = client.refresh().and_then(|()| {
                let mut names = arguments.all("--target-name").iter();
                names.try_for_each(|name| {
                    client.download(name, Path::new(arguments.one("--target-dir")?))
                })
            });
            client.keep()?;
            done
        }
        other => Err(format!("found {other:?}, expected init, refresh or download").into()),
    }
}

struct Arguments {
    words: Vec<String>,
    options: BTreeMap<String, Vec<String>>,
}

impl Arguments {
    fn read() -> Self {
        let (mut words, mut options) = (Vec::new(), BTreeMap::<_, Vec<_>>::new());
        let mut all = env::args().skip(1);
        while let Some(word) = all.next() {
            if word.starts_with("--") {
                options.entry(word).or_default().extend(all.next());
            } else {
                words.push(word);
            }
        }
        Self { words, options }
    }

    fn all(&self, option: &str) -> &[String] {
        self.options.get(option).map_or(&[], Vec::as_slice)
    }

    fn one(&self, option: &str) -> Result<&str, String> {
        let value = self.all(option).first();
        value
            .map(String::as_str)
            .ok_or_else(|| format!("no {option}"))
    }
}

struct Client {
    /// Where the suite looks at what is believed.
    shown: PathBuf,
    slots: Slots,
    repository: Repository,
    now: Instant,
}

impl Client {
    fn open(shown: &Path, root: &[u8], transport: Arc<Http>) -> Result<Self, Box<dyn Error>> {
        let form = Form {
            name: "conformance",
            format: 1,
        };
        let slots = Slots::open(&shown.join("state"), form)?;
        let kept = slots
            .lock()?
            .read()?
            .frame
            .map_or_else(|| b"{}".to_vec(), |frame| frame.state);
        Ok(Self {
            repository: Repository::new(root, serde_json::from_slice(&kept)?, transport)?,
            shown: shown.to_owned(),
            slots,
            now: now()?,
        })
    }

    fn refresh(&mut self) -> Outcome {
        Ok(self.repository.refresh(self.now)?)
    }

    fn download(&mut self, path: &str, folder: &Path) -> Outcome {
        let target = self.repository.find(path, self.now)?;
        let target = target.ok_or_else(|| format!("nobody signs `{path}`"))?;
        let file = folder.join(path.replace('/', "%2F"));
        let known = fs::read(&file).map(|known| Sha256::digest(&known));
        let is_known = known.is_ok_and(|digest| {
            let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            target.hashes.get("sha256") == Some(&digest)
        });
        if !is_known {
            fs::write(file, self.repository.fetch(&target, path)?)?;
        }
        Ok(())
    }

    fn keep(&self) -> Outcome {
        let metadata = self.repository.metadata();
        for name in metadata.names().filter(|name| !name.contains('/')) {
            fs::write(
                self.shown.join(name),
                metadata.get(name).unwrap_or_default(),
            )?;
        }
        let lock = self.slots.lock()?;
        let generation = lock.read()?.frame.map_or(0, |frame| frame.generation) + 1;
        let state = serde_json::to_vec(&metadata)?;
        Ok(lock.write(&Frame { generation, state })?)
    }
}

fn now() -> Result<Instant, Box<dyn Error>> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    Ok(Instant::from_unix_seconds(i64::try_from(now.as_secs())?))
}

struct Http {
    metadata: String,
    targets: String,
}

impl Transport for Http {
    fn fetch(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>, TransportError> {
        let failed = |error: &dyn std::fmt::Display| TransportError {
            reason: error.to_string(),
        };
        let (base, name) = match path.split_once('/') {
            Some(("metadata", name)) => (&self.metadata, name),
            Some(("targets", name)) => (&self.targets, name),
            _ => return Err(failed(&"neither metadata nor a target")),
        };
        let url = format!("{}/{name}", base.trim_end_matches('/'));
        let response = match ureq::get(&url).call() {
            Ok(response) => response,
            Err(ureq::Error::StatusCode(403 | 404)) => return Ok(None),
            Err(error) => return Err(failed(&error)),
        };
        let mut content = Vec::new();
        let reader = response.into_body().into_reader().take(most + 1);
        let read = { reader }.read_to_end(&mut content);
        read.map_err(|error| failed(&error))?;
        Ok(Some(content))
    }
}
