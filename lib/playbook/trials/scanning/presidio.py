"""Names of people, found by presidio with a spaCy model that lies on this machine.

Optional: it needs the extra `presidio` and a model, and never fetches either. Of presidio only the
recogniser of the model's own entities is used; its others look up domains on the network.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from playbook.errors import TrialError
from playbook.trials.scanning.reading import Reading
from playbook.trials.scanning.rule import Rule, Span
from playbook.vocabulary import DataClass

NAME_RULE = "person_name"
_ENTITY, _LEAST_SCORE = "PERSON", 0.5
_WHERE = "trials.scan_model"


class Found(Protocol):
    """One result of an analyzer."""

    start: int
    end: int


class Analyzer(Protocol):
    """What is used of presidio's `AnalyzerEngine`."""

    def analyze(
        self, text: str, language: str, entities: list[str], score_threshold: float
    ) -> Sequence[Found]:
        """Return where entities stand."""
        ...


def name_rule(model: str, analyzer: Analyzer | None = None, *, language: str = "") -> Rule:
    """Return the rule that finds names of people with a local model.

    Args:
        model: Installed spaCy package, such as `en_core_web_lg`, or the folder of one.
        analyzer: What finds them; left out, presidio is loaded.
        language: Of the model, as an ISO code; read from the model if left out.

    Raises:
        TrialError: when presidio or the model is not on this machine.
    """
    if analyzer is None:
        if missing := why_no_names(model):
            raise TrialError(missing)
        language, analyzer = _presidio(model)
    ready, spoken = analyzer, language or model[:2]

    def find(reading: Reading) -> Iterator[Span]:
        found = ready.analyze(
            text=reading.text, language=spoken, entities=[_ENTITY], score_threshold=_LEAST_SCORE
        )
        for one in found:
            if one.end > one.start:
                yield one.start, one.end

    title = "name of a person"
    return Rule(NAME_RULE, title, DataClass.CONFIDENTIAL, ("personal",), find)


def why_no_names(model: str) -> str:
    """Return what is missing for a model to find names, with the fix; empty if nothing is."""
    if find_spec("presidio_analyzer") is None or find_spec("spacy") is None:
        return (
            f"{_WHERE}: {model!r} needs presidio, which is not installed; run "
            "`uv sync --extra presidio`, or leave scan_model out: names are then not detected"
        )
    if _folder(model) is None:
        return (
            f"{_WHERE}: {model!r} is no spaCy model on this machine; install its package or give "
            "its folder (nothing is fetched), or leave scan_model out: names are then not detected"
        )
    return ""


def _folder(model: str) -> Path | None:
    """Return the folder of a model with its description, None if there is none."""
    if (Path(model) / "meta.json").is_file():
        return Path(model)
    spec = find_spec(model) if model.isidentifier() else None
    package = Path(spec.origin).parent if spec and spec.origin else None
    return package if package and (package / "meta.json").is_file() else None


def _presidio(model: str) -> tuple[str, Analyzer]:
    import spacy  # noqa: PLC0415  of the extra, seconds to import
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry  # noqa: PLC0415  likewise
    from presidio_analyzer.nlp_engine import SpacyNlpEngine  # noqa: PLC0415  likewise
    from presidio_analyzer.predefined_recognizers import SpacyRecognizer  # noqa: PLC0415  likewise

    folder = _folder(model)
    meta = json.loads(((folder or Path(model)) / "meta.json").read_text(encoding="utf-8"))
    language = str(meta["lang"])
    engine = SpacyNlpEngine(models=[{"lang_code": language, "model_name": model}])
    engine.nlp = {language: spacy.load(model)}
    only = SpacyRecognizer(supported_language=language, supported_entities=[_ENTITY])
    registry = RecognizerRegistry(recognizers=[only], supported_languages=[language])
    analyzer: Analyzer = AnalyzerEngine(
        registry=registry, nlp_engine=engine, supported_languages=[language]
    )
    return language, analyzer
