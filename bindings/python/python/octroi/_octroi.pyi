"""What Rust brings; the package gives it names."""

class Deployment:
    def __init__(self, json: str) -> None: ...
    @property
    def json(self) -> str: ...

class Policies:
    def __init__(
        self, documents: list[str] | None, deployment: Deployment, stale_since: dict[str, str]
    ) -> None: ...
    @property
    def stale_since(self) -> dict[str, str]: ...
    def are_of(self, deployment: Deployment) -> None: ...
    @property
    def documents(self) -> list[str]: ...
    @property
    def versions(self) -> list[tuple[str, int]]: ...

class ArrowSchema:
    """A schema that other libraries read."""

    def __arrow_c_schema__(self) -> object: ...

class Assessments:
    """What was decided, one row for each device: columns by Arrow's PyCapsule interface."""

    def __len__(self) -> int: ...
    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __arrow_c_schema__(self) -> object: ...

def assess_json(record: str, policies: Policies, deployment: Deployment, at: str) -> str: ...
def assess_batch(
    records: object, policies: Policies, deployment: Deployment, at: str, bad_records: bool
) -> Assessments: ...
def record_schema() -> ArrowSchema: ...
def assessment_schema() -> ArrowSchema: ...
def read_export(
    export: bytes,
    kind: str | None,
    policies: Policies,
    platform: str | None,
    time_zone: str | None,
    profile: bool,
) -> tuple[str, str]: ...
def verify_evidence(
    token: str,
    nonce: str,
    audience: str,
    keys: list[str],
    roots: list[bytes],
    policies: Policies,
    deployment: Deployment,
    at: str,
    max_age: int,
    clock_skew: int,
    minimum_versions: list[tuple[str, int]],
    refuse_mismatch: bool,
) -> str: ...
