"""The catalogued facts: whole, sourced, agreed with litellm, and covering what we promise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
import yaml
from pydantic import BaseModel

import playbook
from playbook.catalog import Catalog, Fact, GpuOffer, load_catalog
from playbook.catalog.ageing import sources_in
from playbook.catalog.integrity import FactsReport, check_facts
from playbook.catalog.load import DATA
from playbook.catalog.pricing import PriceList
from playbook.provenance import Source, SourceKind
from playbook.stages.team_facts import findings_of_teams

AS_OF = date(2026, 11, 23)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="module")
def report(catalog: Catalog) -> FactsReport:
    return check_facts(catalog, as_of=AS_OF)


def test_no_fact_is_broken(report: FactsReport) -> None:
    assert report.errors == ()


def test_every_finding_of_the_shipped_facts_and_params_was_looked_at(catalog: Catalog) -> None:
    """What is new goes to catalog/data/acknowledgements.yaml with a reason, or is mended."""
    of_teams = findings_of_teams(Path("params").absolute(), catalog, as_of=AS_OF)

    report = check_facts(catalog, as_of=AS_OF, of_teams=of_teams)

    assert [one.id for one in report.findings] == []
    assert len(report.acknowledged) >= len(catalog.acknowledgements)


def test_every_price_is_that_of_the_pinned_litellm(report: FactsReport) -> None:
    """Prices and ends of offers; a moved pin shows here as one line for each difference."""
    assert [one for one in report.disagreements if one.by.startswith("litellm")] == []


def test_every_api_offer_has_a_price_read_from_that_package(catalog: Catalog) -> None:
    kinds = {catalog.price(offer, AS_OF).source.kind for offer in catalog.api_offers}

    assert kinds == {"package"}


def records_in(value: object) -> Iterator[BaseModel]:
    """Yield every record within a value, itself first."""
    if isinstance(value, BaseModel):
        yield value
        for name in type(value).model_fields:
            yield from records_in(getattr(value, name))
    elif isinstance(value, tuple):
        for part in value:
            yield from records_in(part)


def test_the_source_of_every_fact_and_price_survives_loading(catalog: Catalog) -> None:
    found = [one for one in records_in(catalog) if isinstance(one, Fact | PriceList | GpuOffer)]
    sources = [getattr(one, "source", None) for one in found]

    assert len(found) > 500
    assert [one for one, source in zip(found, sources, strict=True) if source is None] == []
    kinds = get_args(SourceKind)
    unfit = [
        one
        for one in dict.fromkeys(sources)
        if one and not (one.title.strip() and one.as_of <= AS_OF and one.kind in kinds)
    ]
    assert unfit == []


def test_every_source_of_a_file_is_named_by_a_fact_of_it() -> None:
    """One that nothing names would only look as if something rested on it."""
    unused = []
    for path in sorted(DATA.rglob("*.yaml")):
        content = yaml.safe_load(path.read_text("utf-8"))
        names = set(content.pop("sources", {}))
        unused += [f"{path.name}: {name}" for name in names if path.parent.name != "regimes"
                   and name not in named_sources(content)]  # fmt: skip
    assert unused == []


def named_sources(value: object) -> set[str]:
    """Return the names that stand under a key `source` or `..._source`, tables included."""
    if isinstance(value, dict):
        own = {str(part) for key, part in value.items() if str(key).endswith("source")}
        return own.union(*(named_sources(part) for part in value.values()))
    if isinstance(value, list):
        return set().union(*map(named_sources, value))
    return set(re.split(r"[,\n]", value)) if isinstance(value, str) and "\n" in value else set()


def numbers_without_source(value: object, where: str) -> Iterator[str]:
    """Yield each record that holds a number and neither has a source nor lies in one that has."""
    if isinstance(value, BaseModel):
        if isinstance(getattr(value, "source", None), Source):
            return
        for name in type(value).model_fields:
            yield from numbers_without_source(getattr(value, name), f"{where}.{name}")
    elif isinstance(value, tuple):
        for index, part in enumerate(value):
            yield from numbers_without_source(part, f"{where}[{index}]")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield where


def test_every_number_stands_beside_its_source(catalog: Catalog) -> None:
    assert list(numbers_without_source(catalog, "catalog")) == []


def test_every_source_that_is_not_ours_says_where_it_is(catalog: Catalog) -> None:
    """A claim's source is who makes it, which may be a text without an address."""
    facts = catalog.changed(claims=())
    sources = [one for one in sources_in(facts) if one.kind not in ("assumption", "vendor")]

    assert [one.title for one in sources if not one.url] == []


def test_each_family_provider_engine_gpu_and_place_that_we_promise_is_there(
    catalog: Catalog,
) -> None:
    families = {model.family for model in catalog.models}
    promised = {"llama", "mistral", "qwen", "deepseek", "yi", "gpt-oss", "gpt", "claude", "gemini"}

    assert promised <= families
    assert {"vllm", "tensorrt-llm", "llama-cpp"} <= {one.id for one in catalog.engines}
    assert {"a10g", "l4", "l40s", "a100-80gb", "h100", "h200"} <= {one.id for one in catalog.gpus}
    assert {
        "openai", "anthropic", "gemini", "vertex-eu", "bedrock-us", "bedrock-eu", "azure-us",
        "azure-eu", "mistral", "together", "groq", "fireworks", "deepinfra", "deepseek", "ovhcloud",
        "scaleway",
    } <= {one.id for one in catalog.providers}  # fmt: skip
    assert {"own_network", "rented_eu", "rented_eu_us_owner", "rented_us"} <= {
        one.id for one in catalog.places
    }


@pytest.mark.parametrize(
    "identifier",
    [
        "llama-3-8b-instruct", "llama-3-70b-instruct", "llama-3.3-70b-instruct", "llama-4-scout",
        "mistral-7b-instruct-v0.3", "mixtral-8x7b-instruct-v0.1", "ministral-3-8b",
        "mistral-small-4", "mistral-large-3", "qwen2.5-7b-instruct", "qwen2.5-72b-instruct",
        "qwen3-32b", "deepseek-coder-6.7b-instruct", "deepseek-v3", "deepseek-v4-flash",
        "yi-34b-chat", "gpt-oss-120b", "gpt-3.5-turbo-0125", "gpt-4-0613", "gpt-4o-2024-08-06",
        "gpt-4o-mini-2024-07-18", "gpt-6-luna", "claude-sonnet-4-5-20250929", "gemini-2.5-flash",
    ],
)  # fmt: skip
def test_a_model_that_we_promise_is_there(catalog: Catalog, identifier: str) -> None:
    assert catalog.model(identifier).title


def test_each_provider_and_each_closed_model_has_an_offer(catalog: Catalog) -> None:
    offers = catalog.api_offers

    assert {one.id for one in catalog.providers} == {offer.provider for offer in offers}
    closed = {model.id for model in catalog.models if not model.open_weights}
    assert closed <= {offer.model for offer in offers}


def test_each_gpu_that_can_be_rented_has_a_purchase_price_and_the_other_way_round(
    catalog: Catalog,
) -> None:
    """A GPU with neither is only sized: no team's costs consider it."""
    prefix = "purchase_usd_per_gpu_"
    rented = {offer.gpu for offer in catalog.gpu_offers}

    bought = {
        one.id.removeprefix(prefix) for one in catalog.assumptions if one.id.startswith(prefix)
    }

    assert bought == rented < {gpu.id for gpu in catalog.gpus}


def test_each_board_bought_by_the_node_has_a_link_and_a_price_of_its_own(catalog: Catalog) -> None:
    nodes = {
        one.id.removeprefix("gpus_per_bought_node_"): one.value.likely
        for one in catalog.assumptions
        if one.id.startswith("gpus_per_bought_node_")
    }

    assert {"h100", "h200", "b200"} <= set(nodes)
    for gpu, together in nodes.items():
        assert together == 8
        assert catalog.gpu(gpu).link_gb_per_s > 0
        assert catalog.assumption(f"purchase_usd_per_gpu_{gpu}").value.low > 0


def test_each_gpu_offer_names_its_country_and_lies_in_the_regions_of_its_place(
    catalog: Catalog,
) -> None:
    areas = {area.id: set(area.members) for one in catalog.regimes for area in one.areas}
    for offer in catalog.gpu_offers:
        regions = catalog.place(offer.place).processing_regions
        inside = {code for region in regions for code in (region, *areas.get(region, ()))}
        assert offer.country in inside, offer


def test_no_spot_price_is_above_the_on_demand_price_beside_it(catalog: Catalog) -> None:
    for offer in catalog.gpu_offers:
        assert (offer.spot_usd_per_gpu_hour or 0) <= offer.on_demand_usd_per_gpu_hour, offer


def test_each_rented_place_has_gpu_offers_and_no_owned_one_has(catalog: Catalog) -> None:
    with_offers = {offer.place for offer in catalog.gpu_offers}

    assert with_offers == {place.id for place in catalog.places if not place.owned}


def test_each_assumption_is_read_by_the_code(catalog: Catalog) -> None:
    """One that nothing reads would only look as if a result rested on it."""
    code = "".join(path.read_text("utf-8") for path in Path(playbook.__file__).parent.rglob("*.py"))

    by_gpu = ("purchase_usd_per_gpu_", "gpus_per_bought_node_")
    unread = [
        one.id for one in catalog.assumptions
        if f'"{one.id}"' not in code and not one.id.startswith(by_gpu)
    ]  # fmt: skip
    assert unread == []


def test_only_assumptions_of_our_own_are_marked_so(catalog: Catalog) -> None:
    kinds = {one.source.kind for one in catalog.assumptions}

    assert kinds <= {"assumption", "third_party"}


def test_a_closed_model_ends_with_the_offer_of_its_developer(catalog: Catalog) -> None:
    own = {"OpenAI": "openai", "Anthropic": "anthropic", "Google": "gemini"}
    for model in catalog.models:
        if not model.open_weights:
            provider = own[model.developer]
            (offer,) = [
                one for one in catalog.api_offers
                if (one.model, one.provider) == (model.id, provider)
            ]  # fmt: skip
            assert offer.retires == model.retires, model.id


def test_a_chinese_api_and_chinese_weights_are_two_different_things(catalog: Catalog) -> None:
    """The weights are MIT and may run anywhere; the developer's API is under Chinese law."""
    options = {one.id: one for one in catalog.options(["own_network"])}

    assert options["deepseek-v4-flash@deepseek"].operator_jurisdiction == ("CN",)
    assert options["deepseek-v4-flash@self:own_network"].operator_jurisdiction == ("own",)
    assert options["deepseek-v4-flash@self:own_network"].model_origin == ("CN",)
