"""A repository of policies as python-tuf writes one: delegated roles, consistent snapshots, nothing of ours."""

import hashlib
from datetime import datetime, timedelta, timezone
from pathlib import Path

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import (
    DelegatedRole, Delegations, Metadata, MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp,
)
from tuf.api.serialization.json import JSONSerializer

TOP = ["root", "timestamp", "snapshot", "targets"]


class Author:
    """Roles and keys, and what they sign."""

    def __init__(self, folder):
        self.folder = Path(folder)
        expires = datetime.now(timezone.utc).replace(microsecond=0) + timedelta(days=30)
        self.signers = {name: [CryptoSigner.generate_ed25519()] for name in TOP}
        self.root = Root(expires=expires, consistent_snapshot=True)
        self.timestamp = Timestamp(expires=expires)
        self.snapshot = Snapshot(expires=expires)
        self.targets = Targets(expires=expires)
        self.targets.delegations = Delegations({}, {})
        self.delegated = {}
        self.expires = expires
        for name in TOP:
            self.root.add_key(self.signers[name][0].public_key, name)

    def hold(self, name, *signers):
        """These hold a role at the top, instead of those that do."""
        for keyid in list(self.root.roles[name].keyids):
            self.root.revoke_key(keyid, name)
        for signer in signers:
            self.root.add_key(signer.public_key, name)
        self.signers[name] = list(signers)

    def delegate(self, name, paths, threshold=1, holders=1):
        signers = [CryptoSigner.generate_ed25519() for _ in range(holders)]
        role = DelegatedRole(name, [], threshold, True, paths)
        self.targets.delegations.roles[name] = role
        for signer in signers:
            self.targets.add_key(signer.public_key, name)
        self.signers[name] = signers
        self.delegated[name] = Targets(expires=self.expires)

    def add(self, role, path, content):
        target = TargetFile.from_data(path, content, ["sha256"])
        self.delegated[role].targets[path] = target
        place = Path(path)
        digest = hashlib.sha256(content).hexdigest()
        file = self.folder / "targets" / place.parent / f"{digest}.{place.name}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

    def rotate(self, *signers):
        """Another root, signed by the holders of both."""
        before = self.signers["root"]
        self.root.version += 1
        self.hold("root", *signers)
        self.write("root", self.root, before + list(signers))

    def count_on(self):
        """What is written next is newer than what is there."""
        for role in [self.targets, self.snapshot, self.timestamp, *self.delegated.values()]:
            role.version += 1

    def publish(self):
        if self.root.version == 1:
            self.write("root", self.root, self.signers["root"])
        for name, role in [("targets", self.targets), *self.delegated.items()]:
            self.snapshot.meta[f"{name}.json"] = self.write(name, role, self.signers[name])
        pinned = self.write("snapshot", self.snapshot, self.signers["snapshot"])
        self.timestamp.snapshot_meta = pinned
        self.write("timestamp", self.timestamp, self.signers["timestamp"])

    def write(self, name, role, signers):
        metadata = Metadata(role)
        for signer in signers:
            metadata.sign(signer, append=True)
        content = metadata.to_bytes(JSONSerializer(compact=False))
        file = "timestamp.json" if name == "timestamp" else f"{role.version}.{name}.json"
        path = self.folder / "metadata" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return MetaFile.from_data(role.version, content, ["sha256"])
