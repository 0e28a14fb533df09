"""What controls see of options and endpoints, and which question settles what is unknown."""

from __future__ import annotations

from typing import Any

import pytest

from playbook.compliance import answer_problems
from playbook.compliance.subjects import endpoint_subject
from playbook.profile import Profile
from playbook.profile.endpoints import Endpoint
from tests.compliance.builders import (
    CHINESE_OWN,
    OWN,
    RENTED,
    US_API,
    a_catalog,
    a_control,
    a_profile,
    all_answered,
    assess,
    verdict,
    verdicts,
    with_controls,
)

OPTIONS = {one.id: one for one in a_catalog().options(["own_network", "rented_us"])}
TUNING = {"will_fine_tune": True, "fine_tune_data_types": ["client_confidential"]}


def excluding(**condition: Any) -> Any:  # noqa: ANN401  a condition as in YAML
    effect = {"when": "always", "exclude": condition}
    return with_controls(a_control(effects=(effect,)))


def seen_of(endpoint: Endpoint, profile: Profile | None = None) -> dict[str, Any]:
    option = OPTIONS.get(endpoint.option)
    return dict(endpoint_subject(endpoint, option, profile or a_profile()).attributes)


def test_a_control_can_name_the_developer_of_a_model() -> None:
    catalog = excluding(opt="model_developer", **{"in": ["Tester of weights"]})

    found = verdicts(a_profile(), catalog)

    assert found[OWN] == "OUT"
    assert found[US_API] == found[CHINESE_OWN] == "OK"


def test_a_control_can_name_the_inputs_that_a_model_takes() -> None:
    catalog = excluding(opt="model_modalities", has="image")

    found = verdicts(a_profile(), catalog)

    assert found[US_API] == "OUT"
    assert found[OWN] == "OK"


@pytest.mark.parametrize(
    ("option", "asked"),
    [
        (US_API, "data.suppliers.us-api.us_persons_only"),
        (RENTED, "data.suppliers.rented_us.us_persons_only"),
    ],
)
def test_whether_only_us_persons_have_access_is_unknown_until_the_catalogue_says(
    option: str, asked: str
) -> None:
    catalog = excluding(opt="us_persons_only", **{"is": False})

    found = assess(a_profile(), catalog)

    (question,) = [one for one in found.open_questions if one.id == asked]
    assert verdict(a_profile(), option, catalog).questions == (asked,)
    assert question.question.startswith("Do only US persons, on US soil, have access")


def test_an_endpoint_declares_its_operator_and_takes_the_model_from_its_option() -> None:
    endpoint = Endpoint(id="a", litellm_model="x/closed", option=US_API, us_persons_only=True)

    seen = seen_of(endpoint)

    assert seen["us_persons_only"] is True
    assert (seen["model_developer"], seen["model_modalities"]) == ("Maker", ("text", "image"))
    assert seen["lane"] == "frontier_api"


def test_an_endpoint_of_no_option_is_asked_which_one_it_is() -> None:
    subject = endpoint_subject(Endpoint(id="a", litellm_model="x/y"), None, a_profile())

    unknown = ("model_developer", "model_modalities", "model_origin", "licence", "lane")

    assert all(subject.attributes[name] is None for name in unknown)
    assert {subject.questions[name] for name in unknown} == {"trials.endpoints.a.option"}
    assert subject.questions["us_persons_only"] == "trials.endpoints.a.us_persons_only"


@pytest.mark.parametrize(
    ("domain", "seen"),
    [(TUNING, ("client_confidential",)), ({"will_fine_tune": True}, None)],
)
def test_an_endpoint_tuned_on_own_data_is_tuned_on_what_the_team_says(
    domain: dict[str, Any], seen: tuple[str, ...] | None
) -> None:
    tuned = Endpoint(id="a", litellm_model="x/y", tuned_on_own_data=True)
    plain = Endpoint(id="b", litellm_model="x/y")
    team = a_profile(domain=domain)

    assert seen_of(tuned, team)["tuned_on"] == seen
    assert seen_of(plain, team)["tuned_on"] == ()


@pytest.mark.parametrize(
    ("contracts", "expected"),
    [
        ({}, "UNDETERMINED"),
        ({"others": []}, "OUT"),
        ({"others": [], "us-api": ["baa"]}, "OK"),
        ({"others": ["baa"]}, "OK"),
        ({"others": ["baa"], "us-api": []}, "OUT"),
    ],
)
def test_others_speaks_for_all_that_the_list_of_contracts_does_not_name(
    contracts: dict[str, list[str]], expected: str
) -> None:
    team = a_profile(
        data_class="restricted",
        data_types=["phi"],
        contracts=contracts,
        answers=all_answered("met"),
    )

    assert answer_problems(team, a_catalog()) == []
    assert verdict(team, US_API).verdict.value == expected
