"""A fleet in Spark, on your own cluster: a DataFrame of devices in, a DataFrame of verdicts out.

The same core runs in each executor over Arrow batches; nothing is collected. The wheel with its extra ``spark`` is needed on the driver
and on the executors, and Spark 4. ``docs/fleet.md`` has examples and measurements.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import octroi
import pyarrow as pa
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import BinaryType, StringType, StructType

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

__all__ = ["assess", "assessment_schema", "overview", "record_schema"]

_DOCUMENT = "record"
_RECORD = ("format", "device", "holder", "observations", "declarations", "impediments")


def record_schema() -> StructType:
    """The columns of records as Spark's types, for tables that you make of your own data.

    Never read octroi's own JSON by it: the form has facts and absent apps written in several ways, which no column can have, and
    ``spark.read.json`` makes nulls of them, without a word. A device of which nothing is known is judged otherwise. Read such files as
    text, in one column ``record``.
    """
    return _of(octroi.record_schema())


def assessment_schema() -> StructType:
    """The columns that :func:`assess` adds."""
    return _of(octroi.assessment_schema()).add("bad_record", StringType())


def assess(
    devices: DataFrame,
    *,
    policies: octroi.Policies | None = None,
    deployment: octroi.Deployment | None = None,
    at: datetime | str | None = None,
) -> DataFrame:
    """Decide for each row, once Spark needs it; streaming DataFrames too.

    The columns of :func:`record_schema` are read, or one, ``record``, of JSON as text or bytes. Any others (a tenant, a
    partition's date) are handed on unchanged and stand first. A row that cannot be read has its ``error``, and itself as JSON in ``bad_record``: as many rows come out
    as went in. Bytes that are no text stand there as U+FFFD, and nothing stands there for a ``record`` that is null.

    The policies travel with the task, and a worker reads them once for all of its tasks; ``at`` is fixed when this is called, so
    that rows that Spark judges again, later, come out as before. A stream that goes on for days asks for the time of each batch itself: call this in
    ``foreachBatch``.

    With the columns of records, set ``spark.sql.execution.arrow.maxRecordsPerBatch`` to 200: Spark takes the longer to hand over a row
    with lists in it, the more rows there are in a batch, and has 10,000 unless it is told otherwise.

    Raises :class:`octroi.OctroiError` for columns that are not those of a record, and for what :class:`octroi.Policies` refuses.
    """
    policies, deployment = octroi._rules(policies, deployment)
    instant = octroi._instant(at)
    _check_names(devices.columns)
    read = [name for name in devices.columns if name == _DOCUMENT or name in _RECORD]
    kept = [name for name in devices.columns if name not in read]
    if not read:
        expected = "`record`, which `spark.read.text` calls `value`, or the columns of `octroi.spark.record_schema()`"
        raise octroi.OctroiError("record", f"the columns `{'`, `'.join(devices.columns)}`", expected)
    # What is wrong with the columns or the instant, now and not in an executor: no row is needed to see it.
    schema = devices.sparkSession.createDataFrame([], devices.select(*map(_named, read)).schema).toArrow().schema
    octroi.assess_batch(pa.RecordBatch.from_pylist([], schema), policies=policies, deployment=deployment, at=instant)
    fields = [devices.schema[name] for name in kept] + assessment_schema().fields
    # Under plain names: one with a dot would be missing in an executor, where Spark takes it for a field.
    columns = [_named(name).alias(f"kept_{number}") for number, name in enumerate(kept)]
    # A line that is no text stops Spark's own way to Python, and as bytes it is a row with an error.
    is_text = read == [_DOCUMENT]
    columns += [_named(name).cast(BinaryType()).alias(name) if is_text else _named(name) for name in read]

    def judge(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            others, of_record = batch.columns[: len(kept)], batch.columns[len(kept) :]
            records = pa.RecordBatch.from_arrays(of_record, read)
            said = pa.record_batch(
                octroi._octroi.assess_batch(records, policies._read, deployment._read, instant, True)
            )
            yield pa.RecordBatch.from_arrays([*others, *said.columns], [*kept, *said.schema.names])

    return devices.select(*columns).mapInArrow(judge, StructType(fields))


def overview(assessed: DataFrame) -> DataFrame:
    """The same rows with what is asked for most, ready for SQL: under all policies together.

    ``device_id``, ``class`` (under the first policy), ``access`` (permit or deny), ``zone``, ``certain``, ``status``, ``missing``,
    ``obligations`` and ``reasons`` (those of all policies), ``valid_until``, ``error`` and ``bad_record``; before them what
    :func:`assess` handed on.
    """
    kept = [name for name in assessed.columns if name not in assessment_schema().names]

    def all_of(name: str) -> Any:
        return F.flatten(F.transform("assessments", lambda said: said[name])).alias(name)

    return assessed.select(
        *map(_named, kept),
        "device_id",
        F.get("assessments", F.lit(0))["device_class"]["class"].alias("class"),
        F.col("access.decision").alias("access"),
        F.col("access.zone").alias("zone"),
        F.col("access.certain").alias("certain"),
        "status",
        F.col("access.missing").alias("missing"),
        all_of("obligations"),
        all_of("reasons"),
        "valid_until",
        "error",
        "bad_record",
    )


#: What :func:`overview` adds to the names of an assessment.
_OVERVIEW = ("class", "zone", "certain", "missing", "obligations", "reasons")


def _check_names(names: list[str]) -> None:
    """Of two columns of one name, in Spark's eyes, nobody could tell which is whose."""
    of_assessments = {name.casefold() for name in (*assessment_schema().names, *_OVERVIEW)}
    counted = Counter(name.casefold() for name in names)
    for name in names:
        if counted[name.casefold()] > 1:
            raise octroi.OctroiError(name, "two columns of this name", "each name once, whatever its case")
        if name.casefold() in of_assessments:
            expected = "columns that have other names than those of an assessment"
            raise octroi.OctroiError(name, "a column beside the record's", expected)
        of_records = name.casefold()
        if name != of_records and of_records in (_DOCUMENT, *_RECORD):
            # Handed on as a column of others, it would not be read, and another verdict come out without a word.
            raise octroi.OctroiError(name, "a record's column in another case", f"`{of_records}`")


def _named(name: str) -> Column:
    """The column of this name, whatever is in it: a dot means a field elsewhere."""
    return F.col("`" + name.replace("`", "``") + "`")


def _of(schema: object) -> StructType:
    return from_arrow_schema(pa.schema(schema))
