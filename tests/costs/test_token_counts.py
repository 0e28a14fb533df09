"""Tokens of a model over the team's own: measured in one run, else by its tokenizer."""

from datetime import date

import pytest

from playbook.catalog import Catalog, Measurement, load_catalog
from playbook.costs import estimate_costs
from playbook.costs.scenarios import Scenarios
from playbook.costs.token_counts import TokenCount, TokenCounts, measured_ratio
from playbook.profile import Profile, profile_from_sections
from playbook.provenance import Provenance, Source
from tests.catalog.test_tokenizers import a_tokenizer
from tests.costs.builders import AS_OF, a_catalog, a_profile, an_rng

RUN = Source(title="run 1", as_of=date(2026, 11, 20), kind="measured")


def a_count(model: str, tokens: float, source: Source = RUN, **fields: object) -> Measurement:
    values = {
        "model": model,
        "endpoint": f"{model}-endpoint",
        "concurrency": 4,
        "requests": 50,
        "mean_input_tokens": tokens,
        "measured_on": source.as_of,
        "source": source,
    }
    return Measurement.model_validate({**values, **fields})


def counted(model: str, catalog: Catalog, profile: Profile | None = None) -> TokenCount:
    counts = TokenCounts(Scenarios(profile or a_profile(), catalog, rng=an_rng()))
    return counts.of(catalog.model(model))


def a_counting_catalog(**fields: object) -> Catalog:
    """Return a catalog in which `frontier` counts as the team does and `small-8b` makes 1.2x."""
    flat = {"english": 1, "latin": 1, "other": 1}
    more = {"english": 1.2, "latin": 1.5, "other": {"low": 1, "likely": 2, "high": 3}}
    tokenizers = (
        a_tokenizer("o200k", models=["frontier", "mini"], tokens_over_reference=flat),
        a_tokenizer("wordy", families=["small"], tokens_over_reference=more),
    )
    return a_catalog(tokenizers=tokenizers, **fields)


def test_tokenizer_of_the_family_counts_where_nothing_was_measured() -> None:
    found = counted("small-8b", a_counting_catalog())

    assert found.likely == pytest.approx(1.2)
    assert found.provenance is Provenance.QUOTED
    assert "a price list" in found.words


def test_team_that_counts_with_a_model_sees_others_relative_to_it() -> None:
    profile = a_profile(workload={"tokens_counted_by": "small-8b"})
    catalog = a_counting_catalog()

    assert counted("small-8b", catalog, profile).likely == pytest.approx(1.0)
    assert counted("frontier", catalog, profile).likely == pytest.approx(1 / 1.2)


def test_other_languages_are_wider() -> None:
    english, mixed = (
        counted("small-8b", a_counting_catalog(), a_profile(domain={"languages": languages}))
        for languages in (["en"], ["en", "ja"])
    )

    assert english.over_own.std() == pytest.approx(0)
    assert mixed.over_own[1:].min() < english.likely < mixed.likely < mixed.over_own.max()


def test_same_prompts_in_one_run_win_over_the_tokenizer_s_default() -> None:
    """1,300 input tokens over 1,000 of the same prompts."""
    measured = (a_count("frontier", 1_000), a_count("small-8b", 1_300))
    found = counted("small-8b", a_counting_catalog(measurements=measured))

    assert found.likely == pytest.approx(1.3)
    assert found.provenance is Provenance.MEASURED
    assert "run 1" in found.words


def test_two_runs_of_other_prompts_say_nothing() -> None:
    other = RUN.model_copy(update={"title": "run 2"})

    assert measured_ratio([a_count("a", 10), a_count("b", 20, other)], "b", {"a"}) is None


def test_newest_run_counts_with_means_weighted_by_requests() -> None:
    """(10 calls of 100 and 30 of 200) make a mean of 175, over 100."""
    newer = RUN.model_copy(update={"as_of": date(2026, 11, 22)})
    found = measured_ratio(
        [
            a_count("a", 100),
            a_count("b", 500),
            a_count("a", 100, newer),
            a_count("b", 100, newer, requests=10),
            a_count("b", 200, newer, requests=30),
        ],
        "b",
        {"a"},
    )

    assert found == (pytest.approx(1.75), newer)


def test_more_tokens_cost_more_at_the_api_and_load_own_servers_more() -> None:
    """At 1.2 tokens for each: 106.53 USD of tokens (see test_api) on small-8b's host is 1.2x."""
    profile = a_profile(workload={"tokens_per_day": 2e7})
    plain, wordy = (
        {
            one.option: one
            for one in estimate_costs(profile, catalog, rng=an_rng(), as_of=AS_OF).options
        }
        for catalog in (a_catalog(), a_counting_catalog())
    )

    tokens = [each["small-8b@host"].components["tokens"].p50 for each in (plain, wordy)]
    busy = [each["small-8b@self:rented_eu"].deployment for each in (plain, wordy)]
    assert tokens[1] == pytest.approx(1.2 * tokens[0])
    assert busy[0] is not None
    assert busy[1] is not None
    assert busy[1].utilisation == pytest.approx(1.2 * busy[0].utilisation)
    assert plain["frontier@api-house"].usd_per_month == wordy["frontier@api-house"].usd_per_month


def test_the_package_s_claude_is_dearer_per_token_of_the_team_than_its_list_price_says() -> None:
    catalog = load_catalog()
    found = counted("claude-opus-5-5", catalog, profile_from_sections())

    assert 1.35 <= found.likely <= 1.55
    assert found.provenance is Provenance.QUOTED
