//! `octroi repo`: publish policies.

use std::{
    env,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use octroi_core::{Deployment, visible};
use octroi_publish::{
    Delegation, Draft, Folder, Holder, Holders, PublishError, Published, Scope, Signer,
    verify as walk,
};

use crate::{
    Outcome,
    arguments::repo::{
        Add, Delegate, HeldBy, Init, Key, Passphrase, Refresh, RepoCommand, Repository, Rotate,
        Sign, Signing, Verify,
    },
    authored::Authored,
    failure::Failure,
    files, page, policy,
    rules::now,
};

/// Where a passphrase may stand.
const PASSPHRASE: &str = "OCTROI_PASSPHRASE";

pub(crate) fn repo(command: &RepoCommand) -> Result<Outcome, Failure> {
    match command {
        RepoCommand::Key(arguments) => key(arguments),
        RepoCommand::Init(arguments) => init(arguments),
        RepoCommand::Delegate(arguments) => delegate(arguments),
        RepoCommand::Add(arguments) => add(arguments),
        RepoCommand::Sign(arguments) => sign(arguments),
        RepoCommand::Rotate(arguments) => rotate(arguments),
        RepoCommand::Refresh(arguments) => refresh(arguments),
        RepoCommand::Verify(arguments) => verify(arguments),
    }
}

fn key(arguments: &Key) -> Result<Outcome, Failure> {
    let signer = Signer::generate()?;
    let passphrase = match arguments.passphrase.given()? {
        Some(passphrase) => passphrase,
        None => {
            let first = ask("A passphrase for the new key (none: not encrypted): ")?;
            if first != ask("The same again: ")? {
                return Err(Failure::new(
                    "the passphrase",
                    "another one the second time",
                    "the same twice",
                ));
            }
            first
        }
    };
    let public = arguments.file.with_extension("pub.pem");
    files::create(&public, signer.holder().to_pem()?.as_bytes(), 0o644)?;
    if let Err(failure) = files::create(
        &arguments.file,
        signer.to_pem(&passphrase)?.as_bytes(),
        0o600,
    ) {
        // A public key without the other is of no use.
        let _ = fs::remove_file(&public);
        return Err(failure);
    }
    page::print(&format!("{}\n", signer.holder().id()))?;
    Ok(Outcome::Good)
}

fn init(arguments: &Init) -> Result<Outcome, Failure> {
    let mut folder = Folder::new(&arguments.folder, now())?;
    folder.init(&arguments.holders.read()?, arguments.signing.days)?;
    finish(folder, &arguments.signing)
}

fn delegate(arguments: &Delegate) -> Result<Outcome, Failure> {
    let mut folder = arguments.repository.open()?;
    let delegation = Delegation {
        name: arguments.name.clone(),
        holders: holders(&arguments.holder)?,
        threshold: arguments.threshold,
        scope: match arguments.deployments {
            true => Scope::Deployments,
            false => Scope::Policies(arguments.policy.clone()),
        },
    };
    folder.delegate(&delegation, arguments.signing.days)?;
    finish(folder, &arguments.signing)
}

fn add(arguments: &Add) -> Result<Outcome, Failure> {
    let mut folder = arguments.repository.open()?;
    let days = arguments.signing.days;
    match &arguments.deployment {
        Some(name) => {
            let authored = Authored::read(&arguments.file)?;
            authored.parse(Deployment::from_json)?;
            folder.add_deployment(name, authored.json(), days)?;
        }
        None => {
            let policy = policy::find(&arguments.file.display().to_string())?;
            folder.add_policy(&policy, days)?;
        }
    }
    finish(folder, &arguments.signing)
}

fn sign(arguments: &Sign) -> Result<Outcome, Failure> {
    if !arguments.path.is_file() {
        let mut folder = Folder::open(&arguments.path, now())?;
        for file in &arguments.merge {
            folder.merge(file)?;
        }
        return finish(folder, &arguments.signing);
    }
    let path = &arguments.path;
    if let Some(merge) = arguments.merge.first() {
        return Err(Failure::new(
            "--merge",
            merge.display().to_string(),
            "the folder of the repository to merge it into",
        ));
    }
    let mut draft = Draft::read(path)?;
    print_lines(&draft.to_string())?;
    for signer in arguments.signing.signers()? {
        draft.sign(&signer)?;
        page::print(&format!("signed by {}\n", signer.holder().id()))?;
    }
    fs::write(path, draft.to_json()?).map_err(|error| Failure::io(path, &error))?;
    Ok(Outcome::Good)
}

fn rotate(arguments: &Rotate) -> Result<Outcome, Failure> {
    let mut folder = arguments.repository.open()?;
    folder.rotate(&arguments.holders.read()?, arguments.signing.days)?;
    finish(folder, &arguments.signing)
}

fn refresh(arguments: &Refresh) -> Result<Outcome, Failure> {
    let mut folder = arguments.repository.open()?;
    for role in &arguments.renew {
        folder.renew(role, arguments.signing.days)?;
    }
    let signing = &arguments.signing;
    let signers = signing.signers()?;
    folder.sign(&signers)?;
    if !arguments.renew.is_empty() && !folder.is_published_by(&signers)? {
        return report(folder, None);
    }
    let published = folder.publish(&signers, signing.timestamp_days, signing.snapshot_days)?;
    report(folder, Some(published))
}

/// Signs with the keys that there are, publishes if they are those that do, and says what waits.
fn finish(mut folder: Folder, signing: &Signing) -> Result<Outcome, Failure> {
    let signers = signing.signers()?;
    folder.sign(&signers)?;
    let mut published = None;
    if folder.is_published_by(&signers)? {
        published = match folder.publish(&signers, signing.timestamp_days, signing.snapshot_days) {
            // Nothing was published before, or nothing fits together yet: it waits.
            Err(PublishError::Waits { .. }) => None,
            published => Some(published?),
        };
    }
    report(folder, published)
}

fn report(mut folder: Folder, published: Option<Published>) -> Result<Outcome, Failure> {
    let waiting = folder.waiting()?;
    folder.save()?;
    let mut text = String::new();
    if let Some(published) = published {
        for path in published.files {
            let _ = writeln!(text, "published: {path}");
        }
        for why in published.passed_over {
            let _ = writeln!(text, "passed over: {}: {why}", why.place());
        }
    }
    for waiting in waiting {
        let _ = writeln!(text, "waits: {waiting}");
    }
    page::print(&text)?;
    Ok(Outcome::Good)
}

fn verify(arguments: &Verify) -> Result<Outcome, Failure> {
    let root = match &arguments.root {
        Some(root) => root.clone(),
        None => arguments.repository.folder.join("metadata/1.root.json"),
    };
    let root = fs::read(&root).map_err(|error| Failure::io(&root, &error))?;
    let seen = walk(
        &arguments.repository.folder,
        &root,
        arguments.at.unwrap_or_else(now),
    )?;
    print_lines(&seen.to_string())?;
    Ok(if seen.is_good() {
        Outcome::Good
    } else {
        Outcome::Bad
    })
}

impl Repository {
    fn open(&self) -> Result<Folder, Failure> {
        Ok(Folder::open(&self.folder, now())?)
    }
}

impl HeldBy {
    fn read(&self) -> Result<Holders, Failure> {
        Ok(Holders {
            root: holders(&self.root)?,
            // One alone would be a key that everything hangs on.
            root_threshold: self.root_threshold.unwrap_or(2),
            targets: holders(&self.targets)?,
            targets_threshold: self.targets_threshold.unwrap_or(1),
            snapshot: holders(&self.snapshot)?,
            timestamp: holders(&self.timestamp)?,
        })
    }
}

fn holders(files: &[PathBuf]) -> Result<Vec<Holder>, Failure> {
    let read =
        |path: &PathBuf| Holder::from_pem(&text(path)?).map_err(|error| of_file(path, &error));
    files.iter().map(read).collect()
}

impl Signing {
    fn signers(&self) -> Result<Vec<Signer>, Failure> {
        let read = |path: &PathBuf| {
            let pem = text(path)?;
            let passphrase = match self.passphrase.given()? {
                _ if !Signer::is_encrypted(&pem) => String::new(),
                Some(passphrase) => passphrase,
                None => ask(&format!("The passphrase of {}: ", path.display()))?,
            };
            Signer::from_pem(&pem, &passphrase).map_err(|error| of_file(path, &error))
        };
        self.key.iter().map(read).collect()
    }
}

impl Passphrase {
    /// What stands in a file or in the environment.
    fn given(&self) -> Result<Option<String>, Failure> {
        match &self.passphrase_file {
            Some(path) => Ok(Some(text(path)?.trim_end_matches(['\r', '\n']).to_owned())),
            None => Ok(env::var(PASSPHRASE).ok()),
        }
    }
}

fn ask(prompt: &str) -> Result<String, Failure> {
    rpassword::prompt_password(prompt).map_err(|error| {
        let expected = format!("a terminal to ask for it, --passphrase-file, or {PASSPHRASE}");
        Failure::new("the passphrase", error.to_string(), expected)
    })
}

/// What stands in files of others may be anything.
fn print_lines(text: &str) -> Result<(), Failure> {
    let mut lines = text.lines();
    lines.try_for_each(|line| page::print(&format!("{}\n", visible(line))))
}

fn text(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| Failure::io(path, &error))
}

fn of_file(path: &Path, error: &PublishError) -> Failure {
    Failure::new(path.display(), error.to_string(), error.expected())
}

impl From<PublishError> for Failure {
    fn from(error: PublishError) -> Self {
        Failure::new(error.place(), error.to_string(), error.expected())
    }
}
