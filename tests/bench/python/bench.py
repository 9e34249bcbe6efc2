"""Measures the package for Python beside what one would write by hand: `cargo xtask bench --python`.

    bench.py OCTROI_BENCH DEVICES ROUNDS

All decide the same over the same fleet, and it is checked that they do: a policy of 100 regulated apps with 10,000 identifiers, phones
with 200 apps each. What is compared is measured in turns, so that what disturbs the machine disturbs all; the median counts.
Prints a table.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import octroi
import pandas as pd
import pyarrow as pa

PROGRAM, DEVICES, ROUNDS = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
FOLDER = Path(tempfile.mkdtemp())
AT = "2023-05-01T00:00:00Z"

subprocess.run([PROGRAM, "--write-fleet", str(FOLDER), str(DEVICES)], check=True)
POLICIES = octroi.Policies([(FOLDER / "policy.json").read_text()])
IDENTIFIERS = json.loads((FOLDER / "identifiers.json").read_text())
LINES = (FOLDER / "devices.ndjson").read_text().splitlines()


def typed(lines: list[str]) -> pa.RecordBatch:
    rows = []
    for line in lines:
        record = json.loads(line)
        device = record["device"]
        device["ownership"] = [{"value": device["ownership"]}]
        device["funding"] = {fact: [{"value": share}] for fact, share in device["funding"].items()}
        for observation in record["observations"]:
            observation["taken_at"] = pd.Timestamp(observation["taken_at"]).to_pydatetime()
        rows.append(record)
    return pa.RecordBatch.from_pylist(rows, pa.schema(octroi.record_schema()))


DOCUMENTS = pa.record_batch({"record": LINES})
COLUMNS = typed(LINES)
ON_TWO = [0, 1]


def judged(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    for start in range(0, batch.num_rows, 1_000):
        part = batch.slice(start, 1_000)
        yield pa.record_batch(octroi.assess_batch(part, policies=POLICIES, at=AT))


def judge(batch: pa.RecordBatch) -> int:
    """How many there are. What is said of them is let go batch by batch, as the loop in Rust lets it go device by device."""
    return sum(said.num_rows for said in judged(batch))


def on_two_cores(batch: pa.RecordBatch) -> int:
    half = batch.num_rows // 2
    with ThreadPoolExecutor(2) as pool:
        return sum(pool.map(judge, [batch.slice(0, half), batch.slice(half)]))


def by_hand_in_pandas() -> pd.Series:
    """The same decision, and no reason, obligation, date or basis."""
    devices = COLUMNS.column("device")
    frame = pd.DataFrame(
        {
            "id": devices.field("id").to_pandas(),
            "owned": [said[0]["value"] == "organization" for said in devices.field("ownership").to_pandas()],
        }
    )
    paid = pd.Series(False, frame.index)
    for fact in ("purchase", "subscription", "usage"):
        shares = pa.compute.struct_field(devices, ["funding", fact]).to_pandas()
        paid |= shares.map(lambda said: said[0]["value"] in ("partial", "full"))
    observations = COLUMNS.column("observations")
    apps = pa.compute.struct_field(observations.flatten(), "apps")
    owner = pa.compute.list_parent_indices(apps)
    ids = pa.compute.struct_field(apps.flatten(), "id").to_pandas()
    regulated = ids.isin(IDENTIFIERS).groupby(owner.to_pandas()).any()
    zone = pd.Series("personal", frame.index)
    zone[frame["owned"] | paid] = "service"
    zone[regulated] = "none"
    return zone


def taken(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def loops() -> dict[str, float]:
    printed = subprocess.run([PROGRAM, "--loop", str(DEVICES)], check=True, capture_output=True, text=True).stdout
    return {name: DEVICES / float(speed) for name, speed in map(str.split, printed.splitlines())}


def zones(batch: pa.RecordBatch) -> list[str]:
    return [access["zone"] for said in judged(batch) for access in said["access"].to_pylist()]


def main() -> None:
    expected = by_hand_in_pandas().to_list()
    assert zones(COLUMNS) == zones(DOCUMENTS) == expected, "they do not take the same decisions"
    subjects: dict[str, Callable[[], object]] = {
        "columns": lambda: judge(COLUMNS),
        "two": lambda: on_two_cores(COLUMNS),
        "documents": lambda: judge(DOCUMENTS),
        "pandas": by_hand_in_pandas,
    }
    times: dict[str, list[float]] = {name: [] for name in subjects} | {"octroi": [], "regorus": []}
    for _ in range(ROUNDS):
        for name, work in subjects.items():
            if name == "two":
                os.sched_setaffinity(0, ON_TWO)
            times[name].append(taken(work))
        for name, seconds in loops().items():
            times[name].append(seconds)
    speed = {name: DEVICES / statistics.median(seconds) for name, seconds in times.items()}
    spark = spark_speeds(expected) if os.environ.get("PYSPARK_PYTHON") else {}
    rows = [
        ("`assess_batch`, typed columns", speed["columns"], "the loop in Rust, JSON to JSON", speed["octroi"], "≥ 0.8 of it"),
        ("", None, "regorus called for each device, JSON", speed["regorus"], ""),
        ("", None, "pandas by hand: the zone and nothing else", speed["pandas"], ""),
        ("the same in two threads", speed["two"], "one thread", speed["columns"], "≥ 1.8 of it"),
        ("`assess_batch`, one column of JSON", speed["documents"], "the loop in Rust, JSON to JSON", speed["octroi"], ""),
    ]
    if spark:
        rows += [
            ("`octroi.spark.assess`, two cores", spark["octroi"], "Spark SQL by hand: the zone and nothing else", spark["sql"], ""),
            ("the same, one core", spark["one"], "", None, ""),
        ]
    print("| | devices/s | target | beside it | devices/s | ratio |")
    print("|:--|--:|--:|:--|--:|--:|")
    last = 0.0
    for what, own, beside, other, target in rows:
        last = own or last
        cells = [what, f"{own:,.0f}" if own else "", target, beside]
        cells += [f"{other:,.0f}", f"{last / other:.2f}"] if other else ["", ""]
        print(f"| {' | '.join(cells)} |")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\n{DEVICES:,} devices of 200 apps each, {len(LINES[0]):,} bytes as JSON, the median of {ROUNDS} rounds; at most {peak:,} MiB.")


def spark_speeds(expected: list[str]) -> dict[str, float]:
    from pyspark.sql import SparkSession
    from pyspark.sql import functions as F

    import octroi.spark as octroi_spark

    path = str(FOLDER / "devices.parquet")
    import pyarrow.parquet as pq

    pq.write_table(pa.Table.from_batches([COLUMNS]), path, row_group_size=max(1, DEVICES // 8))
    speeds = {}
    for cores in (2, 1):
        builder = SparkSession.builder.master(f"local[{cores}]").config("spark.ui.enabled", "false")
        builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.driver.memory", "4g")
        builder = builder.config("spark.sql.files.maxPartitionBytes", str(max(1, os.path.getsize(path) // 8)))
        spark = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", "200").getOrCreate()
        spark.sparkContext.setLogLevel("ERROR")
        devices = spark.read.parquet(path)
        regulated = F.arrays_overlap(
            F.flatten(F.transform("observations", lambda seen: seen["apps"]["id"])),
            F.array(*map(F.lit, IDENTIFIERS)),
        )
        paid = F.lit(False)
        for fact in ("purchase", "subscription", "usage"):
            paid = paid | F.col(f"device.funding.{fact}")[0]["value"].isin("partial", "full")
        service = (F.col("device.ownership")[0]["value"] == "organization") | paid
        by_hand = devices.select(
            F.col("device.id").alias("id"),
            F.when(regulated, "none").when(service, "service").otherwise("personal").alias("zone"),
        )
        assessed = octroi_spark.assess(devices, policies=POLICIES, at=AT)
        ours = octroi_spark.overview(assessed).select(F.col("device_id").alias("id"), "zone")
        for each in (ours, by_hand):
            found = {row["id"]: row["zone"] for row in each.collect()}
            assert [found[f"{number:08}"] for number in range(DEVICES)] == expected, "they do not take the same decisions"

        def discarded(frame: object) -> Callable[[], object]:
            return lambda: frame.write.format("noop").mode("overwrite").save()  # type: ignore[attr-defined]

        subjects = {"octroi" if cores == 2 else "one": discarded(assessed)}
        if cores == 2:
            subjects["sql"] = discarded(by_hand)
        times: dict[str, list[float]] = {name: [] for name in subjects}
        for _ in range(ROUNDS):
            for name, work in subjects.items():
                times[name].append(taken(work))
        speeds |= {name: DEVICES / statistics.median(seconds) for name, seconds in times.items()}
        spark.stop()
    return speeds


main()
