"""What is kept between estimates changes their time, never their result."""

from __future__ import annotations

import pytest

from playbook.costs import Costs, estimate_costs
from playbook.costs.kept import Kept
from playbook.costs.sizing import SIZES
from playbook.profile import Profile
from tests.costs.builders import AS_OF, a_catalog, a_profile, an_rng

CHANGES = {
    "workload": {"tokens_per_day": 5e7},
    "infrastructure": {"spare_replicas": 3},
    "domain": {"candidate_models": ["small-8b"]},
}


def fresh(profile: Profile) -> Costs:
    return estimate_costs(profile, a_catalog(), rng=an_rng(), as_of=AS_OF)


@pytest.mark.parametrize("section", CHANGES)
def test_an_estimate_after_another_equals_one_alone(section: str) -> None:
    catalog, profile = a_catalog(), a_profile(**{section: CHANGES[section]})
    estimate_costs(a_profile(), catalog, rng=an_rng(), as_of=AS_OF)

    after = estimate_costs(profile, catalog, rng=an_rng(), as_of=AS_OF)

    assert after == fresh(profile)
    assert [one.name for one in after.inputs] == [one.name for one in fresh(profile).inputs]


def test_a_changed_call_is_sized_anew() -> None:
    catalog, longer = a_catalog(), a_profile(workload={"input_tokens_per_call": 3_000})
    estimate_costs(a_profile(), catalog, rng=an_rng(), as_of=AS_OF)

    assert estimate_costs(longer, catalog, rng=an_rng(), as_of=AS_OF) == fresh(longer)


def test_volume_and_staff_size_nothing_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    catalog = a_catalog()
    estimate_costs(a_profile(), catalog, rng=an_rng(), as_of=AS_OF)
    monkeypatch.setattr("playbook.costs.sizing.estimate_speeds", None)
    changed = a_profile(workload={"tokens_per_day": 5e7},
                        infrastructure={"fte_needed_self_hosted": 2.0})  # fmt: skip

    assert estimate_costs(changed, catalog, rng=an_rng(), as_of=AS_OF) == fresh_after_undo(
        monkeypatch, changed
    )


def fresh_after_undo(monkeypatch: pytest.MonkeyPatch, profile: Profile) -> Costs:
    monkeypatch.undo()
    return fresh(profile)


def test_the_oldest_result_makes_room_and_another_catalog_is_another_result() -> None:
    kept: Kept[int] = Kept(most=2)
    one, other, made = a_catalog(), a_catalog(), iter(range(10))

    found = [kept.get(one, key, lambda: next(made)) for key in ("a", "b", "a", "c", "b", "a")]

    assert found == [0, 1, 0, 2, 1, 3]
    assert kept.get(other, "a", lambda: next(made)) == 4
    assert SIZES is not kept
