"""python-tuf and octroi on each other's repositories: `cases.py OCTROI PHONE WORK`, where WORK/ceremony is what docs/ceremony.sh left.

Each case prints one line, `passed: …` or `FAILED: …`."""

import contextlib
import json
import shutil
import subprocess
import sys
import traceback
from pathlib import Path

from author import Author
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from securesystemslib.signer import CryptoSigner, SSlibKey
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata
from tuf.ngclient import Updater

OCTROI, PHONE, WORK = sys.argv[1], sys.argv[2], Path(sys.argv[3])
CEREMONY = WORK / "ceremony"
WRITTEN = CEREMONY / "repository"
LOCAL = "be-brussels-local"
CASES = []


def case(function):
    CASES.append(function)
    return function


def folder(name):
    path = WORK / name
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


@contextlib.contextmanager
def served(path):
    """A plain web server, in a process of its own."""
    command = [sys.executable, "-u", "-m", "http.server", "--bind", "127.0.0.1", "--directory", path, "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        # Serving HTTP on 127.0.0.1 port 39451 (http://127.0.0.1:39451/) ...
        port = server.stdout.readline().split(" port ")[1].split()[0]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def octroi(*words, expected=0):
    done = subprocess.run([OCTROI, *map(str, words)], capture_output=True, text=True)
    assert done.returncode == expected, f"exit {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def policy(version):
    built = json.loads(octroi("policy", "build", f"{CEREMONY}/version-{NEXT}"))
    built["version"] = version
    return json.dumps(built).encode()


SHIPPED = json.loads(octroi("policy", "build", Path(__file__).parents[2] / "policies" / LOCAL))
NEXT = SHIPPED["version"] + 1
REGION = "be-brussels-region"
REGIONAL = json.loads(octroi("policy", "build", Path(__file__).parents[2] / "policies" / REGION))


# What `octroi repo` wrote, read by python-tuf.


def updater(name, url):
    cache, kept = folder(f"{name}/cache"), folder(f"{name}/kept")
    root = (CEREMONY / "app-root.json").read_bytes()
    return Updater(str(cache), f"{url}/metadata/", str(kept), f"{url}/targets/", bootstrap=root)


@case
def python_believes_it_from_the_first_root_on():
    with served(WRITTEN) as url:
        client = updater("python", url)
        client.refresh()
        root = Metadata.from_file(str(WORK / "python/cache/root.json"))
        assert root.signed.version == 3, root.signed.version


@case
def python_gets_every_document():
    with served(WRITTEN) as url:
        client = updater("python", url)
        for path in [f"policies/{LOCAL}/{NEXT}.json", "deployments/evere.json"]:
            found = client.get_targetinfo(path)
            assert found, path
            json.loads(Path(client.download_target(found)).read_bytes())
        assert client.get_targetinfo("policies/other/1.json") is None


@case
def python_refuses_a_document_that_was_changed():
    mirror = WORK / "changed"
    shutil.rmtree(mirror, ignore_errors=True)
    shutil.copytree(WRITTEN, mirror)
    for file in mirror.glob(f"targets/policies/{LOCAL}/*.json"):
        file.write_bytes(file.read_bytes().replace(b"tiktok", b"tiktak"))
    with served(mirror) as url:
        client = updater("python", url)
        found = client.get_targetinfo(f"policies/{LOCAL}/{NEXT}.json")
        try:
            client.download_target(found)
        except RepositoryError:
            return
        raise AssertionError("it was taken")


@case
def every_file_is_signed_as_python_reads_the_roles():
    def read(version, name):
        return Metadata.from_file(str(WRITTEN / f"metadata/{version}.{name}.json"))

    roots = [read(version, "root") for version in (1, 2, 3)]
    for before, after in zip(roots, roots[1:]):
        before.verify_delegate("root", after)
        after.verify_delegate("root", after)
    timestamp = Metadata.from_file(str(WRITTEN / "metadata/timestamp.json"))
    roots[-1].verify_delegate("timestamp", timestamp)
    snapshot = read(timestamp.signed.snapshot_meta.version, "snapshot")
    roots[-1].verify_delegate("snapshot", snapshot)
    targets = read(snapshot.signed.meta["targets.json"].version, "targets")
    roots[-1].verify_delegate("targets", targets)
    for name in targets.signed.delegations.roles:
        targets.verify_delegate(name, read(snapshot.signed.meta[f"{name}.json"].version, name))


@case
def keys_in_pem_have_the_ids_that_python_computes():
    for version, name in [(1, "root-c"), (2, "root-d"), (3, "online-2")]:
        pem = (CEREMONY / f"{name}.pub.pem").read_bytes()
        key = SSlibKey.from_crypto(load_pem_public_key(pem))
        root = Metadata.from_file(str(WRITTEN / f"metadata/{version}.root.json"))
        assert root.signed.keys[key.keyid] == key, name


# What python-tuf wrote, read by our client.


def author(name):
    new = Author(folder(name))
    new.delegate("brussels", [f"policies/{LOCAL}/*.json"])
    new.delegate("mdm", ["deployments/*.json"])
    return new


def seen(new, expected=0, *options):
    return octroi("repo", "verify", new.folder, *options, expected=expected)


@case
def a_phone_takes_what_python_published():
    new = author("plain")
    new.add("brussels", f"policies/{LOCAL}/{NEXT}.json", policy(NEXT))
    new.add("mdm", "deployments/evere.json", b'{ "policies": ["be-brussels-local"] }')
    new.publish()
    said = seen(new)
    assert f"a phone takes version {NEXT} of {LOCAL}" in said, said
    assert "a phone takes the deployment" in said, said


@case
def a_phone_follows_python_from_root_to_root():
    new = author("rotated")
    new.publish()
    new.rotate(CryptoSigner.generate_ed25519(), CryptoSigner.generate_ed25519())
    new.rotate(CryptoSigner.generate_ed25519())
    assert "root 3: until" in seen(new)


@case
def a_phone_takes_keys_on_p_256():
    new = author("p256")
    new.hold("timestamp", CryptoSigner.generate_ecdsa())
    new.publish()
    seen(new)


@case
def a_phone_takes_no_rsa_key():
    new = author("rsa")
    new.hold("timestamp", CryptoSigner.generate_rsa())
    new.publish()
    seen(new, 2)


@case
def a_phone_wants_the_threshold_of_an_issuer():
    new = author("threshold")
    new.delegate("brussels", [f"policies/{LOCAL}/*.json"], threshold=2, holders=2)
    new.add("brussels", f"policies/{LOCAL}/{NEXT}.json", policy(NEXT))
    new.publish()
    seen(new)
    new.signers["brussels"].pop()
    new.publish()
    assert "brussels: not believed" in seen(new, 1)


@case
def a_device_management_signs_no_policy():
    new = author("scope")
    new.add("mdm", f"policies/{LOCAL}/{NEXT}.json", policy(NEXT))
    new.publish()
    said = seen(new, 1)
    assert "its role may not sign it" in said and "a phone takes" not in said, said


@case
def a_phone_refuses_a_policy_that_is_none():
    new = author("refused")
    new.add("brussels", f"policies/{LOCAL}/{NEXT}.json", b'{ "format": 1 }')
    new.publish()
    assert f"a phone refuses version {NEXT} of {LOCAL}" in seen(new, 1)


@case
def a_phone_believes_nothing_that_has_expired():
    new = author("expired")
    new.publish()
    assert "expired" in seen(new, 2, "--at", "2099-01-01T00:00:00Z")


# A phone, a web server and a publisher, each a process.


def phone(command, url, *options, expected=0):
    kept = WORK / "phone"
    words = [PHONE, "--metadata-dir", kept, "--metadata-url", f"{url}/metadata"]
    words += ["--target-base-url", f"{url}/targets", "--target-dir", kept, *options, *command]
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True)
    assert (done.returncode == 0) == (expected == 0), f"exit {done.returncode}\n{done.stderr}"
    return done.stderr


@case
def a_phone_hears_of_a_new_version_and_goes_back_to_no_old_mirror():
    kept = folder("phone")
    phone(["init", CEREMONY / "app-root.json"], "http://127.0.0.1:9")
    mirror, old = WORK / "mirror", WORK / "old"
    for copy in (mirror, old):
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(WRITTEN, copy)
    first, second = (f"policies/{LOCAL}/{version}.json" for version in (NEXT, NEXT + 1))
    with served(mirror) as url:
        phone(["download"], url, "--target-name", first)
        phone(["download"], url, "--target-name", second, expected=1)

        higher = WORK / "higher"
        shutil.rmtree(higher, ignore_errors=True)
        shutil.copytree(CEREMONY / f"version-{NEXT}", higher)
        written = (higher / "policy.toml").read_text()
        written = written.replace(f"\nversion = {NEXT}\n", f"\nversion = {NEXT + 1}\n")
        (higher / "policy.toml").write_text(written)
        shutil.copy(CEREMONY / "catalogue.toml", WORK)
        phrase = WORK / "phrase"
        phrase.write_text("the passphrase of brussels-2\n")
        keys = ["--key", CEREMONY / "brussels-2.pem", "--key", CEREMONY / "online-2.pem"]
        octroi("repo", "add", mirror, higher, *keys, "--passphrase-file", phrase)
        phone(["download"], url, "--target-name", second)
    held = (kept / "timestamp.json").read_bytes()
    with served(old) as url:
        said = phone(["refresh"], url, expected=1)
        assert "rolled back" in said, said
    said = phone(["refresh"], url, expected=1)
    assert "cannot fetch" in said, said
    assert (kept / "timestamp.json").read_bytes() == held
    with served(mirror) as url:
        phone(["download"], url, "--target-name", second)


def closing(version):
    """The region's policy as a later government might decide it, with the situations that are still true of it."""
    closed = {**REGIONAL, "version": version}
    for rule in closed["rules"]:
        rule["personal"] = {"decision": "deny", "basis": rule["personal"]["basis"]}
    trial = WORK / "trial.json"
    scenarios = closed["scenarios"]
    closed["scenarios"] = []
    for scenario in scenarios:
        trial.write_text(json.dumps({**closed, "scenarios": [scenario]}))
        if subprocess.run([OCTROI, "policy", "test", trial], capture_output=True).returncode == 0:
            closed["scenarios"].append(scenario)
    assert closed["scenarios"], "no situation is left"
    return json.dumps(closed).encode()


@case
def a_check_closes_access_by_a_new_version_and_goes_back_to_no_old_mirror():
    new = author("closing")
    new.delegate("region", [f"policies/{REGION}/*.json"])
    new.publish()
    later = REGIONAL["version"] + 1
    root = WORK / "closing-root.json"
    shutil.copy(new.folder / "metadata/1.root.json", root)
    old = WORK / "closing-old"
    shutil.rmtree(old, ignore_errors=True)
    shutil.copytree(new.folder, old)
    record = WORK / "own-phone.json"
    own = {source: "none" for source in ("purchase", "subscription", "usage")}
    device = {"platform": "android", "ownership": "personal", "funding": own}
    apps = [{"id": "com.zhiliaoapp.musically"}]
    record.write_text(json.dumps({"device": device, "observations": [{"source": "platform", "apps": apps}]}))
    kept = ["--repo-root", root, "--repo-state", folder("closing-state")]
    words = ["check", record, "--policy", REGION, "--format", "json", *kept, "--repo"]
    with served(new.folder) as url:
        octroi(*words, url)
        new.add("region", f"policies/{REGION}/{later}.json", closing(later))
        new.count_on()
        new.publish()
        said = octroi(*words, url, expected=1)
        assert f"version {later} of {REGION} came" in said, said
        # Nothing is new, and what came still holds.
        assert "came" not in octroi(*words, url, expected=1)
    with served(old) as url:
        said = octroi(*words, url, expected=2)
        assert "rolled back" in said, said
    with served(new.folder) as url:
        octroi(*words, url, expected=1)
        # What is wrong with the file is said of the file.
        rootless = [record if word == root else word for word in words]
        assert f"error: {record}\n" in octroi(*rootless, url, expected=2)
    octroi(*words, "http://policies.example", expected=2)


@case
def what_was_published_under_a_number_never_changes():
    mirror = WORK / "steady"
    shutil.rmtree(mirror, ignore_errors=True)
    shutil.copytree(WRITTEN, mirror)
    octroi("repo", "refresh", mirror, "--key", CEREMONY / "online-2.pem")
    for file in WRITTEN.rglob("*.json"):
        if file.name != "timestamp.json":
            assert (mirror / file.relative_to(WRITTEN)).read_bytes() == file.read_bytes(), file


failed = 0
for function in CASES:
    name = function.__name__.replace("_", " ")
    try:
        function()
        print(f"passed: {name}", flush=True)
    except Exception:
        failed += 1
        traceback.print_exc()
        print(f"FAILED: {name}", flush=True)
sys.exit(failed > 0)
