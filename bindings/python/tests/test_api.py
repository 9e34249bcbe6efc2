"""What is handed in wrongly is named, and what is handed in rightly travels."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from types import MappingProxyType
from typing import Any

import octroi
import pytest
from conftest import ROOT

PHONE = {"device": {"platform": "android", "ownership": "organization"}}
AT = datetime(2023, 4, 20, 7, 0, tzinfo=timezone.utc)


def test_an_error_names_the_place() -> None:
    with pytest.raises(octroi.OctroiError) as refused:
        octroi.assess({"device": {"platform": "beos"}})
    error = refused.value
    assert error.path == "device.platform"
    assert error.found == "unknown word `beos`"
    assert error.expected.startswith("one of `android`")
    assert (error.line, error.column) == (1, 25)
    assert str(error).startswith("line 1, column 25: `device.platform`: found ")
    assert isinstance(error, ValueError)
    again = pickle.loads(pickle.dumps(error))
    assert (again.path, again.line, str(again)) == (error.path, 1, str(error))


@pytest.mark.parametrize(
    "record",
    ["", "{", "[]", "{}", "\ud800", b"\xff", b"", {"device": object()}, {"device": float("nan")}, {1: 2}],
)
def test_nothing_that_is_no_record_ends_the_process(record: object) -> None:
    with pytest.raises(octroi.OctroiError):
        octroi.assess(record)  # type: ignore[arg-type]


def test_an_instant_has_a_time_zone() -> None:
    for at in ("2023-04-20", "2023-04-20T07:00:00", datetime(2023, 4, 20)):
        with pytest.raises(octroi.OctroiError) as refused:
            octroi.assess(PHONE, at=at)
        assert refused.value.path == "at"
    assert octroi.assess(PHONE, at=AT) == octroi.assess(PHONE, at="2023-04-20T09:00:00+02:00")
    assert octroi.assess(PHONE)["assessed_at"].endswith("Z")


def test_a_duration_may_be_a_timedelta() -> None:
    given = octroi.Deployment(observation_valid_for=timedelta(days=1, hours=12))
    assert given == octroi.Deployment(observation_valid_for="PT36H")
    for wrong in (timedelta(minutes=90), timedelta(0), timedelta(days=-1), timedelta.max):
        with pytest.raises(octroi.OctroiError) as refused:
            octroi.Deployment(observation_valid_for=wrong)
        assert refused.value.path == "observation_valid_for"


def test_rules_of_another_type_are_named() -> None:
    for use in (lambda: octroi.Policies(deployment={}), lambda: octroi.assess(PHONE, deployment={})):  # type: ignore[arg-type]
        with pytest.raises(octroi.OctroiError) as refused:
            use()
        assert refused.value.path == "deployment"


def test_rules_are_objects_that_travel() -> None:
    deployment = octroi.Deployment(
        administration="Commune", policies=["be-brussels-region"], notified_on=date(2023, 3, 28)
    )
    policies = octroi.Policies(deployment=deployment, stale_since={"be-brussels-region": AT})
    assert policies.versions == [("be-brussels-region", 1)]
    there = pickle.loads(pickle.dumps((policies, deployment)))
    assert there[1].json == deployment.json
    assert pickle.loads(pickle.dumps(policies)) is there[0], "read again for each task"
    for rules in [(policies, deployment), there]:
        assessment = octroi.assess(PHONE, policies=rules[0], deployment=rules[1], at=AT)
        assert assessment["assessments"][0]["policy"]["id"] == "be-brussels-region"
    assert there == (policies, deployment) and there[0] != octroi.Policies()
    # A deployment of other policies is a mistake, and not half of one.
    for other in ({"policies": ["be-brussels-local"]}, {"policies": ["be-brussels-region"], "notified_on": {"nobody": "2023-03-27"}}):
        with pytest.raises(octroi.OctroiError):
            octroi.assess(PHONE, policies=policies, deployment=octroi.Deployment(json.dumps(other)))
    later = octroi.Deployment(policies=["be-brussels-region"], when_undetermined="permit")
    assert octroi.assess(PHONE, policies=policies, deployment=later, at=AT)
    # The deployment of the policies holds unless another one is given.
    assert octroi.assess(PHONE, policies=policies, at=AT)["assessments"][0]["policy"]["version"] == 1


def test_wrong_rules_are_refused() -> None:
    for wrong in [
        lambda: octroi.Deployment(administration=""),
        lambda: octroi.Deployment(polices=[]),
        lambda: octroi.Deployment("{"),
        lambda: octroi.Policies([{"id": "x"}]),
        lambda: octroi.Policies(deployment=octroi.Deployment(policies=["nobody"])),
        lambda: octroi.Policies(stale_since={"nobody": AT}),
    ]:
        with pytest.raises(octroi.OctroiError):
            wrong()
    for wrong_type in [
        {"policies": "be-brussels-local"},
        {"policies": ["be-brussels-local"]},
        {"deployment": {"notified_on": "2023-03-27"}},
        {"at": 0},
        {"at": date(2023, 4, 20)},
    ]:
        with pytest.raises(octroi.OctroiError) as refused:
            octroi.assess(PHONE, **wrong_type)
        assert refused.value.path in wrong_type
    with pytest.raises(octroi.OctroiError, match="no time zone, expected a datetime with one$"):
        octroi.Deployment(notified_on=datetime(2023, 3, 27))
    with pytest.raises(octroi.OctroiError, match="the bytes of an export"):
        octroi.read_export("package:android")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        octroi.Deployment("{}", administration="Commune")
    with pytest.raises(TypeError):
        octroi.Policies("{}")


def test_any_mapping_is_a_record() -> None:
    inside = MappingProxyType(PHONE["device"])
    assert octroi.assess(MappingProxyType({"device": inside}), at=AT) == octroi.assess(PHONE, at=AT)


def test_an_export_is_read_by_its_content() -> None:
    export = b"Users:\n\tUserInfo{0:Owner:c13} running\npackage:android\npackage:com.zhiliaoapp.musically\n"
    reading = octroi.read_export(export)
    assert reading.record["device"] == {"platform": "android"}
    assert reading.notes == [{"code": "pm_list_filter"}]
    assert octroi.assess(reading.record, at=AT)["assessments"][0]["findings"][0]["presence"] == "present"
    assert octroi.read_export(export, kind="pm-list", scope="profile").record["observations"][0]["scope"] == "profile"


def test_an_export_that_cannot_be_read_says_where() -> None:
    for export, options, path in [
        (b"nothing of the kind", {}, ""),
        (b"package:a\n\xff", {"kind": "pm-list"}, ""),
        (b"<plist><dict><key>InstalledApplicationList</key><true/></dict></plist>", {}, "InstalledApplicationList"),
        (b'{"device":{"platform":"beos"}}', {}, "device.platform"),
        (b"", {"kind": "excel"}, "kind"),
        (b"", {"scope": "all"}, "scope"),
        (b"", {"platform": "beos"}, "platform"),
        (b"", {"time_zone": "Mars"}, "time_zone"),
    ]:
        with pytest.raises(octroi.OctroiError) as refused:
            octroi.read_export(export, **options)
        assert refused.value.path == path


class Phone:
    """A key, and what it states."""

    audience = "https://gateway.example"
    nonce = "a nonce of the server's"

    def __init__(self, folder: Path) -> None:
        self.file = folder / "phone.jwk"
        self.key = self._octroi("keygen", str(self.file))

    def states(self) -> str:
        record = ROOT / "policies/examples/service-phone.json"
        asked = ["--nonce", self.nonce, "--audience", self.audience, "--at", AT.isoformat()]
        return self._octroi("sign", str(record), "--signer", str(self.file), *asked)

    def asked(self, **changed: object) -> dict[str, Any]:
        return {"nonce": self.nonce, "audience": self.audience, "keys": [self.key], "at": AT} | changed

    @staticmethod
    def _octroi(*arguments: str) -> str:
        program = [os.environ["OCTROI"], "evidence", *arguments]
        return subprocess.run(program, check=True, capture_output=True, text=True).stdout.strip()


def test_a_statement_is_checked_and_judged_anew(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    said = octroi.verify_evidence(phone.states(), **phone.asked())
    assert said["key"] == phone.key
    assert said["software"]["name"] == "octroi"
    assert said["follows"] is None
    record = json.loads((ROOT / "policies/examples/service-phone.json").read_text())
    assert said["assessment"]["access"] == octroi.assess(record, at=AT)["access"]


def test_a_statement_that_does_not_count_says_why(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    token = phone.states()
    root = (ROOT / "tests/evidence/root.der").read_bytes()
    for given, changed, code in [
        (token, {"keys": []}, "unknown_key"),
        (token, {"nonce": "another nonce"}, "wrong_nonce"),
        (token, {"audience": "https://another.example"}, "wrong_audience"),
        (token, {"at": "2023-04-20T08:00:00Z"}, "too_old"),
        (token, {"at": "2023-04-20T06:00:00Z"}, "from_the_future"),
        (token, {"minimum_versions": {"be-brussels-local": 99}}, "policy_too_old"),
        (token, {"keys": [], "roots": [root]}, "unknown_key"),
        (token[:-8] + "AAAAAAAA", {}, "bad_signature"),
        ("", {}, "not_compact"),
    ]:
        with pytest.raises(octroi.EvidenceRefused) as refused:
            octroi.verify_evidence(given, **phone.asked(**changed))
        assert refused.value.code == code, refused.value
        assert refused.value.message
    for changed in [{"keys": ["short"]}, {"roots": [b"no certificate"]}]:
        with pytest.raises(octroi.OctroiError):
            octroi.verify_evidence(token, **phone.asked(**changed))


def run(program: str, folder: Path) -> str:
    ran = subprocess.run([sys.executable, "-c", program], cwd=folder, check=True, capture_output=True, text=True)
    return ran.stdout


def test_the_examples_of_the_documentation_do_what_they_say(tmp_path: Path) -> None:
    readme = (ROOT / "bindings/python/README.md").read_text().split("```python\n")[1]
    assert run(readme.split("```")[0], tmp_path) == "deny noncompliant\n"
    fleet = (ROOT / "docs/fleet.md").read_text().split("## In Python")[1]
    program, printed = fleet.split("```python\n")[1].split("```text\n")
    assert run(program.split("```")[0], tmp_path) == printed.split("```")[0]


def test_the_package_is_typed() -> None:
    folder = Path(octroi.__file__).parent
    assert (folder / "py.typed").exists()
    stubs = (folder / "_octroi.pyi").read_text()
    for name in dir(octroi._octroi):
        if not name.startswith("_"):
            assert f" {name}(" in stubs or f"class {name}" in stubs, name
    assert json.loads(octroi.Deployment().json) == {}
