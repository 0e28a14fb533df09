"""What becomes of promptfoo's asserts: the exact list.

Each mapped one becomes a scorer; `not-` before it turns the scorer round, but for those marked (*).

    equals          exact; json_field with extra fields counted, where the value is an object
    contains        contains, with case
    icontains       contains
    contains-all    contains, every text of a list, with case (*)
    icontains-all   contains, every text of a list (*)
    contains-any    contains, one text of a list, with case
    icontains-any   contains, one text of a list
    starts-with     regex
    regex           regex, where the pattern can't run for long
    is-json         json_schema, also without a schema
    contains-json   json_schema, also without a schema
    is-refusal      refusal

Not mapped, since a model, a program or a number decides that no scorer here works out:
    javascript, python, ruby, webhook, llm-rubric, model-graded-closedqa, model-graded-factuality,
    factuality, g-eval, answer-relevance, context-faithfulness, context-recall, context-relevance,
    conversation-relevance, pi, search-rubric, select-best, max-score, human, moderation,
    guardrails, classifier, similar, similar:cosine, similar:dot, similar:euclidean, levenshtein,
    rouge-n, rouge-l, bleu, gleu, meteor, f-score, perplexity, perplexity-score, cost, latency,
    word-count, finish-reason, is-html, contains-html, is-sql, contains-sql, is-xml,
    contains-xml, is-valid-function-call, is-valid-openai-function-call,
    is-valid-openai-tools-call, tool-call-f1, trace-span-count, trace-span-duration,
    trace-error-spans, assert-set
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from playbook.trials.importing.drafts import Tally
from playbook.trials.importing.foreign_files import json_of
from playbook.trials.scorers import all_scorers

Use = dict[str, Any]
_EXPECTED_COLUMN = re.compile(r"__expected\d{0,3}")
_TYPED = re.compile(r"((?:not-)?[a-z][a-z-]{1,40})(?:\([\d.]{1,8}\))?:\s?(.*)", re.DOTALL)
_ANY_JSON = {"$comment": "any JSON"}
_BARE = ("is-json", "contains-json", "is-refusal")
MAPPED: Mapping[str, str] = {
    "equals": "exact; json_field for an object",
    "contains": "contains, with case",
    "icontains": "contains",
    "contains-all": "contains, all of a list, with case",
    "icontains-all": "contains, all of a list",
    "contains-any": "contains, one of a list, with case",
    "icontains-any": "contains, one of a list",
    "starts-with": "regex",
    "regex": "regex, where it can't run for long",
    "is-json": "json_schema, also without a schema",
    "contains-json": "json_schema, also without a schema",
    "is-refusal": "refusal",
}
"""Assert of promptfoo to the scorer that it becomes."""
_MODEL = "a model decides; write the scorer rubric by hand, which needs trials.judge"
_CODE = "a program decides, and imported programs are not run"
_NUMBER = "no scorer compares so"
_SHAPE = "no scorer checks this form"
_LIKE = "compares by likeness above a threshold; write a scorer with at_least by hand"
NOT_MAPPED: Mapping[str, str] = {
    **dict.fromkeys(("javascript", "python", "ruby", "webhook"), _CODE),
    **dict.fromkeys(
        (
            "llm-rubric", "model-graded-closedqa", "model-graded-factuality", "factuality",
            "g-eval", "answer-relevance", "context-faithfulness", "context-recall",
            "context-relevance", "conversation-relevance", "pi", "search-rubric", "select-best",
            "max-score", "human", "moderation", "guardrails", "classifier",
        ),
        _MODEL,
    ),
    **dict.fromkeys(
        (
            "similar", "similar:cosine", "similar:dot", "similar:euclidean", "levenshtein",
            "rouge-n", "rouge-l", "bleu", "gleu", "meteor", "f-score",
        ),
        _LIKE,
    ),
    **dict.fromkeys(
        ("perplexity", "perplexity-score", "cost", "latency", "word-count", "finish-reason"),
        f"{_NUMBER}; trials record cost, time and how a call ended anyway",
    ),
    **dict.fromkeys(
        ("is-html", "contains-html", "is-sql", "contains-sql", "is-xml", "contains-xml"), _SHAPE
    ),
    **dict.fromkeys(
        (
            "is-valid-function-call", "is-valid-openai-function-call",
            "is-valid-openai-tools-call", "tool-call-f1",
        ),
        "needs the tools of the provider's own settings; write a scorer of tool calls by hand",
    ),
    **dict.fromkeys(
        ("trace-span-count", "trace-span-duration", "trace-error-spans"), "there are no traces"
    ),
    "assert-set": "passes where some of several do; here every scorer must",
}  # fmt: skip
"""Assert of promptfoo that stays behind, and why."""


class _LeftError(Exception):
    """Why an assert stays behind."""


def scorer_uses(
    asserts: list[Any], filled: Callable[[object], object], tally: Tally, *, where: str
) -> tuple[list[Use], list[str]]:
    """Return the scorers that some asserts become; the others are noted.

    Args:
        asserts: Of one test, those of `defaultTest` among them.
        filled: Fills variables into a value, and reads a file that it names.
        tally: Where it is noted what came over.
        where: Place of the test.

    Returns:
        The scorers, and which assert became which.

    Raises:
        LeftBehindError: when a value can't be filled in.
    """
    uses, came = [], []
    for number, one in enumerate(asserts):
        place = f"{where}.assert[{number}]"
        kind = one.get("type") if isinstance(one, Mapping) else None
        if not isinstance(one, Mapping) or not isinstance(kind, str):
            tally.leave("assert", "is no object with a type", place)
            continue
        try:
            use = _use(kind, one, filled)
        except _LeftError as error:
            tally.leave(f"assert {kind[:40]}", str(error), place)
            continue
        uses.append(use)
        came.append(f"{kind} -> {'not ' if use.get('unwanted') else ''}{use['name']}")
        _note_fields(one, tally)
    return uses, came


def test_of_row(row: Mapping[str, str]) -> dict[str, Any]:
    """Return the test of a CSV row: `__expected` columns are asserts, the others variables."""
    wanted = [cell for name, cell in row.items() if _EXPECTED_COLUMN.fullmatch(name) and cell]
    own = {name for name in row if name.startswith("__")}
    left = {name: row[name] for name in own if row[name] and not _EXPECTED_COLUMN.fullmatch(name)}
    variables = {name: cell for name, cell in row.items() if name not in own}
    return {"vars": variables, "assert": [_of_cell(one) for one in wanted], **left}


def _of_cell(cell: str) -> dict[str, str]:
    typed = _TYPED.fullmatch(cell)
    if cell in _BARE:
        return {"type": cell}
    if typed and typed[1].removeprefix("not-") in {*MAPPED, *NOT_MAPPED}:
        return {"type": typed[1], "value": typed[2]}
    return {"type": "equals", "value": cell}


def _note_fields(one: Mapping[str, Any], tally: Tally) -> None:
    if one.get("weight", 1) != 1:
        tally.leave("assert.weight", "every scorer must pass, whatever its weight")
    for name in sorted(set(one) - {"type", "value", "weight"}):
        tally.leave(f"assert.{name[:30]}", "has no counterpart; the assert itself came over")


def _use(kind: str, one: Mapping[str, Any], filled: Callable[[object], object]) -> Use:
    plain, unwanted = kind.removeprefix("not-"), kind.startswith("not-")
    if one.get("weight") == 0:
        raise _LeftError("its weight is 0: it was for information only")
    if plain in NOT_MAPPED:
        raise _LeftError(NOT_MAPPED[plain])
    if plain not in MAPPED:
        raise _LeftError("is not known")
    if unwanted and plain in ("contains-all", "icontains-all"):
        raise _LeftError("no scorer says that at least one of a list is missing")
    value = one.get("value")
    if isinstance(value, str) and re.match(r"file://.*\.(js|cjs|mjs|ts|py|rb)\b", value):
        raise _LeftError(_CODE)
    use = _BUILDERS[plain](filled(value), plain)
    if use["name"] not in all_scorers():
        raise _LeftError(f"the scorer {use['name']} is not installed")
    _check(use)
    return {**use, "unwanted": True} if unwanted else use


def _check(use: Use) -> None:
    scorer = all_scorers()[use["name"]]
    options = {name: use[name] for name in use if name not in ("name", "expected")}
    try:
        scorer.options.model_validate(options)
    except ValidationError as error:
        raise _LeftError(str(error.errors()[0]["msg"]).removeprefix("Value error, ")) from error
    if objection := scorer.objection(use.get("expected")):
        raise _LeftError(objection)


def _equals(value: object, kind: str) -> Use:
    del kind
    if isinstance(value, dict):
        return {"name": "json_field", "expected": value, "extra_fields_count": True}
    return {"name": "exact", "expected": _text(value)}


def _contains(value: object, kind: str) -> Use:
    use: Use = {"name": "contains", "ignore_case": kind.startswith("i")}
    many = kind.endswith(("-all", "-any"))
    expected: object = _texts(value) if many else _text(value)
    need = {"need": "any"} if kind.endswith("-any") else {}
    return {**use, **need, "expected": expected}


def _starts_with(value: object, kind: str) -> Use:
    del kind
    return {"name": "regex", "pattern": "^" + re.escape(_text(value))}


def _regex(value: object, kind: str) -> Use:
    del kind
    return {"name": "regex", "pattern": _text(value)}


def _json(value: object, kind: str) -> Use:
    del kind
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            value = json_of(value)
        except ValueError as error:
            raise _LeftError("its schema is not JSON, or nested too deep") from error
    if value is not None and not isinstance(value, dict):
        raise _LeftError("its schema is no object")
    return {"name": "json_schema", "expected": value or dict(_ANY_JSON)}


def _refusal(value: object, kind: str) -> Use:
    del value, kind
    return {"name": "refusal", "wanted": True}


def _text(value: object) -> str:
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    raise _LeftError("its value is no text")


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        try:
            parts = next(csv.reader([value.replace("\n", " ")], skipinitialspace=True), [])
        except csv.Error as error:
            raise _LeftError(f"its value is no list of texts: {error}") from error
        return [one.strip() for one in parts]
    if isinstance(value, list):
        return [_text(one) for one in value]
    raise _LeftError("its value is no list of texts")


_BUILDERS: Mapping[str, Callable[[object, str], Use]] = {
    "equals": _equals,
    **dict.fromkeys([one for one in MAPPED if "contains" in one and "json" not in one], _contains),
    "starts-with": _starts_with,
    "regex": _regex,
    "is-json": _json,
    "contains-json": _json,
    "is-refusal": _refusal,
}
