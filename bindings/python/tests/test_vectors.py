"""The verdict is the same in every language, however the devices come in."""

from __future__ import annotations

import octroi
import pytest
from conftest import columns, documents, in_a_row, random_fleet, rows, vectors

VECTORS = vectors()


def test_every_vector_comes_out_as_written() -> None:
    assert len(VECTORS) >= 444
    for vector in VECTORS:
        rules = {"policies": vector.policies, "deployment": vector.deployment, "at": vector.at}
        assert octroi.assess(vector.record, **rules) == vector.assessment, vector.name


@pytest.mark.parametrize("form", [columns, documents])
def test_every_vector_comes_out_of_columns_as_written(form) -> None:  # type: ignore[no-untyped-def]
    for vector in VECTORS:
        rules = {"policies": vector.policies, "deployment": vector.deployment, "at": vector.at}
        [row] = rows(octroi.assess_batch(form([vector.record]), **rules))
        assert row == in_a_row(vector.assessment), vector.name


@pytest.mark.parametrize("seed", range(12))
def test_a_random_fleet_is_judged_as_core_and_reference_agree(seed: int) -> None:
    fleet = random_fleet(seed, 50)
    rules = {"policies": fleet.policies, "deployment": fleet.deployment, "at": fleet.at}
    expected = [in_a_row(assessment) for assessment in fleet.assessments]
    for form in (columns, documents):
        assert rows(octroi.assess_batch(form(fleet.records), **rules)) == expected
    for record, assessment in zip(fleet.records, fleet.assessments, strict=True):
        assert octroi.assess(record, **rules) == assessment
