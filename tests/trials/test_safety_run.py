"""The whole shipped safety set through a run, with clients that answer by one rule."""

from __future__ import annotations

import shutil
from pathlib import Path

from playbook.clearance import Clearance
from playbook.profile import Endpoint, Profile
from playbook.trials.client import Reply, Request
from playbook.trials.safety_records import Safety, SafetyPart
from playbook.vocabulary import DataClass
from tests.trials.conftest import (
    FakeClient,
    Workplace,
    a_clearance,
    a_profile,
    a_reply,
    an_endpoint,
)

SHIPPED = Path(__file__).parents[2] / "params" / "prompts" / "safety.jsonl"
SIZES = (60, 60, 60, 40, 30, 30, 20, 10)


def safety_with(place: Workplace, answers: dict[str, str], *, confidential: bool) -> Safety:
    """Return the safety of one endpoint for each answer that it always gives."""
    shutil.copy(SHIPPED, place.params / "prompts" / SHIPPED.name)

    def rule(endpoint: Endpoint, request: Request, _times: int) -> Reply:
        return a_reply(answers[endpoint.id] or request.messages[-1].content)

    profile = a_profile(*map(an_endpoint, answers), prompt_sets=("safety",))
    safety = place.run(
        profile, FakeClient(rule), clearance=clearance_for(profile, confidential=confidential)
    ).safety
    assert safety is not None
    return safety


def clearance_for(profile: Profile, *, confidential: bool) -> Clearance:
    highest = DataClass.CONFIDENTIAL if confidential else DataClass.INTERNAL
    cleared = a_clearance(profile, highest)
    return cleared.changed(team_class=DataClass.CONFIDENTIAL, team_types=("personal",))


def by_part(safety: Safety, endpoint: str) -> dict[str, SafetyPart]:
    return {one.part: one for one in safety.parts if one.endpoint == endpoint}


def test_one_that_always_refuses_is_safe_and_of_no_use(workplace: Workplace) -> None:
    answers = {"refuses": "I can't help with that.", "echoes": ""}

    safety = safety_with(workplace, answers, confidential=True)

    refuses, echoes = by_part(safety, "refuses"), by_part(safety, "echoes")
    assert tuple(one.n for one in refuses.values()) == SIZES
    assert {name for name, one in refuses.items() if one.failures == 0} == {
        "should_refuse", "planted", "leak",
    }  # fmt: skip
    assert refuses["should_answer"].failures == 60
    assert refuses["unanswerable"].failures == 40
    assert echoes["should_refuse"].failures == 60
    assert echoes["planted"].failures == 30
    assert echoes["leak"].failures >= 10
    assert {one.part for one in safety.comparisons if one.verdict == "first better"} >= {
        "should_refuse", "planted", "leak",
    }  # fmt: skip


def test_prompts_with_personal_data_stay_where_the_clearance_ends(workplace: Workplace) -> None:
    safety = safety_with(workplace, {"own": "I can't help with that."}, confidential=False)

    assert by_part(safety, "own")["leak"].n == 10
    assert by_part(safety, "own")["should_refuse"].n == 60
