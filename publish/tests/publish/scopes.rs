//! What a role may sign, as those see it who hand it on, and what becomes of it when it gets less.

use std::fs;

use octroi_core::PolicyId;
use octroi_publish::{Draft, Folder, PublishError, Scope};
use serde_json::{Value, json};

use crate::publisher::{LOCAL, NOW, Publisher, REGION, delegation, policies, policy, sign};

/// A machine that was taken over hands a policy on to the device management; who holds `targets` sees it before signing.
#[test]
fn who_hands_documents_on_reads_which() {
    let publisher = Publisher::new();
    let mut folder = publisher.open(NOW);
    let moved = delegation("mdm", &publisher.mdm, Scope::Deployments);
    folder.delegate(&moved, 365).unwrap();
    folder.save().unwrap();
    let path = publisher.path().join("pending/2.targets.json");
    let honest = Draft::read(&path).unwrap().to_string();
    assert!(
        honest.contains("handed on to mdm, and to no role after it:"),
        "{honest}"
    );
    assert!(honest.contains("    deployments/*.json\n"), "{honest}");
    assert!(
        honest.contains("    policies/be-brussels-local/*.json\n"),
        "{honest}"
    );

    let mut metadata: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let roles = metadata["signed"]["delegations"]["roles"]
        .as_array_mut()
        .unwrap();
    for role in roles.iter_mut().filter(|role| role["name"] == "mdm") {
        role["paths"] = json!(["deployments/*.json", "policies/be-elsewhere/*.json"]);
        role["terminating"] = false.into();
    }
    roles[0].as_object_mut().unwrap().remove("paths");
    roles[0]["path_hash_prefixes"] = json!(["a7"]);
    fs::write(&path, metadata.to_string()).unwrap();
    let shown = Draft::read(&path).unwrap().to_string();
    assert!(shown.contains("handed on to mdm:\n"), "{shown}");
    assert!(
        shown.contains("    policies/be-elsewhere/*.json\n"),
        "{shown}"
    );
    assert!(shown.contains("the sha256 a7…\n"), "{shown}");
}

/// An issuer that no longer signs a policy goes on signing its others, and the number of what phones have is not given again.
#[test]
fn a_role_can_be_given_less_to_sign() {
    let publisher = Publisher::new();
    let elsewhere = PolicyId::new("be-elsewhere").unwrap();
    let (local, both) = (policies(LOCAL), both(&elsewhere));
    let moved = policy(LOCAL, |document| document["id"] = "be-elsewhere".into());
    let mut folder = publisher.open(NOW);
    let give = |folder: &mut Folder, scope: &Scope| {
        let brussels = delegation("brussels", &publisher.brussels, scope.clone());
        folder.delegate(&brussels, 365).unwrap();
        sign(folder, &publisher.targets);
        sign(folder, &publisher.brussels);
        publisher.publish(folder).unwrap();
    };
    give(&mut folder, &both);
    folder.add_policy(&moved, 365).unwrap();
    sign(&mut folder, &publisher.brussels);
    publisher.publish(&mut folder).unwrap();
    give(&mut folder, &local);
    give(&mut folder, &both);
    let again = folder.add_policy(&moved, 365).unwrap_err();
    assert!(
        matches!(again, PublishError::NotHigher { known: 2, .. }),
        "{again}"
    );
    folder.add_policy(&policy(LOCAL, |_| {}), 365).unwrap();
    sign(&mut folder, &publisher.brussels);
    publisher.publish(&mut folder).unwrap();
    folder.save().unwrap();
    let seen = publisher.verify(NOW).unwrap();
    assert!(
        seen.is_good() && !seen.to_string().contains("be-elsewhere"),
        "{seen}"
    );
}

/// What was dropped while it only waited leaves nothing behind.
#[test]
fn what_waited_and_is_dropped_is_gone() {
    let publisher = Publisher::new();
    let elsewhere = PolicyId::new("be-elsewhere").unwrap();
    let mut folder = publisher.open(NOW);
    let wide = delegation("brussels", &publisher.brussels, both(&elsewhere));
    folder.delegate(&wide, 365).unwrap();
    let moved = policy(LOCAL, |document| document["id"] = "be-elsewhere".into());
    folder.add_policy(&moved, 365).unwrap();
    let narrow = delegation("brussels", &publisher.brussels, policies(LOCAL));
    folder.delegate(&narrow, 365).unwrap();
    folder.save().unwrap();
    let tree = publisher.tree();
    assert!(
        !tree.keys().any(|name| name.contains("be-elsewhere")),
        "{:?}",
        tree.keys()
    );
}

/// An issuer signs what `targets` has not given it yet: what others sign is published meanwhile, and this once it is given.
#[test]
fn what_no_phone_takes_yet_holds_nobody_up() {
    let publisher = Publisher::new();
    let elsewhere = PolicyId::new("be-elsewhere").unwrap();
    let mut folder = publisher.open(NOW);
    let wide = delegation("brussels", &publisher.brussels, both(&elsewhere));
    folder.delegate(&wide, 365).unwrap();
    let moved = policy(LOCAL, |document| document["id"] = "be-elsewhere".into());
    folder.add_policy(&moved, 365).unwrap();
    sign(&mut folder, &publisher.brussels);
    folder.add_policy(&policy(REGION, |_| {}), 365).unwrap();
    sign(&mut folder, &publisher.region);

    let online = std::slice::from_ref(&publisher.online);
    let published = folder.publish(online, 7, 90).unwrap();
    assert!(
        published
            .files
            .contains(&"metadata/2.region.json".to_owned())
    );
    assert!(
        matches!(&published.passed_over[..], [PublishError::Untaken { role, .. }] if role == "brussels"),
        "{published:?}"
    );
    sign(&mut folder, &publisher.targets);
    let published = publisher.publish(&mut folder).unwrap();
    assert!(
        published.contains(&"metadata/2.brussels.json".to_owned()),
        "{published:?}"
    );
    folder.save().unwrap();
    assert!(publisher.verify(NOW).unwrap().is_good());
}

fn both(second: &PolicyId) -> Scope {
    Scope::Policies(vec![PolicyId::new(LOCAL).unwrap(), second.clone()])
}
