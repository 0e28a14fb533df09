"""Answers side by side, each on a card with its outcome, time, tokens and cost; text is escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from playbook.figures.theme import short, usd
from playbook.profile import Endpoint
from playbook.trials.records import Attempt, Outcome

LONGEST_SHOWN = 20_000
LEAST_USD = 0.001
_ROW = "display:flex;flex-wrap:wrap;gap:12px;align-items:flex-start"
_CARD = "flex:1 1 260px;max-width:640px;border:1px solid #c8ccd0;border-radius:4px;padding:8px 12px"
_TEXT = (
    "white-space:pre-wrap;overflow-wrap:anywhere;max-height:320px;overflow:auto;margin:6px 0;"
    "font-family:var(--jp-code-font-family,monospace);font-size:13px"
)
_GOOD, _PLAIN, _BAD = "#1b7f5c", "#8a5a00", "#b3261e"
OUTCOME_WORDS: Mapping[Outcome, tuple[str, str]] = {
    "answered": ("✓ answered", _GOOD),
    "truncated": ("✂ cut at the longest answer", _PLAIN),
    "filtered": ("⊘ refused or filtered by the provider", _PLAIN),
    "refused_by_gate": ("⛔ kept back, nothing was sent", _PLAIN),
    "wrong_model": ("✗ another model answered", _BAD),
    "timeout": ("✗ no full answer in time", _BAD),
    "error": ("✗ failed", _BAD),
}


def cards(lines: Sequence[Attempt], endpoints: Mapping[str, Endpoint]) -> Markup:
    """Return a card for each attempt, in a row that wraps.

    Args:
        lines: What became of a prompt, one of each endpoint; every text in them is hostile.
        endpoints: By id, for their names.
    """
    made = Markup("").join(_card(one, endpoints.get(one.endpoint)) for one in lines)
    return Markup("<div style='{}'>{}</div>").format(_ROW, made)


def _card(line: Attempt, endpoint: Endpoint | None) -> Markup:
    words, colour = OUTCOME_WORDS[line.outcome]
    card = Markup(
        "<div style='{}'><b>{}</b>{}<div style='color:{}'>{}</div>"
        "<div style='{}'>{}</div><small>{}</small></div>"
    )
    name = (endpoint.title if endpoint else "") or line.endpoint
    text = _text(line)
    return card.format(_CARD, name, _role(endpoint), colour, words, _TEXT, text, _figures(line))


def _text(line: Attempt) -> str:
    calls = [f"calls {one.name}({one.arguments})" for one in line.tool_calls]
    parts = [line.text[:LONGEST_SHOWN], *calls, line.error]
    cut = ["… cut here"] if len(line.text) > LONGEST_SHOWN else []
    return "\n".join([one for one in parts if one] + cut)


def _role(endpoint: Endpoint | None) -> Markup:
    if endpoint is None or not (endpoint.embedded or endpoint.stand_in):
        return Markup()
    words = "demonstration model" if endpoint.embedded else ""
    words = ", ".join(one for one in ("stand-in" if endpoint.stand_in else "", words) if one)
    return Markup(" <small>({})</small>").format(words)


def _figures(line: Attempt) -> str:
    counted = (line.input_tokens, line.output_tokens)
    parts = [
        line.model_answered,
        f"{short(line.total_s)} s" if line.total_s is not None else "",
        f"{counted[0]} tokens in, {counted[1]} out" if None not in counted else "",
        _cost(line.cost_usd),
        "recorded, not asked now" if line.recorded else "",
    ]
    return " · ".join(one for one in parts if one)


def _cost(cost_usd: float | None) -> str:
    if cost_usd is None:
        return ""
    return usd(cost_usd) if cost_usd >= LEAST_USD or cost_usd == 0 else f"under {usd(LEAST_USD)}"
