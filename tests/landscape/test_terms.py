"""The landscape carries the clauses of every licence that a model has."""

from playbook.catalog import load_catalog
from tests.landscape.builders import screened


def test_every_model_finds_its_licence_with_all_kinds_of_clause() -> None:
    landscape = screened()
    terms = {one.licence: one for one in landscape.licences}

    assert {one.licence for one in landscape.models} == set(terms)
    for model in landscape.models:
        assert model.model in terms[model.licence].models


def test_the_rows_are_those_of_the_catalogue() -> None:
    catalog = load_catalog()

    for one in screened(catalog).licences:
        assert one.rows == catalog.licence(one.licence).rows
        assert one.source == catalog.licence(one.licence).source


def test_licences_of_models_in_the_race_come_first() -> None:
    landscape = screened()

    assert landscape.licences[0].licence == landscape.models[0].licence
