"""Which pairs are compared: a host of the same weights is always among them where one exists."""

from collections.abc import Sequence

import pytest

from playbook.catalog import Catalog
from playbook.costs import estimate_costs
from playbook.vocabulary import Lane
from tests.costs.builders import AS_OF, a_catalog, a_profile, an_offer, an_rng

HOSTS: dict[str, Sequence[str]] = {"small": ["small-8b"], "large": ["large-70b"], "none": []}


def a_catalog_with_hosts(models: Sequence[str]) -> Catalog:
    offers = [an_offer(model, provider="host") for model in models]
    return a_catalog(api_offers=(an_offer("frontier"), an_offer("mini"), *offers))


@pytest.mark.parametrize("hosted", HOSTS.values(), ids=HOSTS)
def test_same_weights_are_compared_where_somebody_hosts_them(hosted: Sequence[str]) -> None:
    catalog = a_catalog_with_hosts(hosted)

    found = estimate_costs(a_profile(), catalog, rng=an_rng(), as_of=AS_OF).break_evens

    same = {one.self_hosted_option.partition("@")[0] for one in found if one.same_weights}
    assert same == set(hosted)


def test_without_a_host_of_the_same_weights_some_host_is_compared() -> None:
    catalog = a_catalog_with_hosts(["large-70b"])

    found = estimate_costs(a_profile(), catalog, rng=an_rng(), as_of=AS_OF).break_evens

    small = [one for one in found if one.self_hosted_option.startswith("small-8b")]
    assert Lane.HOSTED_OPEN_WEIGHTS in {one.api_lane for one in small}
