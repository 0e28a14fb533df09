"""Files of facts become a catalog, or every problem of every file is named at once."""

from __future__ import annotations

import pickle
import time
from pathlib import Path

import pytest

from playbook.catalog import load_catalog
from playbook.errors import CatalogError
from tests.catalog.builders import a_file

PLACE = """
sources:
  ours: {title: Our data centre, as_of: 2026-11-01, kind: vendor}
places:
  - id: our_cellar
    title: our cellar
    operator: self
    operator_jurisdiction: [own]
    processing_regions: [own]
    perimeter: on_prem
    owned: true
    source: ours
"""

OFFER = """
sources:
  ours: {{title: Our contract, as_of: 2026-11-01, kind: vendor}}
api_offers:
  - model: {model}
    provider: {provider}
    litellm_id: {provider}/{model}
    source: {source}
    prices:
      - since: 2026-11-01
        input_usd_per_million_tokens: 1
        output_usd_per_million_tokens: 2
        source: ours
"""


def problems_of(folder: Path) -> str:
    with pytest.raises(CatalogError) as caught:
        load_catalog(folder)
    return str(caught.value)


def test_a_folder_of_the_organisation_adds_facts(tmp_path: Path) -> None:
    catalog = load_catalog(a_file(tmp_path / "ours", PLACE))

    assert catalog.place("our_cellar").source.title == "Our data centre"
    assert catalog.place("own_network").owned


def test_all_problems_of_all_files_come_at_once_with_file_and_id(tmp_path: Path) -> None:
    a_file(tmp_path / "ours", PLACE.replace("perimeter: on_prem", "perimeter: cellar"), "one.yaml")
    a_file(tmp_path / "ours", PLACE.replace("owned: true", "ownd: true"), "two.yaml")

    told = problems_of(tmp_path / "ours")

    assert "ours/one.yaml: places[0] our_cellar: perimeter" in told
    assert "ours/two.yaml: places[0] our_cellar: ownd is unknown; did you mean owned?" in told
    assert "ours/two.yaml: places[0] our_cellar: owned is missing; give it" in told


def test_a_broken_file_is_named_and_not_the_bytes_that_were_read(tmp_path: Path) -> None:
    told = problems_of(a_file(tmp_path / "ours", "places: [\n"))

    assert "not readable as YAML" in told
    assert "byte string" not in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("places: []\nplaces: []\n", "key 'places' is given twice"),
        ("sources: {a: &a {title: x}}\nplaces: [*a]\n", "an alias (*name) is used"),
        ("on: 1\n", "key 'on' is not text"),
        ("[a]: 1\n", "key 'a list or mapping' is not text"),
        ("places: !!set {a}\n", "the tag tag:yaml.org,2002:set is not taken"),
        ("places: !!python/name:os.system x\n", "could not determine a constructor for the tag"),
        ("places: []\n---\nplaces: []\n", "a second document follows"),
        ("plcaes: []\n", "plcaes must be a list under one of: sources, models"),
        ("places: 3\n", "places must be a list"),
        ("places: [3]\n", "places[0] must be a mapping"),
        ("- 1\n", "must be a mapping of kinds to lists"),
        ("a: [\n", "not readable as YAML"),
        ("a: !!python/object/apply:os.getcwd []\n", "not readable as YAML"),
        ("[" * 5_000, "not readable as YAML"),
    ],
)
def test_a_hostile_or_broken_file_gives_one_clear_line(
    tmp_path: Path, text: str, told: str
) -> None:
    assert told in problems_of(a_file(tmp_path / "ours", text))


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "ours"
    folder.mkdir()
    (folder / "facts.yaml").write_bytes(b"\xff\xfe\x00places")

    assert "ours/facts.yaml: not readable as YAML" in problems_of(folder)


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    assert "larger than" in problems_of(a_file(tmp_path / "ours", "#" * 2_000_001))


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    assert "is not a folder" in problems_of(tmp_path / "nowhere")


def test_a_fact_given_again_is_refused_and_both_files_are_named(tmp_path: Path) -> None:
    again = PLACE.replace("our_cellar", "own_network")

    told = problems_of(a_file(tmp_path / "ours", again))

    assert "ours/facts.yaml: places own_network is given in data/places.yaml already" in told


def test_a_second_price_list_for_an_offer_is_refused_and_both_files_are_named(
    tmp_path: Path,
) -> None:
    offer = OFFER.format(model="ministral-3-8b", provider="mistral", source="ours")

    told = problems_of(a_file(tmp_path / "ours", offer))

    assert "ours/facts.yaml: api_offers ministral-3-8b@mistral is given in data/" in told


def test_the_name_of_a_source_is_filled_in_at_any_depth(tmp_path: Path) -> None:
    second = """    second_opinions:
      - {input_usd_per_million_tokens: 1, output_usd_per_million_tokens: 2, source: ours}
"""
    text = OFFER.format(model="llama-3-8b-instruct", provider="mistral", source="ours") + second

    catalog = load_catalog(a_file(tmp_path / "ours", text))

    offer = catalog.api_offers[-1]
    assert (offer.prices[0].source, offer.second_opinions[0].source) == (offer.source,) * 2


def test_a_source_that_the_file_does_not_list_is_named(tmp_path: Path) -> None:
    text = OFFER.format(model="llama-3-8b-instruct", provider="mistral", source="theirs")

    told = problems_of(a_file(tmp_path / "ours", text))

    assert "source: 'theirs' is not under `sources:` of this file" in told


def test_a_file_of_another_suffix_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    told = problems_of(a_file(tmp_path / "ours", PLACE, "facts.yml"))

    assert "ours/facts.yml: is not read; name it .yaml" in told


def test_a_folder_without_facts_is_named(tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()

    assert "holds no .yaml file" in problems_of(tmp_path / "ours")


def test_an_acknowledgement_ends_within_a_year_of_its_review(tmp_path: Path) -> None:
    text = """
acknowledgements:
  - {finding: "stale:a page", reason: no newer page, reviewed: 2026-11-01, until: 2028-01-01}
"""
    told = problems_of(a_file(tmp_path / "ours", text))

    assert "acknowledgements[0] stale:a page: entry: Value error, until must lie after" in told


def test_an_offer_of_an_unknown_model_or_provider_is_refused(tmp_path: Path) -> None:
    offer = OFFER.format(model="llama-9", provider="acme", source="ours")

    told = problems_of(a_file(tmp_path / "ours", offer))

    assert "API offer acme/llama-9: model llama-9 is not in the catalog" in told
    assert "API offer acme/llama-9: provider acme is not in the catalog" in told


def test_a_number_without_a_source_is_refused(tmp_path: Path) -> None:
    bare = PLACE.replace("    source: ours\n", "")

    told = problems_of(a_file(tmp_path / "ours", bare))

    assert "our_cellar: source is missing; name one of this file's `sources`" in told


def test_an_error_survives_the_way_to_another_process(tmp_path: Path) -> None:
    """A batch runs each team in a process of its own, and facts may change under it."""
    with pytest.raises(CatalogError) as caught:
        load_catalog(a_file(tmp_path / "ours", "plcaes: []\n"))

    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301  our own error

    assert (type(again), str(again), again.problems) == (
        CatalogError, str(caught.value), caught.value.problems,
    )  # fmt: skip


@pytest.mark.slow
def test_all_facts_load_within_a_third_of_a_cpu_second() -> None:
    load_catalog()
    started = time.process_time()

    load_catalog()

    assert time.process_time() - started < 0.3
