"""A check says up front which endpoints a load sweep can't measure."""

from __future__ import annotations

from playbook.stages.load_checks import load_notices
from tests.trials.conftest import a_profile, an_endpoint

EMBEDDED = {"litellm_model": "", "embedded": "demo-base"}
OPTION = "llama-3.1-8b-instruct@self:own_network"


def test_a_sweep_of_embedded_models_only_is_said_to_measure_none() -> None:
    profile = a_profile(an_endpoint("base", **EMBEDDED), load_sweep=[1, 4], load_rates=[2])

    (said,) = load_notices(profile)

    assert said.startswith("warning: trials.load_sweep and load_rates: no endpoint will be")
    assert "playbook trials load" in said


def test_endpoints_without_an_option_are_named_beside_those_with_one() -> None:
    own = an_endpoint("own", option=OPTION)

    (said,) = load_notices(a_profile(own, an_endpoint("bare"), load_rates=[2]))

    assert "trials.load_rates: not bare will be measured" in said


def test_nothing_is_said_where_all_can_be_measured_or_no_sweep_is_asked_for() -> None:
    own = an_endpoint("own", option=OPTION)

    assert not [*load_notices(a_profile(own, load_sweep=[1]))]
    assert not [*load_notices(a_profile(an_endpoint("bare")))]
