"""The error tree: every error says what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Sequence


class PlaybookError(Exception):
    """A problem that its reader can mend; shown without a traceback, exit code 2."""


class Problem(str):
    """One line that names file, field, value and fix."""

    __slots__ = ()


class ProblemsError(PlaybookError):
    """All problems of one input at once.

    Args:
        what: The input they belong to, such as `params/acme.yaml`.
        problems: One line each, most important first.

    Example:
        >>> print(ProblemsError("params/a.yaml", ["workload.x is unknown"]))
        params/a.yaml: 1 problem
          - workload.x is unknown
    """

    def __init__(self, what: str, problems: Sequence[str]) -> None:
        self.what = what
        self.problems = tuple(problems)
        count = f"{len(self.problems)} problem{'' if len(self.problems) == 1 else 's'}"
        super().__init__("\n".join([f"{what}: {count}", *(f"  - {line}" for line in problems)]))

    def __reduce__(self) -> tuple[type[ProblemsError], tuple[str, tuple[str, ...]]]:
        """Return how to make it again in another process, such as one team's of a batch."""
        return type(self), (self.what, self.problems)


class ParamsError(ProblemsError):
    """A params file or a set of notebook parameters is wrong."""


class CatalogError(ProblemsError):
    """The facts in `catalog/data` are wrong or contradict each other."""


class PromptSetError(ProblemsError):
    """A prompt set file is wrong."""


class EngineError(PlaybookError):
    """The embedded engine could not be started or stopped working."""


class TrialError(PlaybookError):
    """A trial could not be run at all (single failed calls are results, not errors)."""


class CredentialsError(PlaybookError):
    """A key or address is missing; the message names its variable and never its value."""


class ArtefactError(PlaybookError):
    """A run folder or a file in it is missing, unfinished or of another schema."""
