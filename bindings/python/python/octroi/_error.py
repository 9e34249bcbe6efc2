"""What is wrong with what was handed in."""

from __future__ import annotations


class OctroiError(ValueError):
    """Why octroi refused what it was given: where, what stands there, and what should. Nothing was decided then.

    A row of a batch that cannot be read raises nothing: it has its error in its place.
    """

    #: The place, such as ``device.ownership`` or ``observations[0].apps[3].id``; empty at the top.
    path: str
    #: What stands there.
    found: str
    #: What should stand there.
    expected: str
    #: The line, from 1, where it is a text that was given.
    line: int | None
    #: The column in bytes, from 1, where it is a text that was given.
    column: int | None

    def __init__(
        self, path: str, found: str, expected: str, line: int | None = None, column: int | None = None
    ) -> None:
        super().__init__(path, found, expected, line, column)
        self.path = path
        self.found = found
        self.expected = expected
        self.line = line
        self.column = column

    def __str__(self) -> str:
        place = [f"line {self.line}, column {self.column}"] if self.line is not None else []
        place += [f"`{self.path}`"] if self.path else []
        before = "".join(f"{part}: " for part in place)
        return f"{before}found {self.found}, expected {self.expected}"


class EvidenceRefused(Exception):
    """Why a statement of a phone does not count.

    ``docs/evidence.md`` has every code. A statement that is refused says nothing about the phone.
    """

    #: What is wrong: a code such as ``unknown_key`` or ``wrong_nonce``.
    code: str
    #: The same for a developer, in English.
    message: str

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return f"{self.message} ({self.code})"
