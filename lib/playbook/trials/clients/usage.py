"""The token counts of a reply, out of litellm's usage object."""

from __future__ import annotations

from typing import TypedDict


class TokenCounts(TypedDict):
    """Counts as a `Reply` names them; None for what the endpoint did not count."""

    input_tokens: int | None
    output_tokens: int | None
    cached_input_tokens: int | None
    cache_written_tokens: int | None
    reasoning_tokens: int | None


def token_counts(usage: object) -> TokenCounts:
    """Return the counts of a usage object, cached and written tokens as parts of the input.

    litellm brings the providers' ways of counting to OpenAI's, in which parts are counted in the
    whole: it adds cached and written tokens to Anthropic's input, which leaves them out. Where a
    server says nothing of reasoning it writes 0, which is taken as unknown.

    Args:
        usage: litellm's `Usage`, or None.
    """
    read = getattr(usage, "prompt_tokens_details", None)
    answered = getattr(usage, "completion_tokens_details", None)
    return TokenCounts(
        input_tokens=getattr(usage, "prompt_tokens", None),
        output_tokens=getattr(usage, "completion_tokens", None),
        cached_input_tokens=_first(read, "cached_tokens"),
        cache_written_tokens=_first(read, "cache_write_tokens", "cache_creation_tokens"),
        reasoning_tokens=_first(answered, "reasoning_tokens") or None,
    )


def _first(details: object, *names: str) -> int | None:
    counts = (getattr(details, name, None) for name in names)
    return next((count for count in counts if count is not None), None)
