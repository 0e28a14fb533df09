"""Send one public prompt to one place, through all that a trial goes through."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import httpx

from playbook.catalog import Catalog, Option, load_catalog
from playbook.clearance import Clearance, EndpointClearance
from playbook.compliance.clearing import addresses_of
from playbook.profile import Endpoint, Profile
from playbook.profile.trial_settings import Trials
from playbook.stages import today
from playbook.trials import run_trials
from playbook.trials.ledger import LEDGER, read_ledger
from playbook.trials.records import Attempt
from playbook.vocabulary import DataClass

ASKED = "Reply with the one word: yes"


@dataclass(frozen=True)
class Server:
    """A server of one's own, named by the variable of its address."""

    name: str
    prefix: str
    """litellm prefix."""

    @property
    def variable(self) -> str:
        """Return the variable of its address; `_KEY` and `_MODEL` may be set beside `_URL`."""
        return f"PLAYBOOK_{self.name}_URL"

    def endpoint(self, environment: Mapping[str, str]) -> Endpoint:
        """Return the endpoint, with the first model that the server lists."""
        base = environment[self.variable].rstrip("/").removesuffix("/v1")
        key = f"PLAYBOOK_{self.name}_KEY"
        model = environment.get(f"PLAYBOOK_{self.name}_MODEL") or _first_model(
            base, environment.get(key, "")
        )
        return Endpoint(
            id=self.name.lower(),
            litellm_model=f"{self.prefix}/{model}",
            api_base=base if self.prefix == "ollama_chat" else f"{base}/v1",
            api_key_variable=key if environment.get(key) else "",
            operator="self",
            perimeter="on_prem",
        )


def provider_endpoint(provider: str, catalog: Catalog, as_of: date) -> Endpoint:
    """Return the endpoint of a provider's cheapest model that is not retired."""
    option = cheapest(provider, catalog, as_of)
    model = option.litellm_id
    return Endpoint(
        id=provider,
        litellm_model=model if "/" in model else f"{provider}/{model}",
        option=option.id,
    )


def cheapest(provider: str, catalog: Catalog, as_of: date) -> Option:
    """Return a provider's option with the cheapest output."""
    offered = [one for one in catalog.options(()) if one.provider == provider]
    offers = {one.id: catalog.api_offer(one) for one in offered}
    alive = [one for one in offered if (ends := offers[one.id].retires) is None or ends > as_of]
    return min(
        alive, key=lambda one: catalog.price(offers[one.id], as_of).output_usd_per_million_tokens
    )


def ask_once(endpoint: Endpoint, folder: Path) -> Attempt:
    """Run a trial of one prompt in a folder and return its line of the ledger."""
    catalog = load_catalog()
    write_prompt(Path(os.environ["PLAYBOOK_PARAMS_DIR"]))
    cleared = EndpointClearance(
        endpoint=endpoint.id,
        highest_class=DataClass.PUBLIC,
        allowed_addresses=addresses_of(endpoint, catalog),
    )
    run_trials(
        Profile(
            trials=Trials(
                prompt_sets=("one",),
                endpoints=(endpoint,),
                attempts=1,
                money_cap_usd=0.25,
                latency_calls=0,
            )
        ),
        catalog,
        Clearance(endpoints=(cleared,), team_class=DataClass.PUBLIC),
        folder=folder,
        as_of=today(),
    )
    (line,) = read_ledger(folder / LEDGER)
    return line


def write_prompt(params: Path) -> None:
    """Write a prompt set of one public prompt."""
    head = {"id": "one", "data_class": "public", "data_types": ["public_only"]}
    prompt = {
        "id": "yes", "task": "answer", "group": "yes", "expected": "yes",
        "messages": [{"role": "user", "content": ASKED}],
        "scorers": ["contains"], "max_tokens": 1_000,
    }  # fmt: skip
    path = params / "prompts" / "one.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [{"prompt_set": head}, prompt]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def _first_model(base: str, key: str) -> str:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    with httpx.Client(trust_env=False, timeout=10) as http:
        listed = http.get(f"{base}/v1/models", headers=headers).raise_for_status().json()
    return str(listed["data"][0]["id"])
