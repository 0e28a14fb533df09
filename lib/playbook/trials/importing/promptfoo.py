"""A promptfoo configuration to drafts: prompts times tests, as promptfoo runs them.

What comes over: `prompts` (texts, chat messages as JSON, files inside the folder), `tests` (also
from a YAML, JSON, JSONL or CSV file inside the folder), `defaultTest`, `vars` (a list is run for
each of its values, all lists against each other) and `assert` (see `asserts`). In prompts only
`{{ name }}` is filled in: those with filters, dots, loops or conditions stay behind and are told.
Providers, scenarios, transforms and settings have no counterpart and are told too.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playbook.errors import PromptSetError
from playbook.trials import prompt_templates as fill
from playbook.trials.importing.asserts import scorer_uses, test_of_row
from playbook.trials.importing.drafts import Draft, LeftBehindError, Tally, as_messages
from playbook.trials.importing.foreign_files import inside, json_of, text_of
from playbook.trials.importing.foreign_yaml import read_foreign_yaml
from playbook.trials.importing.samples import csv_rows

MOST_DRAFTS = 20_000
LONGEST_FILLED = 2_000_000  # characters of one text with its variables filled in
_READ_KEYS = ("prompts", "tests", "defaultTest", "description", "providers", "targets", "$schema")
_TEST_KEYS = ("vars", "assert", "description", "metadata", "options")
_CODE = re.compile(r"\.(js|cjs|mjs|ts|py|rb|sh|exe)\b")
_EXPRESSION = re.compile(r"\{\{|\{%|\{#")


@dataclass(frozen=True)
class _Template:
    """One prompt of the configuration."""

    where: str
    label: str
    messages: list[dict[str, Any]]


@dataclass
class _Test:
    """One test, with the defaults laid under it."""

    where: str
    variables: dict[str, Any]
    asserts: list[Any]
    task: object = ""
    expands: bool = True


def promptfoo_drafts(path: Path, tally: Tally) -> list[Draft]:
    """Return a draft for each prompt, test and combination of variables; the rest is noted.

    Raises:
        PromptSetError: when the file is no configuration, or would become too many prompts.
    """
    config = read_foreign_yaml(text_of(path), str(path))
    if not isinstance(config, Mapping) or "prompts" not in config:
        raise PromptSetError(str(path), ["no `prompts:` in it; is it a promptfoo configuration?"])
    for name in config:
        if name not in _READ_KEYS:
            tally.leave(f"section {str(name)[:40]}", "has no counterpart")
    if config.get("providers") or config.get("targets"):
        tally.leave("section providers", "endpoints belong under trials.endpoints of the params")
    source = _Source(path.resolve().parent, tally)
    templates = list(source.templates(config["prompts"]))
    tests = list(source.tests(config.get("tests"), config.get("defaultTest")))
    drafts, characters = list[Draft](), 0
    for draft in _drafts(source, templates, tests):
        characters += sum(len(one["content"]) for one in draft.row["messages"])
        drafts.append(draft)
        if len(drafts) > MOST_DRAFTS:
            many = f"prompts times tests are more than {MOST_DRAFTS:,}; split the file"
            raise PromptSetError(str(path), [many])
        if characters > fill.MOST_TEXT_CHARACTERS:
            most = f"{fill.MOST_TEXT_CHARACTERS // 1_000_000} million characters"
            raise PromptSetError(str(path), [f"becomes more than {most}; split the file"])
    return drafts


def _drafts(
    source: _Source, templates: Sequence[_Template], tests: Sequence[_Test]
) -> Iterator[Draft]:
    for test in tests:
        sets = list(_expanded(test))
        shared = len(templates) * len(sets) > 1
        for template, variables in itertools.product(templates, sets):
            yield from source.draft(template, test, variables, shared=shared)


def _expanded(test: _Test) -> Iterator[dict[str, Any]]:
    """Yield the variables of each run of a test: a list stands for one run a value."""
    names = list(test.variables)
    values = [
        one if isinstance(one, list) and test.expands else [one] for one in test.variables.values()
    ]
    for chosen in itertools.islice(itertools.product(*values), MOST_DRAFTS + 1):
        yield dict(zip(names, chosen, strict=True))


class _Source:
    """Reads a configuration and the files that it names."""

    def __init__(self, folder: Path, tally: Tally) -> None:
        self._folder = folder
        self._tally = tally

    def templates(self, prompts: object) -> Iterator[_Template]:
        for number, one in enumerate(prompts if isinstance(prompts, list) else [prompts]):
            where = f"prompts[{number}]"
            entry = one if isinstance(one, Mapping) else {"raw": one}
            text = entry.get("raw", entry.get("id"))
            try:
                for part in self._prompt_texts(text):
                    yield _Template(where, str(entry.get("label") or ""), _messages(part))
            except ValueError as error:
                self._tally.leave("template", str(error), where)

    def _prompt_texts(self, text: object) -> list[str]:
        if not isinstance(text, str):
            raise LeftBehindError("is no text")
        if not text.startswith("file://") and not re.fullmatch(
            r"[\w./-]{1,200}\.(txt|json|js|ts|py)", text
        ):
            return [text]
        if _CODE.search(text):
            raise LeftBehindError("is a program, and imported programs are not run")
        content = text_of(inside(self._folder, text))
        parts = re.split(r"(?m)^---\s*$", content) if text.endswith(".txt") else [content]
        return [one.strip("\n") for one in parts if one.strip()]

    def tests(self, tests: object, default: object) -> Iterator[_Test]:
        base = default if isinstance(default, Mapping) else {}
        if default and not isinstance(default, Mapping):
            self._tally.leave("defaultTest", "is no object; write it out")
        for where, one in self._listed(tests if tests is not None else [{}]):
            yield self._test(where, one, base)

    def _listed(self, tests: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for number, one in enumerate(tests if isinstance(tests, list) else [tests]):
            where = f"tests[{number}]"
            try:
                if isinstance(one, str):
                    yield from self._of_file(one)
                elif isinstance(one, Mapping):
                    yield where, one
                else:
                    self._tally.leave("test", "is no object", where)
            except ValueError as error:
                self._tally.leave("test", str(error), where)

    def _of_file(self, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        if _CODE.search(name):
            raise LeftBehindError("is a program, and imported programs are not run")
        path = inside(self._folder, name)
        if path.suffix == ".csv":
            for number, row in csv_rows(path, self._tally):
                yield f"{path.name} row {number}", test_of_row(row)
            return
        if path.suffix == ".jsonl":
            lines = [one for one in text_of(path).split("\n") if one.strip()]
            listed: object = [json_of(one) for one in lines]
        else:
            listed = read_foreign_yaml(text_of(path), str(path))
        for number, one in enumerate(listed if isinstance(listed, list) else [listed]):
            if isinstance(one, Mapping):
                yield f"{path.name}[{number}]", one
            else:
                self._tally.leave("test", "is no object", f"{path.name}[{number}]")

    def _test(self, where: str, one: Mapping[str, Any], base: Mapping[str, Any]) -> _Test:
        for name in sorted({*one, *base} - set(_TEST_KEYS)):
            self._tally.leave(f"test.{name[:30]}", "has no counterpart")
        options = {**_mapping(base.get("options")), **_mapping(one.get("options"))}
        for name in sorted(set(options) - {"disableVarExpansion"}):
            self._tally.leave(f"test.options.{str(name)[:30]}", "has no counterpart")
        metadata = {**_mapping(base.get("metadata")), **_mapping(one.get("metadata"))}
        task = next((metadata[name] for name in ("task", "category") if metadata.get(name)), "")
        for name in sorted(set(metadata) - {"task", "category"}):
            self._tally.leave(f"test.metadata.{str(name)[:30]}", "has no counterpart")
        return _Test(
            where,
            {**_mapping(base.get("vars")), **_mapping(one.get("vars"))},
            [*_list(base.get("assert")), *_list(one.get("assert"))],
            task,
            expands=not options.get("disableVarExpansion"),
        )

    def draft(
        self, template: _Template, test: _Test, variables: Mapping[str, Any], *, shared: bool
    ) -> Iterator[Draft]:
        where = f"{test.where} with {template.where}"
        try:
            texts = self._texts(variables)
            row: dict[str, Any] = {
                "messages": [_filled_message(one, texts) for one in template.messages],
                "task": test.task or template.label,
            }
            filled = self._filler(texts)
            uses, came = scorer_uses(test.asserts, filled, self._tally, where=test.where)
        except ValueError as error:
            self._tally.leave("prompt", str(error), where)
            return
        if uses:
            row |= _scored(uses)
        yield Draft(where, row | ({"group": test.where} if shared else {}), came)

    def _texts(self, variables: Mapping[str, Any]) -> dict[str, str]:
        """Return the variables as texts: files read, and other variables in them filled in."""
        plain = {name: self._text(name, value) for name, value in variables.items()}
        return {
            name: _filled(text, plain, f"variable {name}") if _EXPRESSION.search(text) else text
            for name, text in plain.items()
        }

    def _text(self, name: str, value: object) -> str:
        if isinstance(value, str) and value.startswith("file://"):
            if _CODE.search(value) or not re.search(r"\.(txt|md|json|ya?ml|csv)$", value):
                raise LeftBehindError(f"variable {name[:40]} names a file that is no text")
            return text_of(inside(self._folder, value))
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str | int | float):
            return str(value)
        raise LeftBehindError(f"variable {name[:40]} is no text or number")

    def _filler(self, texts: Mapping[str, str]) -> Any:  # noqa: ANN401  a function of any JSON value
        def filled(value: object) -> object:
            if isinstance(value, str) and value.startswith("file://"):
                path = inside(self._folder, value)
                return (
                    read_foreign_yaml(text_of(path), str(path))
                    if path.suffix in (".json", ".yaml", ".yml")
                    else text_of(path)
                )
            if isinstance(value, str):
                return _filled(value, texts, "the value of an assert")
            return [filled(one) for one in value] if isinstance(value, list) else value

        return filled


def _scored(uses: list[dict[str, Any]]) -> dict[str, Any]:
    """Return scorers with what the first wanted one compares with as the prompt's own value."""
    values = [one["expected"] for one in uses if "expected" in one and not one.get("unwanted")]
    shared = values[0] if values else None
    lean = [
        {name: value for name, value in one.items() if name != "expected" or value != shared}
        for one in uses
    ]
    return {"expected": shared, "scorers": lean}


def _messages(text: str) -> list[dict[str, Any]]:
    if text.lstrip().startswith("["):
        try:
            listed = json_of(text)
        except ValueError:
            listed = None
        if isinstance(listed, list) and listed and isinstance(listed[0], Mapping):
            return as_messages(listed)
        if re.search(r'"role"\s{0,8}:', text):
            raise LeftBehindError(
                "is chat messages, but not JSON before its variables are filled in"
            )
    return [{"role": "user", "content": text}]


def _filled_message(message: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    row = dict(message)
    row["content"] = _filled(row["content"], texts, "the prompt")
    if "images" in row:
        row["images"] = [_filled(str(one), texts, "the prompt") for one in row["images"]]
    return row


def _filled(text: str, texts: Mapping[str, str], what: str) -> str:
    lacking = [name for name in fill.names_in(text) if name not in texts]
    if lacking:
        raise LeftBehindError(f"{what} names {{{{ {lacking[0][:40]} }}}}, which no variable gives")
    bare = fill.filled_text(text, dict.fromkeys(texts, ""))
    if _EXPRESSION.search(bare):
        raise LeftBehindError(
            f"{what} has a filter, a dot, a loop or a condition; only {{{{ name }}}} is filled in"
        )
    if fill.filled_length(text, texts) > LONGEST_FILLED:
        raise LeftBehindError(f"{what} has more than {LONGEST_FILLED:,} characters once filled in")
    return fill.filled_text(text, texts)


def _mapping(value: object) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
