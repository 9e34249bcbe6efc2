"""What the tests share: the vectors, and random fleets that core and reference agree on."""

from __future__ import annotations

import copy
import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import octroi
import pyarrow as pa

ROOT = Path(__file__).resolve().parents[3]
VECTORS = ROOT / "tests" / "vectors"


@dataclass(frozen=True)
class Vector:
    name: str
    policies: octroi.Policies
    deployment: octroi.Deployment
    at: str
    record: dict[str, Any]
    assessment: dict[str, Any]


def vectors() -> list[Vector]:
    found = []
    for file in sorted(VECTORS.glob("*.json")):
        for vector in json.loads(file.read_text()):
            documents = [json.loads(_pack(name)) for name in vector["policies"]]
            fields = dict(vector["deployment"], policies=[document["id"] for document in documents])
            deployment = octroi.Deployment(json.dumps(fields))
            policies = octroi.Policies(
                documents, deployment=deployment, stale_since=vector.get("stale_since")
            )
            found.append(
                Vector(
                    f"{file.name}: {vector['name']}",
                    policies,
                    deployment,
                    vector["at"],
                    vector["record"],
                    vector["assessment"],
                )
            )
    return found


def _pack(name: str) -> str:
    file = VECTORS / name if name.endswith(".json") else ROOT / f"core/packs/{name}.json"
    return file.read_text()


@dataclass(frozen=True)
class Fleet:
    policies: octroi.Policies
    deployment: octroi.Deployment
    at: str
    records: list[dict[str, Any]]
    assessments: list[dict[str, Any]]


def random_fleet(seed: int, devices: int) -> Fleet:
    program = [os.environ["OCTROI_RANDOM_FLEET"], str(seed), str(devices)]
    fleet = json.loads(subprocess.run(program, check=True, capture_output=True).stdout)
    deployment = octroi.Deployment(json.dumps(fleet["deployment"]))
    policies = octroi.Policies(
        fleet["policies"], deployment=deployment, stale_since=fleet["stale_since"]
    )
    return Fleet(policies, deployment, fleet["at"], fleet["records"], fleet["assessments"])


def documents(records: list[dict[str, Any]]) -> pa.RecordBatch:
    """One column of JSON."""
    return pa.record_batch({"record": [json.dumps(record) for record in records]})


def columns(records: list[dict[str, Any]]) -> pa.RecordBatch:
    """The columns of a record: what may stand in two forms in JSON stands in one."""
    schema = pa.schema(octroi.record_schema())
    return pa.RecordBatch.from_pylist([_in_one_form(record) for record in records], schema)


def _in_one_form(record: dict[str, Any]) -> dict[str, Any]:
    record = copy.deepcopy(record)
    record.pop("format", None)
    device = record["device"]
    for holder, fact in [(device, "ownership")] + [
        (device.get("funding", {}), fact) for fact in ("purchase", "subscription", "usage")
    ]:
        if fact in holder:
            said = holder[fact] if isinstance(holder[fact], list) else [holder[fact]]
            holder[fact] = [one if isinstance(one, dict) else {"value": one} for one in said]
    for observation in record.get("observations", []):
        _instants(observation, "taken_at")
        for app in observation.get("apps", []):
            _instants(app, "first_installed")
        for probes in ("absent", "not_visible"):
            if probes in observation:
                said = observation[probes]
                observation[probes] = [one if isinstance(one, dict) else {"id": one} for one in said]
    for app, declared in record.get("declarations", {}).items():
        said = dict(declared) if isinstance(declared, dict) else {"value": declared}
        _instants(said, "declared_at")
        record["declarations"][app] = said
    for impediment in record.get("impediments", {}).values():
        if "supervisor_informed_on" in impediment:
            day = pa.scalar(impediment["supervisor_informed_on"]).cast(pa.date32())
            impediment["supervisor_informed_on"] = day.as_py()
    for several in ("declarations", "impediments"):
        if several in record:
            record[several] = list(record[several].items())
    return record


def _instants(holder: dict[str, Any], key: str) -> None:
    if key in holder:
        holder[key] = pa.scalar(holder[key]).cast(pa.timestamp("us", "UTC")).as_py()


def rows(assessed: octroi.Assessments) -> list[dict[str, Any]]:
    """The rows as :func:`octroi.assess` gives them, each with its `error`."""
    table = pa.table(assessed).to_pylist()
    return [_written(row) for row in table]


def _written(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _written(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_written(inner) for inner in value]
    if hasattr(value, "hour"):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat() if hasattr(value, "isoformat") else value


def in_a_row(assessment: dict[str, Any]) -> dict[str, Any]:
    """The form in JSON, as a row has it."""
    row = dict(assessment, error=None)
    row.pop("format", None)
    return row
