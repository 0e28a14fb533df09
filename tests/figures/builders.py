"""A landscape with a gap, prices, changes, ends, pairs and claims; its figures are invented."""

from __future__ import annotations

from datetime import date

from playbook.catalog.licences import LicenceRow
from playbook.catalog.options import Change, Changeable
from playbook.landscape.claim_records import ClaimFinding, ClaimVerdict, Figure
from playbook.landscape.gap_records import FrontierPoint, Gap, Lag, YearLag, YearMedian
from playbook.landscape.licences import CitedClause
from playbook.landscape.market_records import (
    CapabilityPrice,
    HostedChange,
    HostedSummary,
    ParityPair,
    PriceStep,
    RetirementDue,
)
from playbook.landscape.records import (
    Landscape,
    LicenceTerms,
    ModelInRace,
    OptionInRace,
    Reason,
)
from playbook.provenance import Provenance, Source
from playbook.vocabulary import Lane

AS_OF = date(2026, 11, 23)
SOURCE = Source(
    title="A board", url="https://a.example/board", as_of=date(2026, 11, 1), kind="third_party"
)


def a_frontier(*steps: tuple[int, int, float], name: str) -> tuple[FrontierPoint, ...]:
    return tuple(
        FrontierPoint(released=date(year, month, 1), model=f"{name} {number}", score=score)
        for number, (year, month, score) in enumerate(steps)
    )


def a_lag(board: str = "pooled", **changes: object) -> Lag:
    return Lag(
        board=board,
        title=f"Board {board}",
        unit="logit",
        months=9.0,
        low=5.0,
        high=11.5,
        by_year=(YearLag(year=2024, months=10.0, low=5.0, high=14.0), YearLag(year=2025, months=4)),
        unmatched_lead_months=9.9,
        unmatched_lead_low=7.0,
        unmatched_lead_high=11.0,
        open_models=20,
        closed_models=30,
        last_release=date(2025, 11, 1),
        open_frontier=a_frontier(
            (2023, 7, -0.4), (2024, 4, 0.1), (2024, 12, 0.9), (2025, 7, 1.5), name="Open"
        ),
        closed_frontier=a_frontier(
            (2022, 11, -0.3), (2023, 3, 0.2), (2024, 5, 0.8), (2024, 12, 1.6), (2025, 8, 2.2),
            name="Closed",
        ),
        source=SOURCE,
    ).changed(**changes)  # fmt: skip


def a_gap(**changes: object) -> Gap:
    return Gap(
        pooled=a_lag(),
        boards=(
            a_lag("exams", months=12.8, low=9.2, high=14.4, last_release=date(2025, 2, 1)),
            a_lag(
                "sums",
                months=2.0,
                low=-0.5,
                high=2.8,
                unmatched_lead_months=0.0,
                unmatched_lead_low=None,
                unmatched_lead_high=None,
                last_release=date(2025, 11, 1),
            ),
            a_lag("agents", months=None, low=None, high=None, by_year=(),
                  last_release=date(2026, 4, 1)),
        ),
        speed_ratio=Figure(name="speed", value=1.1, unit="ratio", low=0.9, high=1.5,
                           provenance=Provenance.COMPUTED, sources=(SOURCE,)),
        by_year=(YearMedian(year=2024, months=5.0, lowest=1.0, highest=14.0, boards=2),),
        resamples=100,
        seed=7,
        not_considered=("Private boards are not known.",),
    ).changed(**changes)  # fmt: skip


def a_capability_price(**changes: object) -> CapabilityPrice:
    steps = ((2023, 3, 37.5, "first"), (2024, 7, 0.26, "small"), (2026, 11, 0.07, "open"))
    return CapabilityPrice(
        level="gpt-4-class",
        title="GPT-4 class",
        entry_model="gpt-4",
        index=0.1,
        steps=tuple(
            PriceStep(on=date(year, month, 2), usd_per_million_tokens=usd, model=model,
                      provider="a host", source=SOURCE)
            for year, month, usd, model in steps
        ),
        break_on=date(2024, 7, 2),
        fall_per_year=5.5,
        fall_per_year_before=35.0,
        fall_per_year_after=1.4,
        observed_until=date(2026, 11, 22),
        index_source=SOURCE,
        input_parts=3.0,
        blend_source=SOURCE,
        fall_per_year_low=5.0,
        fall_per_year_high=6.0,
        break_earliest=date(2024, 7, 1),
        break_latest=date(2024, 10, 1),
        fall_before=140.0,
        fall_after=3.7,
    ).changed(**changes)  # fmt: skip


def some_changes() -> tuple[HostedChange, ...]:
    common = {"source": SOURCE, "input_before": 0.88, "output_before": 0.88}
    return (
        HostedChange(provider="a host", model="Llama X", kind="rise", on=date(2026, 3, 1),
                     input_after=1.04, output_after=1.04, times=1.18, **common),
        HostedChange(provider="b host", model="Llama X", kind="cut", on=date(2025, 6, 1),
                     input_after=0.4, output_after=0.5, times=0.48, **common),
        HostedChange(provider="c host", model="Llama X", kind="exit", on=date(2025, 1, 1),
                     input_after=None, output_after=None, **common),
    )  # fmt: skip


def a_summary() -> HostedSummary:
    return HostedSummary(
        offers=10, rose=2, cut=3, gone=4, share_rose=0.2, share_gone=0.4,
        first_seen=date(2024, 3, 25), observed_until=date(2026, 11, 22), sources=(SOURCE,),
    )  # fmt: skip


def some_terms() -> LicenceTerms:
    cited = {"licence": "A licence", "source": SOURCE.cite()}
    return LicenceTerms(
        licence="a-licence",
        title="A licence",
        models=("named",),
        rows=(
            LicenceRow(kind="naming", reading="present", section="section 2", words="Show a name.",
                       **cited),
            LicenceRow(kind="user_ceiling", reading="absent", **cited),
            LicenceRow(kind="revenue_cap", reading="absent", **cited),
            LicenceRow(kind="governing_law", reading="not_read", **cited),
        ),
        source=SOURCE,
    )  # fmt: skip


def some_ends() -> tuple[RetirementDue, ...]:
    common = {"source": SOURCE}
    return (
        RetirementDue(option="old@host", title="Old, a host", on=date(2026, 10, 23),
                      months_left=-1.0, successor="new", **common),
        RetirementDue(option="named@host", title="Named, a host", on=date(2027, 1, 14),
                      months_left=1.7, successor="new", **common),
        RetirementDue(option="other", title="Other, own API", on=date(2028, 1, 14),
                      months_left=13.7, successor=None, **common),
    )  # fmt: skip


def a_pair(**changes: object) -> ParityPair:
    return ParityPair(
        model="named", title="Named", api_options=("named@host",), weights="maker/Named-8B",
        smallest_gpu="a GPU, 24 GiB", differences=("precision", "chat template"), source=SOURCE,
    ).changed(**changes)  # fmt: skip


def a_claim(verdict: ClaimVerdict = "holds", **changes: object) -> ClaimFinding:
    return ClaimFinding(
        claim=f"claim-{verdict}",
        title="Open weights are six to twelve months behind.",
        about="world",
        verdict=verdict,
        because="The pooled lag is 9 months.",
        method="horizontal distance of the frontiers",
        figures=(Figure(name="pooled lag", value=9.04, unit="months", low=4.7, high=11.5,
                        provenance=Provenance.COMPUTED, sources=(SOURCE,)),),
        source=SOURCE,
    ).changed(**changes)  # fmt: skip


def a_change(**changes: object) -> Changeable:
    return Changeable(
        weights=Change(answer="no", because="the host holds them"),
        tokenizer=Change(answer=None, because="not stated"),
        training_data=Change(answer="limited", because="adapters only"),
        inference_settings=Change(answer="yes", because="all of them"),
    ).changed(**changes)


def a_model(model: str = "named", **changes: object) -> ModelInRace:
    option = OptionInRace(
        option=f"{model}@host",
        lane=Lane.HOSTED_OPEN_WEIGHTS,
        state="in",
        reasons=(Reason(rule="context", result="pass", because="long enough"),),
        retires=None,
        can_change=a_change(),
        change_source=SOURCE,
    )
    return ModelInRace(
        model=model,
        title=model.capitalize(),
        family="f",
        developer="A maker",
        open_weights=True,
        state="in",
        reasons=option.reasons,
        lanes=(Lane.HOSTED_OPEN_WEIGHTS,),
        options=(option.option,),
        findings=(option,),
        context_tokens=128_000,
        released=date(2025, 3, 1),
        retires=None,
        months_left=None,
        successor=None,
        capability_index=1.0,
        lowest_input_usd_per_million_tokens=0.2,
        lowest_output_usd_per_million_tokens=0.8,
        developer_jurisdiction=("FR",),
        licence="apache-2.0",
        sources=(SOURCE,),
    ).changed(**changes)


def a_barred_model(model: str = "named") -> ModelInRace:
    """Return a model that an API may be used for on a condition, and own servers may not."""
    source = SOURCE.cite()
    duty = CitedClause(text="say who made it", section="section 1.b", source=source)
    bar = CitedClause(text="places are left out", section="use policy", source=source)
    asks = Reason(rule="licence", result="pass", because="conditional: granted.", duties=(duty,),
                  citation=source)  # fmt: skip
    bars = Reason(rule="licence", result="fail", because="not permitted: use policy: left out.",
                  clauses=(bar,), citation=source)  # fmt: skip
    one = a_model(model)
    (by_api,) = one.findings
    by_api = by_api.changed(reasons=(asks,), title=f"{one.title}, A host")
    own = by_api.changed(
        option=f"{model}@self:near", title=f"{one.title}, near servers", lane=Lane.SELF_HOSTED,
        state="out", reasons=(bars,),
    )  # fmt: skip
    return one.changed(reasons=(asks,), findings=(by_api, own), licence="a-licence")


def a_landscape(**changes: object) -> Landscape:
    not_considered = Reason(rule="candidates", result="fail", because="not considered")
    return Landscape(
        as_of=AS_OF,
        models=(
            a_barred_model(),
            a_model("closed", open_weights=False, capability_index=2.0, state="in_doubt"),
            a_model("other", state="out", reasons=(not_considered,), capability_index=0.2),
        ),
        oldest_fact=date(2025, 1, 1),
        gap=a_gap(),
        capability_prices=(a_capability_price(),),
        hosted_changes=some_changes(),
        hosted_summary=a_summary(),
        calendar=some_ends(),
        parity_pairs=(a_pair(),),
        licences=(some_terms(),),
        claims=tuple(
            a_claim(verdict)
            for verdict in ("holds", "holds_in_part", "does_not_hold", "cannot_be_settled")
        ),
        not_considered=("something",),
    ).changed(**changes)
