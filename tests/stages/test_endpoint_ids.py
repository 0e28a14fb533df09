"""An id that the catalogue lacks is judged by litellm's own bundled file."""

from datetime import date

import pytest

from playbook.catalog import load_catalog
from playbook.profile import Endpoint, Profile
from playbook.profile.trial_settings import Trials
from playbook.stages.checks import moving_aliases, notices

CATALOG = load_catalog()


def calling(name: str) -> Profile:
    one = Endpoint.model_validate({"id": "api", "litellm_model": name})
    return Profile(trials=Trials(endpoints=(one,)))


@pytest.mark.parametrize("name", ["gpt-4o", "openai/gpt-4o"])
def test_an_id_with_dated_siblings_moves_and_they_are_named(name: str) -> None:
    assert f"{name}-2024-08-06" in " ".join(moving_aliases(calling(name), CATALOG))


@pytest.mark.parametrize("name", ["openai/gpt-6-luna", "anthropic/claude-haiku-5-5"])
def test_an_id_of_the_catalogue_is_fine(name: str) -> None:
    profile = calling(name)

    assert moving_aliases(profile, CATALOG) == []
    assert notices(profile, CATALOG, as_of=date(2026, 11, 23)) == []


@pytest.mark.parametrize("name", ["openai/nonsense", "anthropic/claude-3-opus-20240229"])
def test_an_id_that_litellm_does_not_know_is_warned_of(name: str) -> None:
    told = notices(calling(name), CATALOG, as_of=date(2026, 11, 23))

    assert told[0].startswith("warning: ")
    assert "is not known to litellm" in told[0]
