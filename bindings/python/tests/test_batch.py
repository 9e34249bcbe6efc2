"""What a vendor's tables hold: nothing of it ends a run, and no row is lost."""

from __future__ import annotations

import gc
import json
import resource
import threading
import time
from pathlib import Path

import octroi
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from conftest import columns, documents, rows

PHONE = {
    "device": {"id": "a", "platform": "android", "ownership": "organization"},
    "observations": [{"apps": [{"id": "com.zhiliaoapp.musically"}]}],
}
AT = "2023-04-20T09:00:00+02:00"


def named(*ids: str | None) -> list[dict]:
    return [dict(PHONE, device=dict(PHONE["device"], **({"id": id} if id else {}))) for id in ids]


def test_each_row_is_answered_in_its_place() -> None:
    batch = pa.record_batch({"record": [json.dumps(PHONE), "{", None, "[]", json.dumps(PHONE)]})
    assessed = octroi.assess_batch(batch, at=AT)
    assert len(assessed) == 5
    said = rows(assessed)
    assert [row["access"] and row["access"]["decision"] for row in said] == [
        "deny",
        None,
        None,
        None,
        "deny",
    ]
    assert [row["error"] and row["error"]["code"] for row in said] == [
        None,
        "json",
        "record",
        "record",
        None,
    ]


def test_a_row_without_a_text_says_so() -> None:
    """As every blank line of a file is in Spark."""
    said = rows(octroi.assess_batch(pa.record_batch({"record": ["", "  "]}), at=AT))
    assert [row["error"]["message"] for row in said] == [
        "column 1: found the end of the text, expected a JSON object",
        "column 3: found the end of the text, expected a JSON object",
    ]


def test_ids_that_stand_twice_stay_twice() -> None:
    said = rows(octroi.assess_batch(columns(named("a", "a", "b")), at=AT))
    assert [row["device_id"] for row in said] == ["a", "a", "b"]


@pytest.mark.parametrize("form", [columns, documents])
def test_a_text_of_ten_megabytes_and_a_list_of_fifty_thousand_apps_are_read(form) -> None:  # type: ignore[no-untyped-def]
    long = dict(PHONE, device=dict(PHONE["device"], id="x" * 10_000_000))
    apps = [{"id": f"org.example.app{number}"} for number in range(50_000)]
    many = dict(PHONE, observations=[{"complete": True, "apps": apps}])
    said = rows(octroi.assess_batch(form([long, many]), at=AT))
    assert len(said[0]["device_id"]) == 10_000_000
    assert said[0]["status"] == "noncompliant"
    assert said[1]["status"] == "compliant"


def test_nulls_are_what_is_not_given() -> None:
    schema = pa.schema(octroi.record_schema())
    batch = pa.RecordBatch.from_pylist(
        [
            {"device": {"platform": "ios"}},
            {"device": None},
            {"device": {"platform": "ios"}, "observations": [None]},
            {"device": {"platform": "ios"}, "declarations": [("tiktok", None)]},
        ],
        schema,
    )
    said = rows(octroi.assess_batch(batch, at=AT))
    assert said[0]["error"] is None
    assert [row["error"]["path"] for row in said[1:]] == [
        "",
        "observations[0]",
        "declarations.tiktok",
    ]
    assert said[2]["error"]["message"].startswith("found null, expected ")


def test_columns_that_are_none_of_a_record_are_refused_by_name() -> None:
    for batch, path in [
        (pa.record_batch({"devices": ["a"]}), "devices"),
        (pa.record_batch({"record": [1]}), "record"),
        (pa.record_batch({"record": ["{}"], "tenant": ["a"]}), "tenant"),
        (pa.record_batch({"device": [{"platform": b"ios"}]}), "device.platform"),
        (pa.record_batch({"device": [{"platform": 1.5}]}), "device.platform"),
        (pa.record_batch({"holder": [{"roles": ["a"]}]}), "device"),
    ]:
        with pytest.raises(octroi.OctroiError) as refused:
            octroi.assess_batch(batch)
        assert refused.value.path == path
        assert refused.value.expected
    nothing = pa.table({"tenant": pa.array([], pa.string())})
    with pytest.raises(octroi.OctroiError, match="`tenant`"):
        octroi.assess_batch(nothing)
    with pytest.raises(octroi.OctroiError, match="__arrow_c_stream__"):
        octroi.assess_batch([PHONE])  # type: ignore[arg-type]


def test_any_layout_of_text_and_any_part_of_a_table_is_read() -> None:
    texts = [json.dumps(PHONE)] * 4
    for kind in (pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())):
        column = pa.array(texts).cast(kind) if kind != pa.string_view() else pa.array(texts, kind)
        batch = pa.RecordBatch.from_arrays([column], ["record"]).slice(1, 2)
        assert [row["status"] for row in rows(octroi.assess_batch(batch, at=AT))] == ["noncompliant"] * 2
    typed = columns(named("a", "b", "c")).slice(1, 1)
    assert [row["device_id"] for row in rows(octroi.assess_batch(typed, at=AT))] == ["b"]


def test_a_dictionary_may_have_no_values() -> None:
    """As the categories of a frame have that is empty, or of which no row is given."""
    kind = pa.dictionary(pa.int32(), pa.string())
    texts = pa.array([json.dumps(PHONE)]).dictionary_encode()
    for column, said in [(texts, ["noncompliant"]), (pa.nulls(2, kind), [None, None]), (pa.array([], kind), [])]:
        for columns in (pa.table({"record": column}), pa.record_batch({"record": column})):
            assert [row["status"] for row in rows(octroi.assess_batch(columns, at=AT))] == said


def test_bytes_that_are_no_text_are_an_error_in_their_row() -> None:
    lines = [json.dumps(PHONE).encode(), b'{"device":{"id":"Andr\xe9"}}', None]
    for kind in (pa.binary(), pa.large_binary(), pa.binary_view()):
        said = rows(octroi.assess_batch(pa.record_batch({"record": pa.array(lines, kind)}), at=AT))
        assert [row["error"] and row["error"]["code"] for row in said] == [None, "encoding", "record"]
    [nothing] = rows(octroi.assess_batch(pa.record_batch({"record": pa.nulls(1)}), at=AT))
    assert nothing["error"]["message"].startswith("found null")


def broken_text() -> pa.Array:
    """Text by its type, and none by its bytes: what a writer that does not look makes."""
    data = pa.array([b"\xff\xfe"], pa.binary())
    return pa.StringArray.from_buffers(1, data.buffers()[1], data.buffers()[2])


def test_text_that_is_none_is_refused_before_it_is_read() -> None:
    broken = pa.record_batch({"record": broken_text()})
    for columns in (broken, pa.Table.from_batches([broken])):
        with pytest.raises(octroi.OctroiError, match="(?i)utf"):
            octroi.assess_batch(columns)


class ArrayOnly:
    """As libraries give a batch that know no streams."""

    def __init__(self, batch: pa.RecordBatch) -> None:
        self.batch = batch

    def __arrow_c_array__(self, requested_schema: object = None) -> object:
        return self.batch.__arrow_c_array__(requested_schema)


@pytest.mark.parametrize("of", [pa.ListArray, pa.LargeListArray])
def test_deep_in_lists_too_and_only_in_the_rows_that_are_handed_over(of) -> None:  # type: ignore[no-untyped-def]
    """Otherwise a fleet that is handed over in slices is looked at as a whole for each of them."""
    data = pa.array([b"org.example", b"\xff\xfe"], pa.binary())
    ids = pa.StringArray.from_buffers(2, data.buffers()[1], data.buffers()[2])
    apps = of.from_arrays([0, 1, 2], pa.StructArray.from_arrays([ids], ["id"]))
    observations = of.from_arrays([0, 1, 2], pa.StructArray.from_arrays([apps], ["apps"]))
    batch = pa.record_batch({"device": [PHONE["device"]] * 2, "observations": observations})
    assert len(octroi.assess_batch(batch.slice(0, 1))) == 1
    for columns in (batch, batch.slice(1), ArrayOnly(batch)):
        with pytest.raises(octroi.OctroiError, match="(?i)utf"):
            octroi.assess_batch(columns)


def test_a_wrong_count_of_nulls_hides_no_app() -> None:
    data = pa.array(["com.zhiliaoapp.musically", "org.example"]).buffers()
    ids = pa.Array.from_buffers(pa.string(), 2, [pa.py_buffer(b"\xff"), data[1], data[2]], null_count=2)
    apps = pa.ListArray.from_arrays([0, 2], pa.StructArray.from_arrays([ids], ["id"]))
    observations = pa.ListArray.from_arrays([0, 1], pa.StructArray.from_arrays([apps], ["apps"]))
    batch = pa.record_batch({"device": [PHONE["device"]], "observations": observations})
    [said] = rows(octroi.assess_batch(batch, at=AT))
    assert said["status"] == "noncompliant"


def test_names_in_a_map_too() -> None:
    said = pa.array([{"value": "absent"}])
    declarations = pa.MapArray.from_arrays([0, 1], broken_text(), said)
    batch = pa.record_batch({"device": [PHONE["device"]], "declarations": declarations})
    with pytest.raises(octroi.OctroiError, match="(?i)utf"):
        octroi.assess_batch(batch)


def test_offsets_that_lead_out_of_their_column_are_refused() -> None:
    observations = pa.array([[{"complete": True}], []])
    offsets = pa.array([0, 7, 1], pa.int32()).buffers()[1]
    beyond = pa.Array.from_buffers(observations.type, 2, [None, offsets], children=[observations.values])
    batch = pa.record_batch({"device": [PHONE["device"]] * 2, "observations": beyond})
    for columns in (batch, ArrayOnly(batch)):
        with pytest.raises(octroi.OctroiError, match="(?i)offset"):
            octroi.assess_batch(columns)


def test_whoever_knows_no_streams_is_answered_the_same() -> None:
    batch = columns(named("a", "b"))
    assert rows(octroi.assess_batch(ArrayOnly(batch), at=AT)) == rows(octroi.assess_batch(batch, at=AT))
    nothing = batch.slice(0, 0)
    for columns_of_none in (nothing, ArrayOnly(nothing), pa.Table.from_batches([], batch.schema)):
        assert pa.record_batch(octroi.assess_batch(columns_of_none)).num_rows == 0


def test_a_stream_that_fails_ends_the_call() -> None:
    schema = pa.schema({"record": pa.string()})
    given = 0

    def batches():  # type: ignore[no-untyped-def]
        nonlocal given
        while True:
            given += 1
            if given > 1:
                raise OSError("the disk is gone")
            yield pa.record_batch({"record": [json.dumps(PHONE)]}, schema)

    with pytest.raises(octroi.OctroiError, match="the disk is gone"):
        octroi.assess_batch(pa.RecordBatchReader.from_batches(schema, batches()))
    assert given == 2


def test_a_name_that_stands_twice_is_refused() -> None:
    texts = pa.array(["{}"])
    with pytest.raises(octroi.OctroiError, match="two columns of this name"):
        octroi.assess_batch(pa.RecordBatch.from_arrays([texts, texts], ["record", "record"]))
    device = pa.StructArray.from_arrays([pa.array(["a"]), pa.array(["b"])], ["platform", "platform"])
    with pytest.raises(octroi.OctroiError, match=r"device\.platform"):
        octroi.assess_batch(pa.record_batch({"device": device}))


def test_a_table_keeps_its_batches() -> None:
    batch = columns(named("a", "b"))
    table = pa.Table.from_batches([batch, batch])
    assessed = octroi.assess_batch(table, at=AT)
    assert [len(chunk) for chunk in pa.table(assessed)["status"].chunks] == [2, 2]
    with pytest.raises(octroi.OctroiError, match="found 2 batches"):
        pa.record_batch(assessed)
    assert pa.record_batch(octroi.assess_batch(batch, at=AT)).num_rows == 2
    nothing = octroi.assess_batch(pa.Table.from_batches([], batch.schema))
    assert len(nothing) == 0
    assert pa.table(nothing).schema == pa.schema(octroi.assessment_schema())


def test_other_libraries_columns_are_columns() -> None:
    texts = [json.dumps(phone) for phone in named("a", "b")]
    for frame in (pl.DataFrame({"record": texts}), pd.DataFrame({"record": texts})):
        said = pl.DataFrame(octroi.assess_batch(frame, at=AT))
        assert said["status"].to_list() == ["noncompliant", "noncompliant"]


def test_what_comes_back_outlives_what_went_in() -> None:
    assessed = octroi.assess_batch(columns(named("a")), at=AT)
    table = pa.table(assessed)
    del assessed
    gc.collect()
    assert table.to_pylist()[0]["device_id"] == "a"


def test_others_run_while_octroi_works() -> None:
    """A web server that judges a batch must go on answering: here somebody looks at the clock until the batch is done."""
    batch = documents(named("a") * 20_000)
    done = threading.Event()

    def judge() -> None:
        octroi.assess_batch(batch, at=AT)
        done.set()

    thread = threading.Thread(target=judge)
    started = last = time.perf_counter()
    longest = 0.0
    thread.start()
    while not done.is_set():
        now = time.perf_counter()
        longest = max(longest, now - last)
        last = now
    thread.join()
    # Held up by octroi, the wait would be as long as the call.
    assert longest < (time.perf_counter() - started) / 2


def test_many_batches_leave_nothing_behind() -> None:
    batch = columns(named("a"))

    def resident() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()

    def judge(times: int) -> None:
        for _ in range(times):
            pa.table(octroi.assess_batch(batch, at=AT))

    judge(2_000)
    before = resident()
    judge(20_000)
    # A leak of one hundred bytes a batch would be 2 MB; what Python's own memory moves by is less.
    assert resident() - before < 2_000_000
