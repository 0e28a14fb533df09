"""An attempt as a span, in the words of OpenTelemetry's conventions for generative AI.

Source: OpenTelemetry, Semantic conventions for generative client AI spans (status: development),
https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/, read 2026-11-28.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from playbook.profile.endpoints import Endpoint
from playbook.trials.plan import Trial
from playbook.trials.records import Attempt
from playbook.trials.samples import SHOWN_CLASSES

Value = str | bool | int | float
Attributes = Mapping[str, Value]
_PROVIDERS = {
    "azure": "azure.ai.openai",
    "bedrock": "aws.bedrock",
    "gemini": "gcp.gemini",
    "mistral": "mistral_ai",
    "vertex_ai": "gcp.vertex_ai",
    "xai": "x_ai",
}
"""Names of the conventions that differ from litellm's prefix."""
_EMBEDDED = "llama_cpp"
_KINDS = frozenset(
    {"timeout", "rate_limit", "server", "connection", "auth", "bad_request", "other"}
)
_NS = 1_000_000_000


@dataclass(frozen=True)
class SpanRecord:
    """One attempt as a span, of ids and numbers."""

    name: str
    """`chat` and the model."""
    kind: Literal["CLIENT", "INTERNAL"]
    """INTERNAL where the gate kept the prompt back: nothing was sent."""
    trace_id: str
    """32 hex digits; the same for all of a run."""
    span_id: str
    """16 hex digits."""
    start_ns: int
    """Nanoseconds since 1970."""
    end_ns: int
    """Nanoseconds since 1970."""
    attributes: Attributes
    """By name of the conventions; the playbook's own begin with `playbook.`."""
    error: str = ""
    """Kind of failure; empty of an answer."""
    resource: Attributes = field(default_factory=dict)
    """What sends it."""
    texts: Attributes = field(default_factory=dict)
    """Prompt and answer, where they were asked for and may be shown; they stay on this machine."""


def span_of(attempt: Attempt, trial: Trial, *, run: str) -> SpanRecord:
    """Return an attempt as a span.

    Args:
        attempt: Line of the ledger.
        trial: What was tried.
        run: Name of the run folder.
    """
    end_ns = int(attempt.at.timestamp() * _NS)
    failed = error_type(attempt)
    sent = attempt.outcome != "refused_by_gate"
    attributes = {
        **_asked(trial),
        **_answered(attempt),
        **_own(attempt, run),
        "error.type": failed or None,
    }
    return SpanRecord(
        name=f"chat {attributes['gen_ai.request.model']}",
        kind="CLIENT" if sent else "INTERNAL",
        trace_id=_digest("run", run)[:32],
        span_id=_digest(run, attempt.run_key, attempt.attempt, attempt.at.isoformat())[:16],
        start_ns=end_ns - int((attempt.total_s or 0.0) * _NS),
        end_ns=end_ns,
        attributes={name: value for name, value in attributes.items() if value is not None},
        error=failed,
    )


def texts_of(attempt: Attempt, trial: Trial) -> Attributes:
    """Return prompt and answer as the conventions write them; nothing of confidential prompts."""
    if attempt.data_class not in SHOWN_CLASSES:
        return {}
    asked = [_message(one.role, one.content) for one in trial.request.messages]
    answered = [_message("assistant", attempt.text)] if attempt.text else []
    return {
        "gen_ai.input.messages": json.dumps(asked),
        "gen_ai.output.messages": json.dumps(answered),
    }


def _message(role: str, content: str) -> dict[str, object]:
    return {"role": role, "parts": [{"type": "text", "content": content}]}


def error_type(attempt: Attempt) -> str:
    """Return the kind of a failure, from a closed list; empty of an answer.

    What a provider said of it is not told: it may repeat the prompt.
    """
    if attempt.outcome == "answered":
        return ""
    kind = attempt.error.partition(":")[0]
    return kind if attempt.outcome == "error" and kind in _KINDS else attempt.outcome


def _asked(trial: Trial) -> dict[str, Value | None]:
    endpoint, request = trial.endpoint, trial.request
    host, port = _server(endpoint)
    return {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": provider_of(endpoint),
        "gen_ai.request.model": endpoint.embedded or endpoint.litellm_model.partition("/")[2],
        "gen_ai.request.max_tokens": request.max_tokens,
        "gen_ai.request.temperature": request.temperature,
        "gen_ai.request.seed": request.seed,
        "server.address": host or None,
        "server.port": port,
    }


def _answered(attempt: Attempt) -> dict[str, Value | None]:
    return {
        "gen_ai.response.id": attempt.request_id or None,
        "gen_ai.response.model": attempt.model_answered or None,
        "gen_ai.response.time_to_first_chunk": attempt.first_token_s,
        "gen_ai.usage.input_tokens": attempt.input_tokens,
        "gen_ai.usage.output_tokens": attempt.output_tokens,
        "gen_ai.usage.cache_read.input_tokens": attempt.cached_input_tokens,
        "gen_ai.usage.cache_creation.input_tokens": attempt.cache_written_tokens,
        "gen_ai.usage.reasoning.output_tokens": attempt.reasoning_tokens,
    }


def _own(attempt: Attempt, run: str) -> dict[str, Value | None]:
    own: dict[str, Value | None] = {
        "run.id": run,
        "endpoint.id": attempt.endpoint,
        "prompt_set.id": attempt.prompt_set,
        "prompt.id": attempt.prompt,
        "prompt.data_class": attempt.data_class.value,
        "repeat": attempt.repeat,
        "attempt": attempt.attempt,
        "final": attempt.final,
        "purpose": attempt.purpose,
        "outcome": attempt.outcome,
        "passed": attempt.passed,
        "cost_usd": attempt.cost_usd,
        "at_most_usd": attempt.at_most_usd,
        "total_s": attempt.total_s,
        "token_gap_s": attempt.token_gap_s,
        "client": attempt.client,
        "client_lag_s": attempt.client_lag_s,
        "client_busy": attempt.client_busy,
        "recorded": attempt.recorded or None,
        "from_store": attempt.stored_on is not None or None,
        "load.in_flight": attempt.load or None,
        "load.rate_per_s": attempt.rate_per_s or None,
        "load.late_s": attempt.late_s,
    }
    return {f"playbook.{name}": value for name, value in own.items()}


def provider_of(endpoint: Endpoint) -> str:
    """Return the provider of an endpoint as the conventions name it, else litellm's prefix."""
    if endpoint.embedded is not None:
        return _EMBEDDED
    prefix = endpoint.litellm_model.partition("/")[0]
    return _PROVIDERS.get(prefix, prefix)


def _server(endpoint: Endpoint) -> tuple[str, int | None]:
    parts = urlsplit(endpoint.api_base)
    try:
        port = parts.port
    except ValueError:  # no number
        port = None
    return parts.hostname or "", port


def _digest(*parts: object) -> str:
    return hashlib.sha256(":".join(map(str, parts)).encode()).hexdigest()
