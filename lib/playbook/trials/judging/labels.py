"""Labels that people gave to answers: what a judge is calibrated with."""

from __future__ import annotations

import hashlib
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

from pydantic import Field, StrictBool, ValidationError

from playbook.errors import PromptSetError
from playbook.profile.endpoints import EndpointId
from playbook.profile.sections import PromptId
from playbook.records import Record
from playbook.trials.records import Attempt

ENDING = ".labels.jsonl"
LARGEST_FILE_BYTES = 20_000_000
PROBLEMS_SHOWN = 50


class HumanLabel(Record):
    """One line of `<set>.labels.jsonl`: whether a person passed an answer."""

    prompt: PromptId
    """Prompt id."""
    endpoint: EndpointId
    """Endpoint whose answer it was."""
    passed: StrictBool | None
    """Whether the person passed it; null for one that is still to be read, and counts as none."""
    repeat: Annotated[int, Field(ge=0, le=99)] = 0
    """Which of the repeats it was; 0 for the first."""
    answer_sha256: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""
    """SHA-256 of the answer's text (UTF-8), so that the label is left out once it is another."""
    answer: str = ""
    """The answer, for whoever labels it; not read."""

    def is_of(self, answer: Attempt) -> bool:
        """Return whether it labels this very answer."""
        return self.answer_sha256 in ("", sha256_of(answer.text))


def sha256_of(text: str) -> str:
    """Return the hash by which a label names its answer."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def load_labels(prompt_sets: Sequence[str], folder: Path) -> dict[str, tuple[HumanLabel, ...]]:
    """Return the labels by prompt set; none where a set has no file of labels.

    Args:
        prompt_sets: Names of the sets.
        folder: Where their files are.

    Raises:
        PromptSetError: with all problems of all files, each with file, line and fix.
    """
    problems: list[str] = []
    labels: dict[str, tuple[HumanLabel, ...]] = {}
    for name in dict.fromkeys(prompt_sets):
        path = folder / f"{name}{ENDING}"
        if path.is_file():
            labels[name] = tuple(_labels_in(path, problems))
    if problems:
        more = len(problems) - PROBLEMS_SHOWN
        shown = [*problems[:PROBLEMS_SHOWN], *([f"and {more} more"] if more > 0 else [])]
        raise PromptSetError(str(folder), shown)
    return labels


def labels_to_fill(
    attempts: Sequence[Attempt], count: int, rng: random.Random
) -> dict[str, tuple[HumanLabel, ...]]:
    """Return answers that ask for a judge, drawn at random, as labels to fill in by prompt set.

    They are drawn without regard to any verdict: choosing by verdict would make the judge's error
    rates those of the choice.

    Args:
        attempts: Lines of a ledger.
        count: Answers to draw from each set; all where there are fewer.
        rng: Draws them.
    """
    of_set: dict[str, list[HumanLabel]] = defaultdict(list)
    for one in attempts:
        asks = any(name.partition("#")[0] == "rubric" for name in one.scores)
        if asks and one.purpose == "trial" and one.final and one.outcome == "answered":
            label = HumanLabel(
                prompt=one.prompt,
                endpoint=one.endpoint,
                passed=None,
                repeat=one.repeat,
                answer_sha256=sha256_of(one.text),
                answer=one.text,
            )
            of_set[one.prompt_set].append(label)
    return {
        name: tuple(rng.sample(labels, min(count, len(labels)))) for name, labels in of_set.items()
    }


def _labels_in(path: Path, problems: list[str]) -> Iterator[HumanLabel]:
    first_line: dict[tuple[str, str, int], int] = {}
    for number, line in enumerate(_content(path, problems).split(b"\n"), start=1):
        if not line.strip():
            continue
        where = f"{path.name}: line {number}"
        try:
            label = HumanLabel.model_validate(json.loads(line.decode("utf-8-sig")))
        except ValidationError as error:
            problems += [_words(where, one) for one in error.errors(include_url=False)]
            continue
        except (ValueError, RecursionError):
            problems.append(f"{where}: not JSON; write one object a line")
            continue
        key = (label.prompt, label.endpoint, label.repeat)
        if key in first_line:
            problems.append(f"{where}: labels the answer of line {first_line[key]} again; keep one")
            continue
        first_line[key] = number
        if label.passed is not None:
            yield label


def _content(path: Path, problems: list[str]) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        problems.append(f"{path.name}: can't be read ({error.strerror})")
        return b""
    if len(content) > LARGEST_FILE_BYTES:
        problems.append(f"{path.name}: larger than {LARGEST_FILE_BYTES / 1e6:.0f} MB; shorten it")
        return b""
    return content


def _words(where: str, error: object) -> str:
    details = dict(error) if isinstance(error, dict) else {}
    field = ".".join(map(str, details.get("loc", ())))[:40]
    if details.get("type") == "extra_forbidden":
        near = get_close_matches(field, HumanLabel.model_fields, n=1)
        hint = (
            f"did you mean {near[0]}?"
            if near
            else f"known are {', '.join(HumanLabel.model_fields)}"
        )
        return f"{where}: {field} is unknown; {hint}"
    if details.get("type") == "missing":
        return f"{where}: {field} is missing"
    return f"{where}: {field or 'line'}: {details.get('msg', 'is wrong')}"
