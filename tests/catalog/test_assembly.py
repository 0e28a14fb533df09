"""Options take the terms of their very model, and say what a team can change."""

from __future__ import annotations

from datetime import date

import pytest

from playbook.catalog import Option
from playbook.catalog.options import Changeable
from playbook.catalog.schema import FineTuning, ModelTerms
from tests.catalog.builders import SOURCE, a_catalog, a_model, a_provider


def some_terms(**changes: object) -> ModelTerms:
    values = {"models": ("small",), "note": "of its own", "source": SOURCE}
    return ModelTerms.model_validate(values | changes)


def some_tuning(**changes: object) -> FineTuning:
    values = {"offered": "limited", "models": ("small",), "words": "adapters", "source": SOURCE}
    return FineTuning.model_validate(values | changes)


def hosted(*, open_weights: bool = True, **provider: object) -> Option:
    catalog = a_catalog(
        models=(a_model(open_weights=open_weights),), providers=(a_provider(**provider),)
    )
    return catalog.options([])[0]


def answers(option: Option) -> dict[str, str | None]:
    return {part: getattr(option.can_change, part).answer for part in Changeable.model_fields}


def test_without_terms_of_its_own_a_model_has_the_providers() -> None:
    found = hosted(retention_days=30, zero_retention="on_approval", processing_regions=("EU",))

    assert (found.retention_days, found.zero_retention) == (30, "on_approval")
    assert found.processing_regions == ("EU",)


def test_terms_of_a_model_replace_the_default_and_leave_open_what_they_do_not_state() -> None:
    """A newer model may keep prompts where older ones do not: the default says nothing of it."""
    found = hosted(
        retention_days=0,
        zero_retention="default",
        processing_regions=("EU", "US"),
        model_terms=(some_terms(zero_retention="none"),),
    )

    assert (found.retention_days, found.zero_retention) == (None, "none")
    assert found.processing_regions == ("EU", "US")


def test_a_model_served_in_fewer_regions_is_an_option_only_there() -> None:
    found = hosted(
        processing_regions=("EU", "US"), model_terms=(some_terms(processing_regions=("US",)),)
    )

    assert found.processing_regions == ("US",)


def test_terms_of_another_model_say_nothing_of_this_one() -> None:
    found = hosted(
        retention_days=30, model_terms=(some_terms(models=("large",), retention_days=0),)
    )

    assert found.retention_days == 30


def test_on_own_servers_everything_can_be_changed_and_nothing_is_kept() -> None:
    own = a_catalog().options(["cellar"])[1]

    assert set(answers(own).values()) == {"yes"}
    assert (own.retention_days, own.zero_retention) == (0, "default")


def test_a_closed_models_weights_and_tokenizer_are_out_of_reach_whatever_is_tuned() -> None:
    found = hosted(open_weights=False, fine_tuning=some_tuning())

    assert answers(found) == {
        "weights": "no",
        "tokenizer": "no",
        "training_data": "limited",
        "inference_settings": "limited",
    }


@pytest.mark.parametrize(
    ("tuning", "answer", "told"),
    [
        (None, None, "whether Host tunes models is not known"),
        (some_tuning(), "limited", "adapters"),
        (some_tuning(models=("large",)), None, "not known for this model"),
        (some_tuning(models=("large",), lists_all=True), "no", "not among the models it tunes"),
        (some_tuning(offered="no", words="none"), "no", "none"),
        (some_tuning(offered="ending", last_start=date(2027, 1, 6)), "limited", "2027-01-06"),
    ],
)
def test_hosted_weights_change_as_the_provider_tunes_them(
    tuning: FineTuning | None, answer: str | None, told: str
) -> None:
    change = hosted(fine_tuning=tuning).can_change

    assert change.weights.answer == change.training_data.answer == answer
    assert told in change.weights.because
    assert change.tokenizer.answer is None


def test_every_answer_on_what_can_be_changed_says_why() -> None:
    for option in a_catalog().options(["cellar"]):
        assert all(getattr(option.can_change, part).because for part in Changeable.model_fields)
