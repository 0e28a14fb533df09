"""Two lists hold provider addresses: what a call dials and what a clearance allows."""

from urllib.parse import urlsplit

from playbook.catalog import load_catalog
from playbook.trials.clients.wires import WIRES


def test_the_address_that_is_dialled_is_the_one_that_the_catalogue_clears() -> None:
    cleared = {host.id: (host.host, host.port) for host in load_catalog().api_hosts}
    dialled = {
        prefix: (urlsplit(wire.api_base).hostname, urlsplit(wire.api_base).port or 443)
        for prefix, wire in WIRES.items()
        if wire.api_base and prefix in cleared
    }

    assert {"openai", "anthropic", "gemini", "mistral", "deepseek"} <= set(dialled)
    assert dialled == {prefix: cleared[prefix] for prefix in dialled}
