"""A team that names its GPUs gets no others; what their memory holds is told for 1 to 8 of them."""

from __future__ import annotations

import pytest

from playbook.catalog import Catalog
from playbook.costs import OptionCost, estimate_costs
from playbook.profile import Profile
from tests.costs.builders import AS_OF, a_catalog, a_gpu, a_gpu_offer, a_profile, an_rng

SMALL, LARGE = "small-8b@self:rented_eu", "large-70b@self:rented_eu"


def two_gpus() -> Catalog:
    return a_catalog(
        gpus=(a_gpu(), a_gpu(id="dear", title="Dear")),
        gpu_offers=(
            a_gpu_offer(),
            a_gpu_offer(gpu="dear", instance="dear-x1", on_demand_usd_per_gpu_hour=9.0),
        ),
    )


def cost(option: str, profile: Profile, catalog: Catalog | None = None) -> OptionCost:
    found = estimate_costs(profile, catalog or two_gpus(), rng=an_rng(), as_of=AS_OF)
    return next(one for one in found.options if one.option == option)


def named(*gpus: str) -> Profile:
    return a_profile(infrastructure={"gpus": list(gpus)})


def test_the_cheapest_gpu_is_taken_unless_the_team_names_others() -> None:
    free, bound = cost(SMALL, a_profile()), cost(SMALL, named("dear"))

    assert free.deployment is not None
    assert bound.deployment is not None
    assert (free.deployment.gpu, bound.deployment.gpu) == ("h100", "dear")


def test_naming_every_gpu_changes_nothing() -> None:
    assert cost(SMALL, named("h100", "dear")) == cost(SMALL, a_profile())


def test_a_place_without_the_gpus_named_says_so() -> None:
    found = cost(SMALL, named("l4"))

    assert not found.priced
    assert "none of the GPUs named in infrastructure.gpus" in found.because


def test_only_gpus_that_may_be_had_in_a_place_are_offered_for_choice() -> None:
    catalog = two_gpus().changed(gpu_offers=(a_gpu_offer(),))

    assert catalog.offered_gpus(["rented_eu"]) == ("h100",)
    assert catalog.offered_gpus(["own_network"]) == ("h100", "dear")
    assert catalog.offered_gpus([]) == ()


def test_memory_shows_the_cliff_between_one_gpu_and_two() -> None:
    """By hand: 70.6e9 parameters x 2 bytes = 131.5 GiB; one H100 of 80 GB gives 68.5, two 137.1."""
    deployment = cost(LARGE, a_profile()).deployment

    assert deployment is not None
    one, two, *more = deployment.ways
    assert (one.gpus, two.gpus, [way.gpus for way in more]) == (1, 2, [4, 8])
    assert one.weights_gib == pytest.approx(131.5, rel=0.01)
    assert one.room_gib < 0
    assert one.calls == 0
    assert two.calls < more[0].calls <= more[1].calls
