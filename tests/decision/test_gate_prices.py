"""The price of compliance: the cheapest open option with a gate, less that without it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.catalog import load_catalog
from playbook.compliance.records import Compliance, OptionVerdict
from playbook.costs.records import BarredCost, Costs
from playbook.decision.gate_prices import CONTROL_OF, gate_prices
from playbook.decision.records import GatePrice
from playbook.provenance import Provenance
from playbook.uncertainty import Percentiles
from playbook.vocabulary import Verdict
from tests.decision.builders import (
    FRONTIER,
    HOSTED,
    OWN,
    Spec,
    decision_on,
    some_compliance,
    some_costs,
)

API = Spec("api", lane=FRONTIER, usd=1_000)
HOST = Spec("hosted", lane=HOSTED, usd=400)
RACK = Spec("mine", lane=OWN, where="own", usd=9_000)
ALL = (API, HOST, RACK)


def checklist(**out_by: tuple[str, ...]) -> Compliance:
    """Return verdicts on all three options; a model named here is put out by its controls."""
    found = some_compliance(ALL)
    verdicts = tuple(_verdict(one, out_by) for one in found.verdicts)
    return found.changed(verdicts=verdicts)


def _verdict(one: OptionVerdict, out_by: dict[str, tuple[str, ...]]) -> OptionVerdict:
    model = one.option.partition("@")[0]
    if model not in out_by:
        return one
    return one.changed(verdict=Verdict.OUT, controls=out_by[model])


def price(found: tuple[GatePrice, ...], gate: str) -> GatePrice:
    return next(one for one in found if one.gate == gate)


def test_price_by_hand() -> None:
    """Residency puts out the host at 400 USD, so that the API at 1,000 is taken: 600 a month."""
    found = price(gate_prices(checklist(hosted=("RES-1",)), some_costs(ALL)), "RES-1")

    assert found.usd_per_month is not None
    assert found.usd_per_month.p50 == pytest.approx(600)
    assert (found.cheapest_without, found.cheapest_with) == (HOST.id, API.id)
    assert (found.options_out, found.options_out_alone) == (1, 1)
    assert "in place of" in found.because


def test_a_gate_that_another_one_doubles_costs_nothing_alone_and_both_together_do() -> None:
    """Own network and residency both put out the API and the host: only lifted together do they
    save 9,000 - 400 USD."""
    both = ("RES-1", "NET-1")
    found = gate_prices(checklist(api=both, hosted=both), some_costs(ALL))

    for name in both:
        alone = price(found, name)
        assert alone.usd_per_month is not None
        assert alone.usd_per_month.p50 == pytest.approx(0)
        assert (alone.options_out, alone.options_out_alone) == (2, 0)
        assert alone.usd_per_month_if_alone is not None
        assert alone.usd_per_month_if_alone.p50 == pytest.approx(8_600)
        assert "as the only one it takes $8.6k" in alone.because
    together = price(found, "compliance")
    assert together.usd_per_month is not None
    assert together.usd_per_month.p50 == pytest.approx(8_600)
    assert found[0].gate == "compliance"


def test_a_gate_of_the_decision_keeps_its_options_closed_while_a_control_is_lifted() -> None:
    others = {HOST.id: ["landscape"]}
    found = gate_prices(checklist(hosted=("LIC-1",)), some_costs(ALL), other_gates=others)

    assert price(found, "LIC-1").options_out_alone == 0
    assert price(found, "landscape").options_out_alone == 0


def test_a_gate_that_closes_every_option_has_no_price_and_says_what_it_keeps_away() -> None:
    out = dict.fromkeys(("api", "hosted", "mine"), ("BAN-1",))
    found = price(gate_prices(checklist(**out), some_costs(ALL)), "BAN-1")

    assert found.usd_per_month is None
    assert found.cheapest_with is None
    assert found.cheapest_without == HOST.id
    assert found.because.startswith("with it no option with a cost is open")


def test_an_undetermined_option_counts_as_open() -> None:
    found = checklist(mine=("X-1",))
    unsure = tuple(
        one.changed(verdict=Verdict.UNDETERMINED) if one.option == HOST.id else one
        for one in found.verdicts
    )
    shown = price(gate_prices(found.changed(verdicts=unsure), some_costs(ALL)), "X-1")

    assert shown.cheapest_with == HOST.id


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sets(st.sampled_from("ABC"), max_size=2), min_size=3, max_size=3),
    st.lists(st.floats(1, 1e5), min_size=3, max_size=3),
    st.floats(0, 500),
)
def test_no_gate_has_a_negative_price_and_all_together_cost_most(
    closers: list[set[str]], usd: list[float], spread: float
) -> None:
    specs = tuple(
        Spec(one.model, lane=one.lane, where=one.where, usd=amount, spread=spread)
        for one, amount in zip(ALL, usd, strict=True)
    )
    out = {
        one.model: tuple(sorted(names)) for one, names in zip(ALL, closers, strict=True) if names
    }

    found = gate_prices(checklist(**out), some_costs(specs))

    known = [one.usd_per_month.p50 for one in found if one.usd_per_month]
    for one in found:
        assert one.usd_per_month is None or one.usd_per_month.p10 >= 0
        assert one.usd_per_month_if_alone is None or one.usd_per_month_if_alone.p10 >= 0
    if known:
        together = price(found, "compliance").usd_per_month
        assert together is not None
        assert together.p50 == pytest.approx(max(known))


def with_barred(usd: float, *rules: str) -> Costs:
    """Return the costs of the API and the host, with a rack that rules on regions leave out."""
    costs = some_costs((API, HOST))
    left_out = BarredCost(
        option=RACK.id, title="mine", rules=rules, because="", price_source="",
        usd_per_month=Percentiles(p10=usd, p50=usd, p90=usd),
        draws_usd_per_month=(usd,) * costs.draws, provenance=Provenance.COMPUTED,
    )  # fmt: skip
    return costs.changed(barred=(left_out,))


def test_the_region_rule_costs_what_a_cheaper_place_outside_would_have_saved() -> None:
    """A rack at 100 USD outside the regions in place of the host at 400 USD: 300 a month."""
    costs = with_barred(100, "data.allowed_regions")
    closed = {RACK.id: ["capacity"]}  # no server is left, as the rule has it

    found = price(gate_prices(checklist(), costs, other_gates=closed), "HOUSE-02")

    assert found.usd_per_month is not None
    assert found.usd_per_month.p50 == pytest.approx(300)
    assert (found.cheapest_without, found.cheapest_with) == (RACK.id, HOST.id)


def test_a_place_outside_stays_closed_by_every_other_rule_and_gate() -> None:
    both = with_barred(100, "data.must_stay_in_own_network", "data.allowed_regions")
    staff = {RACK.id: ["staff"]}

    for costs, others in ((both, {}), (with_barred(100, "data.allowed_regions"), staff)):
        found = gate_prices(checklist(), costs, other_gates=others)
        assert {one.cheapest_with for one in found} == {HOST.id}
        assert price(found, "HOUSE-02").cheapest_without == HOST.id
    together = price(gate_prices(checklist(), both), "compliance").usd_per_month
    assert together is not None
    assert together.p50 == pytest.approx(300)


def test_rules_on_regions_are_controls_of_the_catalogue() -> None:
    controls = {one.id: one for one in load_catalog().controls}

    for field, control in CONTROL_OF.items():
        assert controls[control].citation == f"the team's own rule, {field}"


def test_decision_carries_the_prices_with_its_own_gates() -> None:
    found = decision_on(
        API,
        Spec("hosted", lane=HOSTED, usd=400, verdict=Verdict.OUT),
        RACK,
        profile=None,
    ).gate_prices

    assert price(found, "c-1").usd_per_month is not None
    assert {one.gate for one in found} >= {"c-1", "compliance"}


def test_budget_has_no_price() -> None:
    found = decision_on(API, Spec("dear", lane=FRONTIER, usd=99_000)).gate_prices

    assert "budget" not in {one.gate for one in found}
