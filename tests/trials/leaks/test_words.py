"""Neither keys nor prompts get out by words: messages of errors, and what libraries log."""

from __future__ import annotations

import logging
from types import SimpleNamespace

import pytest

from playbook.trials.client import CallError, Reply
from playbook.trials.clients.litellm_client import _litellm_module
from playbook.vocabulary import DataClass
from tests.trials.leaks.conftest import FORBIDDEN, KINDS, Place, an_endpoint

pytestmark = pytest.mark.filterwarnings("ignore:Item 'summary' on TypedDict:UserWarning")
PASTED = {
    "two lines": "first4711\nsecond4711",
    "a control character": "first4711\x01second4711",
    "a letter outside ASCII": "first4711\u00e9second4711",
    "a space": "first4711 second4711",
}


@KINDS
@pytest.mark.parametrize("what", PASTED)
def test_a_key_that_no_header_can_carry_is_refused_without_being_shown(
    prefix: str,
    what: str,
    place: Place,
    inside: SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PLACE_KEY", PASTED[what])
    place.limits["place"] = (DataClass.INTERNAL, inside.host_port)

    said = place.ask(an_endpoint(inside, prefix).changed(api_key_variable="PLACE_KEY"))

    assert isinstance(said, CallError)
    assert "PLACE_KEY" in str(said)
    assert "4711" not in str(said)
    assert inside.bodies == []


@KINDS
def test_libraries_log_no_prompt_and_no_address_even_where_everything_is_logged(
    prefix: str,
    place: Place,
    inside: SimpleNamespace,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As with OPENAI_LOG=debug, or a notebook that sets up logging."""
    _litellm_module.cache_clear()
    for name in ("openai", "httpx", "httpcore"):
        monkeypatch.setattr(logging.getLogger(name), "level", logging.DEBUG)
    place.limits["place"] = (DataClass.INTERNAL, inside.host_port)

    with caplog.at_level(logging.DEBUG):
        said = place.ask(an_endpoint(inside, prefix))

    assert isinstance(said, Reply)
    assert FORBIDDEN not in caplog.text
    assert inside.host_port not in caplog.text
