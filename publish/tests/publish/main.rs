//! Those who publish, on machines of their own, and what phones then see.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod editor;
mod publisher;
mod scopes;

use std::fs;

use octroi_core::PolicyId;
use octroi_publish::{Draft, Folder, Holder, PublishError, Signer};
use octroi_updates::UpdateError;
use serde_json::{Value, json};

use publisher::{
    LOCAL, NEXT_WEEK, NEXT_YEAR, NOW, Publisher, REGION, at, delegation, holder, policies, policy,
    sign,
};

#[test]
fn a_key_is_opened_by_its_passphrase_alone() {
    let signer = Signer::generate().unwrap();
    let pem = signer.to_pem("four words and more").unwrap();
    assert!(Signer::is_encrypted(&pem));
    let opened = Signer::from_pem(&pem, "four words and more").unwrap();
    assert_eq!(opened.holder(), signer.holder());
    assert!(Signer::from_pem(&pem, "another").is_err());
    let plain = signer.to_pem("").unwrap();
    assert_eq!(
        Signer::from_pem(&plain, "").unwrap().holder(),
        signer.holder()
    );
    let public = signer.holder().to_pem().unwrap();
    assert_eq!(&Holder::from_pem(&public).unwrap(), signer.holder());
}

/// Made by `openssl genpkey -algorithm ed25519 -aes256`: another way of PKCS#5 from a passphrase to a key.
#[test]
fn a_key_that_openssl_made_signs_too() {
    let pem = "\
-----BEGIN ENCRYPTED PRIVATE KEY-----\n\
MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAj+P4/v9S2NHgICCAAw\n\
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEB1Kvb/5v5rGALHZw851atgEQAFa\n\
w1ZdOWRZR9B1dL/v/ce1Hyk3ubRMvYyfmCsAjkl+/K838ogzRjByWiDpGwmqMArJ\n\
mJRuZtD8D8rv0TGJ+Ig=\n\
-----END ENCRYPTED PRIVATE KEY-----\n";
    let signer = Signer::from_pem(pem, "y").unwrap();
    assert_eq!(
        signer.holder().id(),
        "ed8dcd13b19ebcb27d582ab445a4146ef0fc5161ce33dd1941adf54159d60a11"
    );
}

/// One holder of the root who goes over to the other side changes nothing alone.
#[test]
fn a_root_waits_for_as_many_as_both_roots_ask_for() {
    let publisher = Publisher::new();
    let new = Signer::generate().unwrap();
    let mut folder = publisher.open(NOW);
    let mut holders = publisher.holders();
    holders.root = vec![holder(&publisher.roots[0]), holder(&new)];
    folder.rotate(&holders, 365).unwrap();
    sign(&mut folder, &publisher.targets);
    sign(&mut folder, &publisher.roots[0]);
    // Two of the new root, and one of the old.
    sign(&mut folder, &new);
    assert!(
        !publisher
            .publish(&mut folder)
            .unwrap()
            .contains(&"metadata/2.root.json".to_owned())
    );
    sign(&mut folder, &publisher.roots[1]);
    assert!(
        publisher
            .publish(&mut folder)
            .unwrap()
            .contains(&"metadata/2.root.json".to_owned())
    );
    folder.save().unwrap();
    assert!(publisher.verify(NOW).unwrap().is_good());
}

/// Whoever takes the wrong key hears of it, and does not go home believing that it is signed.
#[test]
fn a_key_that_holds_no_role_signs_nothing() {
    let publisher = Publisher::new();
    let mut folder = publisher.open(NOW);
    folder.rotate(&publisher.holders(), 365).unwrap();
    let nobody = Signer::generate().unwrap();
    assert!(matches!(
        folder.sign(&[nobody]),
        Err(PublishError::HoldsNothing { .. })
    ));
}

#[test]
fn signatures_of_others_and_of_something_else_are_not_merged() {
    let publisher = Publisher::new();
    let mut folder = publisher.open(NOW);
    folder.rotate(&publisher.holders(), 365).unwrap();
    folder.save().unwrap();
    let elsewhere = publisher.home.path().join("2.root.json");
    let draft = || Draft::read(&publisher.path().join("pending/2.root.json")).unwrap();

    let mut by_another = draft();
    by_another.sign(&publisher.mdm).unwrap();
    fs::write(&elsewhere, by_another.to_json().unwrap()).unwrap();
    assert!(matches!(
        folder.merge(&elsewhere),
        Err(PublishError::Signature { .. })
    ));

    // Signed, and the signature changed on the way.
    let mut broken = draft();
    broken.sign(&publisher.roots[2]).unwrap();
    let mut document: Value = serde_json::from_slice(&broken.to_json().unwrap()).unwrap();
    document["signatures"][0]["sig"] = "00".repeat(64).into();
    fs::write(&elsewhere, document.to_string()).unwrap();
    assert!(matches!(
        folder.merge(&elsewhere),
        Err(PublishError::Signature { .. })
    ));

    // Changed, and signed by who may.
    let mut document: Value = serde_json::from_slice(&draft().to_json().unwrap()).unwrap();
    document["signed"]["roles"]["root"]["threshold"] = 1.into();
    fs::write(&elsewhere, document.to_string()).unwrap();
    let mut changed = Draft::read(&elsewhere).unwrap();
    changed.sign(&publisher.roots[2]).unwrap();
    fs::write(&elsewhere, changed.to_json().unwrap()).unwrap();
    assert!(matches!(
        folder.merge(&elsewhere),
        Err(PublishError::SignedSomethingElse { .. })
    ));

    let mut right = draft();
    right.sign(&publisher.roots[2]).unwrap();
    fs::write(&elsewhere, right.to_json().unwrap()).unwrap();
    folder.merge(&elsewhere).unwrap();
    let waiting = folder.waiting().unwrap();
    assert_eq!(
        waiting
            .iter()
            .find(|one| one.path.contains("root"))
            .unwrap()
            .found,
        1
    );
}

#[test]
fn what_phones_would_refuse_is_not_added() {
    let publisher = Publisher::new();
    let mut folder = publisher.open(NOW);
    let shipped = policy(LOCAL, |document| document["version"] = 1.into());
    let refused = folder.add_policy(&shipped, 365).unwrap_err();
    assert!(
        matches!(refused, PublishError::NotHigher { known: 1, .. }),
        "{refused}"
    );
    let untried = policy(LOCAL, |document| document["scenarios"] = json!([]));
    let refused = folder.add_policy(&untried, 365).unwrap_err();
    assert!(
        refused.to_string().contains("it has no scenarios"),
        "{refused}"
    );
    let mistaken = policy(LOCAL, |document| {
        let scenarios = document["scenarios"].as_array_mut().unwrap();
        scenarios[0]["expect"]["decision"] = "deny".into();
    });
    let refused = folder.add_policy(&mistaken, 365).unwrap_err();
    assert!(
        refused
            .to_string()
            .contains("does not turn out as expected"),
        "{refused}"
    );
    let foreign = policy(LOCAL, |document| document["id"] = "be-elsewhere".into());
    let refused = folder.add_policy(&foreign, 365).unwrap_err();
    assert!(
        matches!(refused, PublishError::NobodySigns { .. }),
        "{refused}"
    );

    // What only waits may be corrected; what phones have may not.
    let right = policy(LOCAL, |_| {});
    folder.add_policy(&right, 365).unwrap();
    folder.add_policy(&right, 365).unwrap();
    sign(&mut folder, &publisher.brussels);
    publisher.publish(&mut folder).unwrap();
    let refused = folder.add_policy(&right, 365).unwrap_err();
    assert!(
        matches!(refused, PublishError::NotHigher { known: 2, .. }),
        "{refused}"
    );
    folder.save().unwrap();
    assert!(
        publisher
            .verify(NOW)
            .unwrap()
            .to_string()
            .contains("a phone takes version 2")
    );
}

/// Whoever holds the key of the device management cannot publish a policy with it.
#[test]
fn nothing_is_published_that_its_role_may_not_sign() {
    let publisher = Publisher::new();
    let mut folder = publisher.open(NOW);
    folder.add_policy(&policy(LOCAL, |_| {}), 365).unwrap();
    let deployment = PolicyId::new("evere").unwrap();
    folder
        .add_deployment(
            &deployment,
            b"{ \"policies\": [\"be-brussels-local\"] }",
            365,
        )
        .unwrap();
    folder.save().unwrap();
    let pending = publisher.path().join("pending");
    let read = |name: &str| -> Value {
        serde_json::from_slice(&fs::read(pending.join(name)).unwrap()).unwrap()
    };
    let mut forged = read("2.mdm.json");
    forged["signed"]["targets"] = read("2.brussels.json")["signed"]["targets"].clone();
    fs::write(pending.join("2.mdm.json"), forged.to_string()).unwrap();
    fs::remove_file(pending.join("2.brussels.json")).unwrap();
    drop(folder);

    let mut folder = publisher.open(NOW);
    sign(&mut folder, &publisher.mdm);
    let refused = publisher.publish(&mut folder).unwrap_err();
    assert!(matches!(refused, PublishError::Untaken { .. }), "{refused}");
    folder.save().unwrap();
    let tree = publisher.tree();
    assert!(tree.contains_key("pending/2.mdm.json") && !tree.contains_key("metadata/2.mdm.json"));
}

/// A web server may have handed out what stands under a number, and a cache may keep it.
#[test]
fn who_has_not_signed_holds_nobody_up_and_what_is_numbered_stays() {
    let publisher = Publisher::new();
    let mut folder = publisher.open(NOW);
    folder.rotate(&publisher.holders(), 365).unwrap();
    folder.add_policy(&policy(REGION, |_| {}), 365).unwrap();
    folder.add_policy(&policy(LOCAL, |_| {}), 365).unwrap();
    sign(&mut folder, &publisher.brussels);
    let before = publisher.tree();
    publisher.publish(&mut folder).unwrap();
    folder.save().unwrap();
    let after = publisher.tree();
    for (name, content) in before {
        assert!(
            name == "metadata/timestamp.json" || after[&name] == content,
            "{name}"
        );
    }
    let seen = publisher.verify(NOW).unwrap().to_string();
    assert!(seen.contains("version 2 of be-brussels-local"), "{seen}");
    assert!(!seen.contains("be-brussels-region"), "{seen}");
    assert!(after.contains_key("pending/2.region.json"));
}

#[test]
fn what_fails_half_way_leaves_the_folder_as_it_was() {
    let publisher = Publisher::new();
    // Nothing can be written there: it is a folder.
    let obstacle = publisher.path().join("metadata/2.snapshot.json/x");
    fs::create_dir_all(obstacle.parent().unwrap()).unwrap();
    fs::write(&obstacle, "").unwrap();
    let before = publisher.tree();
    let mut folder = publisher.open(NOW);
    folder.add_policy(&policy(LOCAL, |_| {}), 365).unwrap();
    sign(&mut folder, &publisher.brussels);
    publisher.publish(&mut folder).unwrap();
    assert!(matches!(folder.save(), Err(PublishError::File { .. })));
    assert_eq!(publisher.tree(), before);
}

#[test]
fn a_timestamp_ends_and_is_signed_anew() {
    let publisher = Publisher::new();
    let ended = publisher.verify(NEXT_WEEK).unwrap_err();
    let PublishError::Unbelievable(UpdateError::Expired { role, .. }) = &ended else {
        panic!("{ended}");
    };
    assert!(role.contains("timestamp"), "{role}");
    let mut folder = publisher.open(NEXT_WEEK);
    // Nothing but the timestamp: a phone fetches one file.
    assert_eq!(
        publisher.publish(&mut folder).unwrap(),
        ["metadata/timestamp.json"]
    );
    folder.save().unwrap();
    assert!(publisher.verify(NEXT_WEEK).unwrap().is_good());
}

/// An issuer that forgets about it costs phones its own policies only.
#[test]
fn an_issuer_whose_year_has_ended_holds_nobody_up() {
    let publisher = Publisher::new();
    let mut folder = publisher.open(NEXT_YEAR);
    assert!(publisher.publish(&mut folder).is_err());
    folder.renew("root", 365).unwrap();
    folder.renew("targets", 365).unwrap();
    folder.renew("brussels", 365).unwrap();
    let Publisher {
        roots: [one, two, _],
        targets,
        brussels,
        ..
    } = &publisher;
    for signer in [one, two, targets, brussels] {
        sign(&mut folder, signer);
    }
    publisher.publish(&mut folder).unwrap();
    folder.save().unwrap();
    let seen = publisher.verify(NEXT_YEAR).unwrap();
    let region = seen
        .roles
        .iter()
        .find(|role| role.name == "region")
        .unwrap();
    assert!(region.signed.is_err());
    let brussels = seen
        .roles
        .iter()
        .find(|role| role.name == "brussels")
        .unwrap();
    assert!(brussels.signed.is_ok());
}

#[test]
fn no_role_gets_what_another_has_and_no_threshold_is_out_of_reach() {
    let publisher = Publisher::new();
    let mut folder = publisher.open(NOW);
    let taken = delegation("second", &publisher.mdm, policies(LOCAL));
    assert!(matches!(
        folder.delegate(&taken, 365),
        Err(PublishError::Taken { .. })
    ));
    let mut unreachable = delegation("brussels", &publisher.brussels, policies(LOCAL));
    unreachable.threshold = 2;
    assert!(matches!(
        folder.delegate(&unreachable, 365),
        Err(PublishError::Threshold { .. })
    ));
    for name in ["root", "../up", "", "1.root"] {
        let named = delegation(name, &publisher.mdm, policies("be-other"));
        let refused = folder.delegate(&named, 365);
        assert!(
            matches!(refused, Err(PublishError::RoleName { .. })),
            "{name}"
        );
    }
}

#[test]
fn two_do_not_work_on_one_folder() {
    let publisher = Publisher::new();
    let first = publisher.open(NOW);
    let second = Folder::open(&publisher.path(), at(NOW));
    assert!(matches!(second, Err(PublishError::Busy { .. })));
    drop(first);
    publisher.open(NOW);
    let new = Folder::new(&publisher.path(), at(NOW));
    assert!(matches!(new, Err(PublishError::Exists { .. })));
}
