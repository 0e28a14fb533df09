"""CPU of judging many options by many controls, and of reading all regimes.

The team states nothing beyond its class and types of data, so that no control drops out and each
option is judged at its best and at its worst for all its data classes. No two of the options look
alike to the controls: options that do are judged once.
"""

from __future__ import annotations

import time
from itertools import product

from playbook.catalog import Catalog, load_catalog
from playbook.catalog.load import DATA
from playbook.catalog.regimes import load_regimes
from playbook.compliance import assess_compliance
from playbook.profile import Profile
from playbook.stages import today

CONTROLS, OPTIONS, ROUNDS = 100, 50, 15
LEAST_KNOWN = {
    "data": {"data_class": "restricted", "data_types": ["personal", "phi"]},
    "infrastructure": {"places": []},
}


def measure_assess() -> list[float]:
    """Return CPU seconds of judging 50 different options by 100 controls, best and worst."""
    catalog, profile, day = a_wide_catalog(), Profile.model_validate(LEAST_KNOWN), today()
    found = []
    for number in range(ROUNDS + 1):
        begun = time.process_time()
        compliance = assess_compliance(profile, catalog, as_of=day)
        if number:  # the first round fills caches
            found.append(time.process_time() - begun)
    assert (len(compliance.findings), len(compliance.verdicts)) == (CONTROLS, OPTIONS)
    return found


def measure_regimes() -> list[float]:
    """Return CPU seconds of reading and checking all regimes."""
    found = []
    for number in range(ROUNDS + 1):
        begun = time.process_time()
        load_regimes(DATA / "regimes")
        if number:  # the first round builds the validators
            found.append(time.process_time() - begun)
    return found


def a_wide_catalog() -> Catalog:
    """Return the real facts with the first controls, and one model at unlike providers."""
    catalog = load_catalog()
    regimes, left = [], CONTROLS
    for regime in catalog.regimes:
        kept = regime.controls[:left]
        left -= len(kept)
        if kept:
            regimes.append(regime.model_copy(update={"controls": kept}))
    offer = next(one for one in catalog.api_offers if one.model == "llama-3.3-70b-instruct")
    kinds = product(("US", "CN", "FR", "UK", "CA"), ("US", "EU", "CN", "UK", "CA"), (0, 30))
    providers = [
        catalog.providers[0].model_copy(
            update={
                "id": f"provider-{number}",
                "jurisdiction": (country,),
                "processing_regions": (region,),
                "retention_days": days,
                "model_terms": (),
            }
        )
        for number, (country, region, days) in enumerate(kinds)
    ]
    offers = [offer.model_copy(update={"provider": one.id}) for one in providers]
    return catalog.model_copy(
        update={
            "regimes": tuple(regimes),
            "providers": tuple(providers[:OPTIONS]),
            "api_offers": tuple(offers[:OPTIONS]),
        }
    )
