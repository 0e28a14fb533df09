"""Names are found with a local model only; what is missing is said with its fix."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from playbook.errors import TrialError
from playbook.trials.scanning import RULES, Hit, presidio, scan
from playbook.trials.scanning.presidio import name_rule, why_no_names
from playbook.vocabulary import DataClass


@dataclass
class Span:
    start: int
    end: int


@dataclass
class StandIn:
    """Takes every `Jane Roe` for a name, as a model would."""

    asked: list[tuple[str, str, list[str], float]] = field(default_factory=list)

    def analyze(
        self, text: str, language: str, entities: list[str], score_threshold: float
    ) -> list[Span]:
        self.asked.append((text, language, entities, score_threshold))
        at = text.find("Jane Roe")
        return [Span(at, at + 8), Span(0, 0)] if at >= 0 else []


def with_packages(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    monkeypatch.setattr(presidio, "find_spec", lambda name: name if name in names else None)


def test_a_model_finds_names_beside_the_other_rules() -> None:
    rule = name_rule("en_core_web_sm", StandIn())

    hits = scan("Jane Roe, jane@example.com", rules=(*RULES, rule))

    assert hits == (Hit(0, 0, 8, "person_name"), Hit(0, 10, 26, "email"))
    assert rule.data_class is DataClass.CONFIDENTIAL


def test_the_model_is_asked_for_people_in_its_own_language() -> None:
    analyzer = StandIn()

    scan("Hallo", rules=(name_rule("de_core_news_sm", analyzer),))

    ((text, language, entities, _),) = analyzer.asked
    assert (text, language, entities) == ("Hallo", "de", ["PERSON"])


def test_a_missing_extra_is_told_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_packages(monkeypatch)

    said = why_no_names("en_core_web_sm")

    assert "trials.scan_model: 'en_core_web_sm'" in said
    assert "uv sync --extra presidio" in said
    assert "names are then not detected" in said


def test_a_model_that_is_not_on_this_machine_is_not_fetched(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with_packages(monkeypatch, "presidio_analyzer", "spacy")

    for model in ("en_core_web_sm", str(tmp_path), "../x"):
        assert "is no spaCy model on this machine" in why_no_names(model)
        with pytest.raises(TrialError, match="nothing is fetched"):
            name_rule(model)


def test_a_folder_with_a_model_will_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with_packages(monkeypatch, "presidio_analyzer", "spacy")
    (tmp_path / "meta.json").write_text('{"lang": "en"}', encoding="utf-8")

    assert why_no_names(str(tmp_path)) == ""
