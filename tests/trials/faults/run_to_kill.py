"""A run to be killed: arguments are the server's address, the client and the run folder."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from playbook.catalog import Catalog
from playbook.clearance import Clearance, EndpointClearance
from playbook.profile import Endpoint, Profile
from playbook.profile.trial_settings import Trials
from playbook.trials import run_trials
from playbook.vocabulary import DataClass


def main(base: str, client: str, folder: Path) -> None:
    endpoint = Endpoint(
        id="own",
        litellm_model="hosted_vllm/model-x",
        api_base=base,
        input_usd_per_million_tokens=1_000,
        output_usd_per_million_tokens=1_000,
    )
    cleared = EndpointClearance(
        endpoint="own",
        highest_class=DataClass.INTERNAL,
        allowed_addresses=(base.removeprefix("http://").removesuffix("/v1"),),
    )
    trials = Trials.model_validate({
        "prompt_sets": ["demo"], "endpoints": [endpoint], "concurrency": 8, "deadline_s": 2.0,
        "attempts": 6, "client": client, "money_cap_usd": 100, "latency_calls": 20,
    })  # fmt: skip
    evidence = run_trials(
        Profile(trials=trials),
        Catalog(),
        Clearance(endpoints=(cleared,), team_class=DataClass.INTERNAL),
        folder=folder,
        as_of=date(2026, 11, 23),
    )
    sys.stdout.write(evidence.status)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
