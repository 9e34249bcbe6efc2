"""A vendor's cluster says what `octroi fleet` says, row by row, whatever happens to its workers.

Needs pyspark and Java: the leg `spark` runs this.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import octroi
import pyarrow as pa
import pytest
from conftest import columns, in_a_row, random_fleet, rows

pyspark = pytest.importorskip("pyspark")

from pyspark.sql import DataFrame, Row, SparkSession  # noqa: E402

import octroi.spark as octroi_spark  # noqa: E402

AT = "2023-04-20T09:00:00+02:00"
DEVICES = 200_000
PARTITIONS = 8


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    # Tasks are tried again here, as on a cluster; plain `local` gives each one chance.
    builder = SparkSession.builder.master("local[2,4]").appName("octroi")
    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.session.timeZone": "America/New_York",
        "spark.sql.shuffle.partitions": "4",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "1000",
    }
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def record(number: int) -> str:
    """One of a fleet in which all verdicts occur."""
    ownership = ["organization", "personal", "unknown"][number % 3]
    app = ["com.zhiliaoapp.musically", "org.example.other"][number % 2]
    observation = {"complete": number % 5 != 0, "apps": [{"id": app}]}
    device = {"id": f"device-{number:06}", "platform": "android", "ownership": ownership}
    return json.dumps({"device": device, "observations": [observation]})


@pytest.fixture(scope="session")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict]]:
    """A folder of a file for each partition, one of them full of garbage; and what `octroi fleet` says of each line."""
    folder = tmp_path_factory.mktemp("fleet")
    said = []
    each = DEVICES // PARTITIONS
    for partition in range(PARTITIONS):
        lines = [record(number) for number in range(partition * each, (partition + 1) * each)]
        if partition == 3:
            garbage = ["{", "null", '{"device":{"platform":7}}', "x" * 1_000, '{"device":{"id":"Andr\udce9"}}']
            lines = [garbage[n % 5] for n in range(each)]
        file = folder / f"devices-{partition}.json"
        # A half of a surrogate stands for a byte that is no text.
        file.write_bytes("".join(f"{line}\n" for line in lines).encode(errors="surrogateescape"))
        program = [os.environ["OCTROI"], "fleet", str(file), "--at", AT]
        ran = subprocess.run(program, capture_output=True, text=True)
        assert ran.returncode == (2 if partition == 3 else 0), ran.stderr
        for line, text in zip(ran.stdout.splitlines(), lines, strict=True):
            shown = text.encode(errors="surrogateescape").decode(errors="replace")
            said.append((shown, json.loads(line)))
    return folder, said


def read(spark: SparkSession, folder: Path) -> DataFrame:
    return spark.read.text(str(folder)).withColumnRenamed("value", "record")


def in_order(collected: list[Row]) -> list[str]:
    """What says all of a row that has to be the same, in an order of its own: Spark has none."""
    return sorted(json.dumps(row.asDict(recursive=True), default=str, sort_keys=True) for row in collected)


def of_fleet(said: list[tuple[str, dict]]) -> list[str]:
    lines = []
    for text, line in said:
        error = line.get("error")
        access = line.get("access") or {}
        assessments = line.get("assessments") or []
        row = {
            "device_id": line["device_id"],
            "class": assessments[0]["device_class"]["class"] if assessments else None,
            "access": access.get("decision"),
            "zone": access.get("zone"),
            "certain": access.get("certain"),
            "status": line.get("status"),
            "missing": access.get("missing"),
            "obligations": [one for each in assessments for one in each["obligations"]] if not error else None,
            "reasons": [one for each in assessments for one in each["reasons"]] if not error else None,
            "valid_until": line.get("valid_until"),
            "error": error,
            "bad_record": text if error else None,
        }
        lines.append(json.dumps(row, sort_keys=True))
    return sorted(lines)


def test_a_fleet_is_judged_as_by_the_command_row_by_row(spark: SparkSession, fleet: tuple[Path, list]) -> None:
    folder, said = fleet
    assessed = octroi_spark.assess(read(spark, folder), at=AT)
    assert assessed.rdd.getNumPartitions() > 1
    assert in_order(octroi_spark.overview(assessed).collect()) == of_fleet(said)


def test_a_worker_that_is_killed_costs_no_row_and_doubles_none(
    spark: SparkSession, fleet: tuple[Path, list], tmp_path: Path
) -> None:
    folder, said = fleet
    once = str(tmp_path / "killed")
    devices = read(spark, folder)

    def with_a_murder(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for number, batch in enumerate(batches):
            if number == 2:
                try:
                    os.close(os.open(once, os.O_CREAT | os.O_EXCL))
                except FileExistsError:
                    pass
                else:
                    os.kill(os.getpid(), signal.SIGKILL)
            yield batch

    devices = devices.mapInArrow(with_a_murder, devices.schema)
    assessed = octroi_spark.overview(octroi_spark.assess(devices, at=AT)).collect()
    assert Path(once).exists(), "nobody was killed"
    assert in_order(assessed) == of_fleet(said)


def test_a_stream_is_judged_as_its_files_arrive(spark: SparkSession, fleet: tuple[Path, list], tmp_path: Path) -> None:
    folder, said = fleet
    arriving, verdicts = tmp_path / "arriving", tmp_path / "verdicts"
    arriving.mkdir()
    stream = spark.readStream.format("text").load(str(arriving)).withColumnRenamed("value", "record")
    query = (
        octroi_spark.overview(octroi_spark.assess(stream, at=AT))
        .writeStream.format("parquet")
        .option("path", str(verdicts))
        .option("checkpointLocation", str(tmp_path / "checkpoint"))
        .start()
    )
    try:
        each = DEVICES // PARTITIONS
        for partition in (0, 3):
            (arriving / f"{partition}.json").write_bytes((folder / f"devices-{partition}.json").read_bytes())
            query.processAllAvailable()
            judged = spark.read.parquet(str(verdicts)).count()
            assert judged == each * (1 if partition == 0 else 2)
    finally:
        query.stop()
    expected = of_fleet(said[:each] + said[3 * each : 4 * each])
    found = spark.read.schema(octroi_spark.overview(octroi_spark.assess(stream, at=AT)).schema).parquet(str(verdicts))
    assert in_order(found.collect()) == expected


@pytest.mark.parametrize("seed", range(3))
def test_a_random_fleet_in_typed_columns_is_judged_as_core_and_reference_agree(spark: SparkSession, seed: int) -> None:
    random = random_fleet(seed, 60)
    rules = {"policies": random.policies, "deployment": random.deployment, "at": random.at}
    spark_columns = spark.createDataFrame(pa.Table.from_batches([columns(random.records)])).repartition(3)
    assert spark_columns.schema == octroi_spark.record_schema()
    assessed = octroi_spark.assess(spark_columns, **rules).drop("bad_record")
    found = {row["device_id"]: row for row in map(_written, assessed.toArrow().to_pylist())}
    expected = [in_a_row(assessment) for assessment in random.assessments]
    assert len(found) == len(expected)
    for row in expected:
        assert found[row["device_id"]] == row


def test_other_columns_are_handed_on_and_bad_rows_are_kept(spark: SparkSession) -> None:
    schema = octroi_spark.record_schema()
    devices = spark.createDataFrame(
        [
            ("north", {"id": "a", "platform": "ios"}),
            ("south", {"id": "b", "platform": "beos"}),
        ],
        f"tenant string, device {schema['device'].dataType.simpleString()}",
    )
    north, south = octroi_spark.assess(devices, at=AT).orderBy("tenant").collect()
    assert (north["tenant"], north["device_id"], north["error"]) == ("north", "a", None)
    assert (south["tenant"], south["device_id"]) == ("south", "b")
    assert south["error"]["path"] == "device.platform"
    assert json.loads(south["bad_record"])["device"]["platform"] == "beos"


def test_a_bad_row_is_kept_whatever_is_in_it(spark: SparkSession) -> None:
    """Dates beyond what Python can hold are among the rows that are refused, and must not end the job."""
    device = "named_struct('id', id, 'platform', 'ios')"
    seen = "array(named_struct('taken_at', timestamp_micros(taken), 'complete', true))"
    impeded = "map('tiktok', named_struct('supervisor_informed_on', date_add(date'1970-01-01', day)))"
    devices = spark.createDataFrame(
        [("far", 1_500_000_000_000_000_000, 0), ("long ago", -100_000_000_000_000_000, 0), ("day", 0, 2_000_000_000)],
        "id string, taken long, day int",
    )
    devices = devices.selectExpr(f"{device} AS device", f"{seen} AS observations", f"{impeded} AS impediments")
    far, ago, day = [octroi_spark.assess(devices.where(f"device.id = '{id}'"), at=AT).collect()[0] for id in ("far", "long ago", "day")]
    assert far["error"]["path"] == "observations[0].taken_at"
    assert day["error"]["path"] == "impediments.tiktok.supervisor_informed_on"
    for row in (far, ago, day):
        assert row["error"] is None or row["device_id"] in row["bad_record"]


def test_odd_names_are_only_names(spark: SparkSession) -> None:
    record = json.dumps({"device": {"id": "a", "platform": "ios"}})
    devices = spark.createDataFrame([(record, ("no",), "yes")], "record string, tenant struct<name:string>, `tenant.name` string")
    assessed = octroi_spark.assess(devices, at=AT)
    for frame in (assessed, octroi_spark.overview(assessed)):
        [row] = frame.collect()
        assert row[frame.columns.index("tenant.name")] == "yes"
    for names, path in [("record string, Zone string", "Zone"), ("record string, x string, X string", "x"), ("record string, device string", "device"), ("Record string", "Record"), ("device struct<platform:string>, Observations string", "Observations")]:
        with pytest.raises(octroi.OctroiError) as refused:
            octroi_spark.assess(spark.createDataFrame([], names))
        assert refused.value.path == path


def test_columns_that_are_none_of_a_record_are_refused_on_the_driver(spark: SparkSession) -> None:
    for devices, path in [
        (spark.createDataFrame([("a",)], "value string"), "record"),
        (spark.createDataFrame([("a",)], "holder string"), "device"),
        (spark.createDataFrame([(1,)], "record int"), "record"),
        (spark.createDataFrame([("{}", "x")], "record string, status string"), "status"),
    ]:
        with pytest.raises(octroi.OctroiError) as refused:
            octroi_spark.assess(devices)
        assert refused.value.path == path
    with pytest.raises(octroi.OctroiError) as refused:
        octroi_spark.assess(spark.createDataFrame([("{}",)], "record string"), at="2023-04-01")
    assert refused.value.path == "at"


def test_the_session_time_zone_moves_no_instant(spark: SparkSession) -> None:
    """The fixture's is New York's: a due day must stay the day of the policy's own zone."""
    record = {"device": {"platform": "ios", "ownership": "organization"}, "declarations": {"tiktok": "present"}}
    devices = spark.createDataFrame([(json.dumps(record),)], "record string")
    at = "2023-03-28T08:00:00+02:00"
    [row] = octroi_spark.assess(devices, at=at).drop("bad_record").toArrow().to_pylist()
    assert _written(row) == in_a_row(octroi.assess(record, at=at))


def _written(row: dict) -> dict:
    return rows(pa.table(pa.Table.from_pylist([row], pa.schema(octroi.assessment_schema()))))[0]
