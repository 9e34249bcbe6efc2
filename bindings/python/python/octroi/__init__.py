"""octroi: may a phone reach an administration's internal network, and why?

One device is a record, a ``dict`` or JSON in the form of ``docs/forms.md``; what comes back is an assessment in the form of the
same page, as a ``dict``::

    import octroi

    record = {
        "device": {"platform": "android", "ownership": "organization"},
        "observations": [{"apps": [{"id": "com.zhiliaoapp.musically"}]}],
    }
    assessment = octroi.assess(record)
    assessment["access"]["decision"]  # 'deny'

A fleet is columns, see :func:`assess_batch`, or a DataFrame of Spark's, see :mod:`octroi.spark`.
Any thread may call any of this, and others run while octroi works.
"""

from __future__ import annotations

import json as _json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any, Protocol

from . import _octroi
from ._error import EvidenceRefused, OctroiError
from ._octroi import Assessments

__all__ = [
    "Assessments",
    "Deployment",
    "EvidenceRefused",
    "OctroiError",
    "Policies",
    "Reading",
    "assess",
    "assess_batch",
    "assessment_schema",
    "read_export",
    "record_schema",
    "verify_evidence",
]


class HasBatch(Protocol):
    """Anything that gives one batch of Arrow columns, such as pyarrow's ``RecordBatch``."""

    def __arrow_c_array__(self, requested_schema: object | None = None) -> object: ...


class HasBatches(Protocol):
    """Anything that gives batches of Arrow columns: a table of pyarrow, a frame of Polars, or of pandas with ``reset_index(drop=True)``."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


class Deployment:
    """What one administration sets over the policies (``docs/forms.md``). It never changes.

    Fields are given by name, or all of them as JSON; a date may be a :class:`datetime.date`, a duration of whole hours a
    :class:`datetime.timedelta`::

        Deployment(administration="Commune", notified_on=date(2023, 3, 27), policy_stale_after=timedelta(days=30))

    Raises :class:`OctroiError` for anything that is not the form to the letter.
    """

    __slots__ = ("_read",)

    def __init__(self, json: str | bytes | None = None, /, **fields: object) -> None:
        if json is not None and fields:
            raise TypeError("a deployment is given as JSON or by its fields, not both")
        self._read = _octroi.Deployment(_text(fields if json is None else json))

    @property
    def json(self) -> str:
        """The deployment as JSON."""
        return self._read.json

    def __eq__(self, other: object) -> bool:
        return self.json == other.json if isinstance(other, Deployment) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.json)

    def __repr__(self) -> str:
        return f"Deployment({self.json!r})"

    def __reduce__(self) -> tuple[Callable[..., Deployment], tuple[str]]:
        return Deployment, (self.json,)


class Policies:
    """Policies to assess devices under, in the order in which the deployment names them. They never change."""

    __slots__ = ("_deployment", "_read")

    def __init__(
        self,
        documents: Iterable[str | bytes | Mapping[str, object]] | None = None,
        *,
        deployment: Deployment | None = None,
        stale_since: Mapping[str, datetime | str] | None = None,
    ) -> None:
        """Take the policies that the deployment names from these documents, or from those that ship with octroi.

        ``documents`` are in the form of ``docs/policy-format.md``. ``stale_since`` says of a policy, by its id, since when it is
        unconfirmed: the expiry of the update metadata that brought it. Raises :class:`OctroiError` for a policy that is not its form
        to the letter, and if the deployment names one that is not there.
        """
        _check_type("deployment", deployment, Deployment)
        self._deployment = deployment or Deployment()
        if isinstance(documents, (str, bytes, Mapping)):
            raise TypeError("`documents` are several: give a list")
        texts = None if documents is None else [_text(document) for document in documents]
        since = {id: _instant(instant) for id, instant in (stale_since or {}).items()}
        self._read = _octroi.Policies(texts, self._deployment._read, since)

    @property
    def versions(self) -> list[tuple[str, int]]:
        """The id and the version of each."""
        return self._read.versions

    @property
    def documents(self) -> list[str]:
        """Each as JSON."""
        return self._read.documents

    def __eq__(self, other: object) -> bool:
        return self.__reduce__() == other.__reduce__() if isinstance(other, Policies) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.__reduce__())

    def __repr__(self) -> str:
        return f"Policies({', '.join(f'{id}@{version}' for id, version in self.versions)})"

    def __reduce__(self) -> tuple[Callable[..., Policies], tuple[object, ...]]:
        return _policies, (tuple(self.documents), self._deployment.json, tuple(self._read.stale_since.items()))


def assess(
    record: Mapping[str, object] | str | bytes,
    *,
    policies: Policies | None = None,
    deployment: Deployment | None = None,
    at: datetime | str | None = None,
) -> dict[str, Any]:
    """Decide for one device at one instant. The same arguments always give the same assessment.

    ``record`` is what is known of the device, ``policies`` are those that the ``deployment`` names unless they are given, the
    deployment is theirs unless another one is given that names the same, and ``at`` is an instant with a time zone, or RFC 3339 with an offset; now, if it is not given.

    Raises :class:`OctroiError` for a record that is not its form to the letter, and for one that declares something of an app that
    neither the policies nor the catalogue knows.
    """
    policies, deployment = _rules(policies, deployment)
    said = _octroi.assess_json(_text(record), policies._read, deployment._read, _instant(at))
    return _object(said)


def assess_batch(
    records: HasBatch | HasBatches,
    *,
    policies: Policies | None = None,
    deployment: Deployment | None = None,
    at: datetime | str | None = None,
) -> Assessments:
    """Decide for each row of a batch, a table or a stream of Arrow columns, without copying them.

    The columns are those of :func:`record_schema`, some or all; or one alone, ``record``, of JSON as text or bytes: records or other
    exports of one device, as on a line of ``octroi fleet``. What comes back has as many rows in the same order, with the columns of
    :func:`assessment_schema`, and is read by whatever reads Arrow: ``pyarrow.table(…)``, ``polars.DataFrame(…)``. A row that cannot be
    read has its ``error``; no row is lost.

    One call works on one core. Several threads, each with a batch of its own, work on several: nothing waits for Python. What comes
    back is in memory whole, also for a stream: give some ten thousand rows at a time, and a batch no more than a million.

    Raises :class:`OctroiError` for columns that are not those of a record, or that hold what their types cannot (text that is none).
    """
    policies, deployment = _rules(policies, deployment)
    return _octroi.assess_batch(records, policies._read, deployment._read, _instant(at), False)


def record_schema() -> _octroi.ArrowSchema:
    """The columns of records: ``pyarrow.schema(octroi.record_schema())``."""
    return _octroi.record_schema()


def assessment_schema() -> _octroi.ArrowSchema:
    """The columns of assessments: ``pyarrow.schema(octroi.assessment_schema())``."""
    return _octroi.assessment_schema()


@dataclass(frozen=True)
class Reading:
    """What an export says."""

    #: The device and what was seen on it, for :func:`assess`.
    record: dict[str, Any]
    #: What a person should know of the reading, most general first: each with its ``code`` (``docs/exports.md``).
    notes: list[dict[str, Any]]


def read_export(
    export: bytes | bytearray | memoryview,
    kind: str = "auto",
    *,
    policies: Policies | None = None,
    platform: str | None = None,
    time_zone: str | None = None,
    scope: str = "device",
) -> Reading:
    """Read what a phone or a device management prints about one device.

    ``kind`` is one of ``record``, ``pm-list``, ``dumpsys``, ``ideviceinstaller``, ``apple-mdm``, ``amapi``, ``intune``, ``fleetdm``;
    ``auto`` goes by the content. ``platform`` is the system where the export does not say, ``time_zone`` that of times without one
    (else that of the first policy), and the ``scope`` ``profile`` says that the list shows a part of the device only.

    Raises :class:`OctroiError` for anything that is not an export of that kind.
    """
    if not isinstance(export, (bytes, bytearray, memoryview)):
        raise OctroiError("export", f"a `{type(export).__name__}`", "the bytes of an export, as a file has them")
    if scope not in ("device", "profile"):
        raise OctroiError("scope", f"`{scope}`", "`device` or `profile`")
    policies, _ = _rules(policies, None)
    of = None if kind == "auto" else kind
    record, notes = _octroi.read_export(
        bytes(export), of, policies._read, platform, time_zone, scope == "profile"
    )
    return Reading(_object(record), _json.loads(notes))


def verify_evidence(
    token: str,
    *,
    nonce: str,
    audience: str,
    keys: Iterable[str] = (),
    roots: Iterable[bytes] = (),
    policies: Policies | None = None,
    deployment: Deployment | None = None,
    at: datetime | str | None = None,
    max_age: int = 300,
    clock_skew: int = 60,
    minimum_versions: Mapping[str, int] | None = None,
    refuse_mismatch: bool = False,
) -> dict[str, Any]:
    """Check a statement that a phone signed, and judge anew what it states (``docs/evidence.md``).

    ``nonce`` and ``audience`` are what the phone was asked with: give a nonce out once, and take it back once. ``keys`` are the
    thumbprints (RFC 7638) of keys that were enrolled; with ``roots``, certificates in DER, the token's own chain has to end at one
    of them instead. ``max_age`` and ``clock_skew`` are in seconds, ``minimum_versions`` are those of policies that the phone has to
    know. Comes back what ``octroi evidence verify --format json`` prints: ``key``, in what it is kept as ``attested``,
    ``issued_at``, ``software``, ``policies``, the phone's own verdict as ``stated``, what ``follows`` from its facts if that is
    another, and the ``assessment`` under your policies.

    Raises :class:`EvidenceRefused` for a statement that does not count.
    """
    policies, deployment = _rules(policies, deployment)
    said = _octroi.verify_evidence(
        token,
        nonce,
        audience,
        list(keys),
        list(roots),
        policies._read,
        deployment._read,
        _instant(at),
        max_age,
        clock_skew,
        list((minimum_versions or {}).items()),
        refuse_mismatch,
    )
    return _object(said)


@lru_cache(maxsize=8)
def _policies(documents: tuple[str, ...], deployment: str, stale_since: tuple[tuple[str, str], ...]) -> Policies:
    """Policies that arrived from another process: read once there, however many tasks bring them."""
    return Policies(documents, deployment=Deployment(deployment), stale_since=dict(stale_since))


def _rules(policies: Policies | None, deployment: Deployment | None) -> tuple[Policies, Deployment]:
    _check_type("policies", policies, Policies)
    _check_type("deployment", deployment, Deployment)
    if policies is None:
        policies = Policies(deployment=deployment)
    if deployment is None or deployment.json == policies._deployment.json:
        return policies, policies._deployment
    policies._read.are_of(deployment._read)
    return policies, deployment


def _check_type(path: str, value: object, wanted: type) -> None:
    if value is not None and not isinstance(value, wanted):
        raise OctroiError(path, f"a `{type(value).__name__}`", f"an `octroi.{wanted.__name__}`")


def _instant(at: datetime | str | None, path: str = "at") -> str:
    if at is None:
        at = datetime.now(timezone.utc)
    if isinstance(at, str):
        return at
    if not isinstance(at, datetime):
        raise OctroiError(path, f"a `{type(at).__name__}`", "a datetime with a time zone, or RFC 3339 with an offset")
    if at.tzinfo is None:
        raise OctroiError(path, f"`{at.isoformat()}`, which has no time zone", "a datetime with one")
    return at.isoformat()


def _text(value: Mapping[str, object] | str | bytes) -> str:
    """The JSON of what is handed in, which the core then reads to the letter."""
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise OctroiError("", f"half a character at {error.start}", "text") from None
        return value
    if isinstance(value, (bytes, bytearray)):
        try:
            return bytes(value).decode()
        except UnicodeDecodeError as error:
            found = f"the byte 0x{value[error.start]:02X} at {error.start}"
            raise OctroiError("", found, "text in UTF-8") from None
    try:
        return _json.dumps(value, allow_nan=False, default=_written)
    except OctroiError:
        raise
    except (TypeError, ValueError, RecursionError) as error:
        raise OctroiError("", str(error), "what JSON can hold") from None


def _written(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, datetime):
        return _instant(value, "")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        hours, rest = divmod(value, timedelta(hours=1))
        # What is no whole number of hours is refused as what it is.
        return f"PT{value.total_seconds():f}S" if rest else f"PT{hours}H"
    raise TypeError(f"a `{type(value).__name__}`")


def _object(json: str) -> dict[str, Any]:
    value: dict[str, Any] = _json.loads(json)
    return value
