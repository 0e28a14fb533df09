"""A server's own list of models: where it is asked for, and whether the expected one is in it."""

from __future__ import annotations

from dataclasses import dataclass

from playbook.errors import TrialError
from playbook.trials.clients.targets import Target

LONGEST_NAME = 200


@dataclass(frozen=True)
class Listing:
    """Where a server lists its models, and how."""

    url: str
    """Address of the list."""
    rows: str
    """Field of the answer that holds its rows."""
    name: str
    """Field of a row that holds a model id."""
    expected_model: str
    """Model id that has to be in it."""

    def names_in(self, answer: object) -> tuple[str, ...]:
        """Return the model ids of an answer.

        Raises:
            ValueError: when it is no list of models.
        """
        rows = answer.get(self.rows) if isinstance(answer, dict) else None
        if not isinstance(rows, list) or not all(
            isinstance(row, dict) and self.name in row for row in rows
        ):
            raise ValueError("no list of models")
        return tuple(str(row[self.name])[:LONGEST_NAME] for row in rows)

    def check(self, endpoint: str, served: tuple[str, ...]) -> None:
        """Check that the expected model is served.

        Raises:
            TrialError: when it is not.
        """
        served += tuple(one.removesuffix(":latest") for one in served)  # as Ollama tags names
        if self.expected_model not in served:
            listed = ", ".join(dict.fromkeys(served)) or "none"
            raise TrialError(
                f"endpoint {endpoint}: serves {listed}, not {self.expected_model}; "
                "set litellm_model or expected_model to what it serves"
            )


def listing_of(target: Target) -> Listing:
    """Return where an endpoint's server lists its models."""
    base = target.api_base.removesuffix("/v1")
    if target.model.startswith("ollama_chat/"):
        return Listing(f"{base}/api/tags", "models", "name", target.expected_model)
    return Listing(f"{base}/v1/models", "data", "id", target.expected_model)
