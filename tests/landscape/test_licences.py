"""Golden cases: what each licence means for a team, with the clause that decides."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from playbook.catalog import Catalog, load_catalog
from playbook.landscape import LicenceVerdict, judge_licence
from playbook.profile import Profile
from tests.landscape.builders import a_profile


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def judged(
    catalog: Catalog, model: str, *, own_servers: bool = True, **sections: Mapping[str, object]
) -> LicenceVerdict:
    found = catalog.model(model)
    licence = catalog.licence(found.licence)
    return judge_licence(found, licence, a_profile(**sections), own_servers=own_servers)


def test_apache_weights_for_internal_use_are_permitted_without_duty(catalog: Catalog) -> None:
    """Apache License 2.0, section 2 grants use; section 4 binds only who distributes."""
    verdict = judged(catalog, "mixtral-8x7b-instruct-v0.1")

    assert (verdict.outcome, verdict.duties) == ("permitted", ())


def test_passing_apache_weights_on_brings_the_duty_of_section_4(catalog: Catalog) -> None:
    verdict = judged(
        catalog, "mixtral-8x7b-instruct-v0.1", data={"offers_model_to_third_parties": True}
    )

    assert verdict.outcome == "conditional"
    assert verdict.duties[0].startswith("section 4: pass on the licence text")


def test_llama_3_is_conditional_on_its_notices_and_names(catalog: Catalog) -> None:
    """Llama 3 Community License, section 1.b.i: agreement copy, 'Built with Meta Llama 3', name."""
    verdict = judged(catalog, "llama-3-8b-instruct")

    assert verdict.outcome == "conditional"
    assert any("Built with Meta Llama 3" in duty for duty in verdict.duties)
    assert "llama3/{LICENSE" in verdict.citation


@pytest.mark.parametrize(
    ("users", "outcome"),
    [
        (700_000_000, "conditional"),
        (700_000_001, "not_permitted"),
        (None, "unknown"),
    ],
)
def test_llama_has_a_user_ceiling_and_no_revenue_threshold(
    catalog: Catalog, users: int | None, outcome: str
) -> None:
    """Llama 3 Community License, section 2: more than 700 million monthly active users."""
    team = {"monthly_active_users": users, "annual_revenue_usd": 1e11}

    assert judged(catalog, "llama-3-8b-instruct", team=team).outcome == outcome


@pytest.mark.parametrize(
    ("model", "outcome"),
    [("llama-3-8b-instruct", "not_permitted"), ("llama-3.1-8b-instruct", "conditional")],
)
def test_llama_3_outputs_may_not_train_other_models_and_those_of_3_1_may(
    catalog: Catalog, model: str, outcome: str
) -> None:
    """Section 1.b.v of Llama 3; dropped in Llama 3.1, with a naming duty in its place."""
    trains = {"trains_other_models_on_outputs": True}

    assert judged(catalog, model, domain=trains).outcome == outcome
    assert judged(catalog, model, domain=trains, own_servers=False).outcome == outcome


def test_a_use_of_distillation_counts_as_training_on_outputs(catalog: Catalog) -> None:
    verdict = judged(
        catalog, "llama-3-8b-instruct", data={"uses": ["distill_or_train_other_model"]}
    )

    assert verdict.outcome == "not_permitted"


def test_a_team_that_leaves_open_whether_it_trains_on_outputs_gets_unknown(
    catalog: Catalog,
) -> None:
    verdict = judged(catalog, "llama-3-8b-instruct", data={"uses": None})

    assert verdict.outcome == "unknown"
    assert "domain.trains_other_models_on_outputs is not stated" in verdict.words


@pytest.mark.parametrize(
    ("places", "outcome"),
    [
        (["DE"], "not_permitted"),
        (["EU", "FR"], "not_permitted"),
        (["US"], "conditional"),
        (["US", "DE"], "unknown"),
        (None, "unknown"),
    ],
)
def test_llama_4_is_not_licensed_to_a_company_established_in_the_eu(
    catalog: Catalog, places: list[str] | None, outcome: str
) -> None:
    """Llama 4 use policy: no section 1(a) rights to multimodal models in the EU."""
    assert judged(catalog, "llama-4-scout", data={"operating_in": places}).outcome == outcome


@pytest.mark.parametrize(("places", "outcome"), [(["DE"], "unknown"), (["US"], "conditional")])
def test_a_licence_that_was_not_read_for_an_eu_clause_is_in_doubt_in_the_eu_only(
    catalog: Catalog, places: list[str], outcome: str
) -> None:
    unread = catalog.licence("llama4").changed(excludes_eu_multimodal=None)
    found = judged(
        catalog.changed(licences=(unread,)), "llama-4-scout", data={"operating_in": places}
    )

    assert found.outcome == outcome


def test_an_unread_clause_and_an_unstated_use_are_unknown_together(catalog: Catalog) -> None:
    model, left_open = "claude-haiku-5-5", {"uses": None}
    never = {"trains_other_models_on_outputs": False}

    open_ = judged(catalog, model, own_servers=False, data=left_open)
    stated = judged(catalog, model, own_servers=False, data=left_open, domain=never)

    assert open_.outcome == "unknown"
    assert "perhaps may not train other models" in open_.words
    assert stated.outcome == "conditional"


def test_the_eu_clause_does_not_bite_a_text_only_model(catalog: Catalog) -> None:
    """Llama 3.3's policy repeats the clause, but its 70B model takes only text."""
    assert judged(catalog, "llama-3.3-70b-instruct").outcome == "conditional"


@pytest.mark.parametrize(
    ("commercial", "outcome"), [(True, "not_permitted"), (False, "unknown"), (None, "unknown")]
)
@pytest.mark.parametrize("model", ["mistral-large-2.1", "codestral-22b", "qwen2.5-3b-instruct"])
def test_research_weights_are_out_for_commercial_use_and_never_simply_in(
    catalog: Catalog, model: str, outcome: str, *, commercial: bool | None
) -> None:
    """MRL-0.1, MNPL-0.1 and the Qwen Research License grant no commercial use."""
    assert judged(catalog, model, data={"commercial_use": commercial}).outcome == outcome


@pytest.mark.parametrize(
    ("revenue", "outcome"),
    [(240e6, "conditional"), (241e6, "not_permitted"), (None, "unknown")],
)
def test_mistrals_modified_mit_ends_above_its_revenue_cap(
    catalog: Catalog, revenue: float | None, outcome: str
) -> None:
    """USD 20 million a month, taken as 240 million a year."""
    team = {"annual_revenue_usd": revenue}

    assert judged(catalog, "devstral-2", team=team).outcome == outcome


def test_the_cap_on_weights_does_not_reach_who_calls_the_vendors_api(catalog: Catalog) -> None:
    verdict = judged(
        catalog, "mistral-medium-3.5", own_servers=False, team={"annual_revenue_usd": 1e9}
    )

    assert verdict.outcome == "conditional"


def test_deepseek_weights_bind_the_team_to_pass_their_limits_on(catalog: Catalog) -> None:
    """DeepSeek Model License, section 5 and attachment A."""
    verdict = judged(catalog, "deepseek-coder-6.7b-instruct")

    assert verdict.outcome == "conditional"
    assert any("no military use" in duty for duty in verdict.duties)


@pytest.mark.parametrize("own_servers", [True, False])
def test_a_licence_nobody_read_is_unknown_in_every_lane(
    catalog: Catalog, *, own_servers: bool
) -> None:
    assert judged(catalog, "kimi-k2.6", own_servers=own_servers).outcome == "unknown"


def test_a_team_that_states_nothing_is_never_simply_permitted_restricted_weights(
    catalog: Catalog,
) -> None:
    """Unknown is never a pass: each licence with a ceiling, a cap or a ban stays open."""
    for model in catalog.models:
        licence = catalog.licence(model.licence)
        restricted = (
            licence.commercial_use in (None, "no")
            or licence.monthly_user_ceiling is not None
            or licence.revenue_cap_usd_per_year is not None
        )
        verdict = judge_licence(model, licence, Profile(), own_servers=True)
        if restricted:
            assert verdict.outcome == "unknown", model.id
