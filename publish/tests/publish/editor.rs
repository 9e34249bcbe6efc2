//! Repositories that the editor of `tough` wrote, which is how others who use it would publish: our client takes them.

use std::{fs, num::NonZeroU64, path::PathBuf};

use octroi_publish::{Folder, Holders, Seen, Signer, verify};
use pkcs8::SecretDocument;
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tough::{
    TargetName,
    editor::RepositoryEditor,
    key_source::{KeySource, LocalKeySource},
    schema::{Hashes, PathPattern, PathSet, Target},
};

use crate::publisher::{LOCAL, NEXT_WEEK, NOW, at, holder, policy};

const ONE: NonZeroU64 = NonZeroU64::MIN;

/// The root is signed by people, in a ceremony; all else by the editor, with keys at hand.
struct Editor {
    home: TempDir,
    online: Signer,
    brussels: Signer,
}

impl Editor {
    fn new() -> Self {
        let editor = Self {
            home: tempfile::tempdir().unwrap(),
            online: Signer::generate().unwrap(),
            brussels: Signer::generate().unwrap(),
        };
        let roots = [Signer::generate().unwrap(), Signer::generate().unwrap()];
        let online = || vec![holder(&editor.online)];
        let holders = Holders {
            root: roots.iter().map(holder).collect(),
            root_threshold: 2,
            targets: online(),
            targets_threshold: 1,
            snapshot: online(),
            timestamp: online(),
        };
        let mut folder = Folder::new(&editor.path(), at(NOW)).unwrap();
        folder.init(&holders, 365).unwrap();
        folder.sign(&roots).unwrap();
        folder.save().unwrap();
        let root = editor.path().join("pending/1.root.json");
        fs::create_dir_all(editor.path().join("metadata")).unwrap();
        fs::rename(root, editor.path().join("metadata/1.root.json")).unwrap();
        fs::remove_dir_all(editor.path().join("pending")).unwrap();
        editor
    }

    fn path(&self) -> PathBuf {
        self.home.path().join("repository")
    }

    /// A key as the editor reads it.
    fn source(&self, name: &str, signer: &Signer) -> Vec<Box<dyn KeySource>> {
        let path = self.home.path().join(name);
        let (_, der) = SecretDocument::from_pem(&signer.to_pem("").unwrap()).unwrap();
        fs::write(&path, der.as_bytes()).unwrap();
        vec![Box::new(LocalKeySource { path })]
    }

    /// Lists version 2 of a policy under the role `brussels`, everything with that number.
    fn write(&self, number: u64, paths: &str, id: &str) {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        runtime.unwrap().block_on(async {
            let (online, brussels) = (
                self.source("online", &self.online),
                self.source("brussels", &self.brussels),
            );
            let number = NonZeroU64::new(number).unwrap();
            let until = "2026-12-05T12:00:00Z".parse().unwrap();
            let root = self.path().join("metadata/1.root.json");
            let mut editor = RepositoryEditor::new(root).await.unwrap();
            editor.targets_version(number).unwrap();
            editor.targets_expires(until).unwrap();
            editor.snapshot_version(number).snapshot_expires(until);
            editor.timestamp_version(number).timestamp_expires(until);
            let paths = PathSet::Paths(vec![PathPattern::new(paths).unwrap()]);
            editor
                .delegate_role("brussels", &brussels, paths, true, ONE, until, number)
                .await
                .unwrap();
            editor.sign_targets_editor(&online).await.unwrap();
            editor.change_delegated_targets("brussels").unwrap();
            let (name, target) = self.publish_policy(id);
            editor.add_target(name, target).unwrap();
            editor.targets_version(number).unwrap();
            editor.targets_expires(until).unwrap();
            editor.sign_targets_editor(&brussels).await.unwrap();
            let signed = editor.sign(&online).await.unwrap();
            signed.write(self.path().join("metadata")).await.unwrap();
        });
    }

    fn publish_policy(&self, id: &str) -> (TargetName, Target) {
        let content = policy(LOCAL, |document| document["id"] = id.into()).to_json();
        let digest = Sha256::digest(&content).to_vec();
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let folder = self.path().join("targets/policies").join(id);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("{hex}.2.json")), &content).unwrap();
        let target = Target {
            length: content.len() as u64,
            hashes: Hashes {
                sha256: digest.into(),
                _extra: Default::default(),
            },
            custom: Default::default(),
            _extra: Default::default(),
        };
        let name = TargetName::new(format!("policies/{id}/2.json"));
        (name.unwrap(), target)
    }

    fn seen(&self, now: &str) -> Result<Seen, String> {
        let root = fs::read(self.path().join("metadata/1.root.json")).unwrap();
        verify(&self.path(), &root, at(now)).map_err(|error| error.to_string())
    }
}

#[test]
fn what_the_editor_of_tough_wrote_is_taken() {
    let editor = Editor::new();
    editor.write(1, "policies/be-brussels-local/*.json", LOCAL);
    let seen = editor.seen(NOW).unwrap();
    assert!(seen.is_good(), "{seen}");
    let taken = format!("a phone takes version 2 of {LOCAL}");
    assert!(seen.to_string().contains(&taken), "{seen}");
    // Its numbers go on, and its days end.
    editor.write(2, "policies/be-brussels-local/*.json", LOCAL);
    let seen = editor.seen(NOW).unwrap();
    assert!(
        seen.is_good() && seen.to_string().contains("brussels 2"),
        "{seen}"
    );
    let ended = editor.seen(NEXT_WEEK).unwrap_err();
    assert!(ended.contains("expired"), "{ended}");
}
