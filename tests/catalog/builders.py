"""Small facts with round numbers, for tests of the catalog."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from playbook.catalog import (
    ApiOffer,
    Catalog,
    HostingPlace,
    Licence,
    Measurement,
    Model,
    Price,
    Provider,
)
from playbook.provenance import Source

AS_OF = date(2026, 11, 23)
SOURCE = Source(title="a page", url="example.org", as_of=date(2026, 11, 1), kind="vendor")


def a_licence(**changes: object) -> Licence:
    values = {
        "id": "open-1",
        "title": "Open 1",
        "spdx": "MIT",
        "clauses": [
            {"kind": "commercial_use", "granted": "yes", "section": "1", "words": "grants any use"}
        ],
        "source": SOURCE,
    }
    return Licence.model_validate(values | changes)


def a_model(**changes: object) -> Model:
    values = {
        "id": "small",
        "title": "Small",
        "family": "small",
        "developer": "Somebody",
        "developer_jurisdiction": ("FR",),
        "open_weights": True,
        "licence": "open-1",
        "source": SOURCE,
    }
    return Model.model_validate(values | changes)


def a_provider(**changes: object) -> Provider:
    values = {"id": "host", "title": "Host", "jurisdiction": ("US",), "source": SOURCE}
    return Provider.model_validate(values | changes)


def a_price(since: date = date(2026, 1, 1), **changes: object) -> Price:
    values = {
        "since": since,
        "input_usd_per_million_tokens": 1.0,
        "output_usd_per_million_tokens": 4.0,
        "source": SOURCE,
    }
    return Price.model_validate(values | changes)


def an_offer(**changes: object) -> ApiOffer:
    values = {
        "model": "small",
        "provider": "host",
        "litellm_id": "host/small",
        "prices": (a_price(),),
    }
    return ApiOffer.model_validate(values | changes)


def a_place(**changes: object) -> HostingPlace:
    values = {
        "id": "cellar",
        "title": "the cellar",
        "operator": "self",
        "operator_jurisdiction": ("own",),
        "processing_regions": ("own",),
        "perimeter": "on_prem",
        "owned": True,
        "source": SOURCE,
    }
    return HostingPlace.model_validate(values | changes)


def a_catalog(**changes: object) -> Catalog:
    values = {
        "models": (a_model(),),
        "licences": (a_licence(),),
        "providers": (a_provider(),),
        "api_offers": (an_offer(),),
        "places": (a_place(),),
    }
    return Catalog.model_validate(values | changes)


def a_measurement(**changes: object) -> Measurement:
    values = {
        "model": "small",
        "endpoint": "ours",
        "engine": "vllm",
        "gpu": "l4",
        "gpus": 1,
        "precision": "bf16",
        "concurrency": 4,
        "requests": 50,
        "output_tokens_per_second": 300.0,
        "measured_on": date(2026, 11, 20),
        "source": SOURCE.model_copy(update={"kind": "measured"}),
    }
    return Measurement.model_validate(values | changes)


def a_file(folder: Path, text: str, name: str = "facts.yaml") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return folder
