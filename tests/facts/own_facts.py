"""An organisation's own folder of facts and its params, for tests of what they change."""

from __future__ import annotations

from pathlib import Path

PROVIDER = """
sources:
  contract: {title: Our contract with Acme, as_of: 2026-11-01, kind: vendor}
providers:
  - {id: acme, title: Acme Gateway, jurisdiction: [FR], source: contract}
api_offers:
  - model: llama-3.1-8b-instruct
    provider: acme
    litellm_id: openai/acme-llama-8b-2024
    source: contract
    prices:
      - {since: 2026-11-01, input_usd_per_million_tokens: 0.1, output_usd_per_million_tokens: 0.2, source: contract}
"""  # noqa: E501  a price is one line in a file of facts
ENDING = PROVIDER.replace(
    "    source: contract\n", "    source: contract\n    retires: 2027-03-31\n"
)
ALIASED = ENDING.replace("    source", "    aliases: [openai/acme-llama-newest]\n    source", 1)

MODEL = """
sources:
  card: {title: Model card of Acme One, url: "https://acme.example/one", as_of: 2026-11-01, kind: vendor}
models:
  - id: acme-one-9b
    title: Acme One 9B
    family: acme
    developer: Acme
    developer_jurisdiction: [FR]
    open_weights: true
    licence: apache-2.0
    parameters_billion: 9
    context_tokens: 32768
    released: 2026-10-01
    source: card
"""  # noqa: E501  likewise

LICENCE = """
sources:
  text: {title: Acme Model License 1.0, url: "https://acme.example/license", as_of: 2026-11-01, kind: licence_text}
licences:
  - id: acme-1.0
    title: Acme Model License 1.0
    spdx: LicenseRef-acme-1.0
    clauses:
      - {kind: commercial_use, section: section 2, words: "grants commercial use", granted: "yes"}
      - {kind: revenue_cap, section: section 3, words: "ends above a monthly revenue", amount_usd: 20000000, period: month}
    absent: [research_only, user_ceiling, geography, field_of_use, outputs_training, naming]
    source: text
"""  # noqa: E501  likewise

GPU = """
sources:
  sheet: {title: Data sheet of the G9, url: "https://acme.example/g9", as_of: 2026-11-01, kind: vendor}
  quote: {title: Quote of Acme Cloud, as_of: 2026-11-01, kind: vendor}
  house: {title: Our purchase department's estimate, as_of: 2026-11-01, kind: assumption}
gpus:
  - {id: g9, title: G9, memory_gb: 96, bandwidth_gb_per_s: 3000, dense_bf16_tflops: 900, tdp_w: 600, source: sheet}
gpu_offers:
  - {gpu: g9, place: rented_eu, provider: Acme Cloud, region: paris, instance: g9.1, gpus_per_instance: 1, on_demand_usd_per_gpu_hour: 2.5, source: quote}
assumptions:
  - {id: purchase_usd_per_gpu_g9, value: {low: 20000, likely: 25000, high: 32000}, unit: USD per GPU, meaning: "Purchase of one G9 with its node share", source: house}
"""  # noqa: E501  likewise


def a_folder(folder: Path, **files: str) -> Path:
    """Make a folder of facts with one file for each text."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def an_organisation(
    folder: Path, facts: str = "", *, org: str = "catalog_dirs: [../our_facts]\n", **teams: str
) -> Path:
    """Make `params` with teams, and `our_facts` beside it that its org.yaml names."""
    params = folder / "params"
    (params / "prompts").mkdir(parents=True)
    (params / "teams").mkdir()
    (params / "org.yaml").write_text(org if facts else "defaults: {}\n", encoding="utf-8")
    for name, text in teams.items():
        (params / "teams" / f"{name}.yaml").write_text(text, encoding="utf-8")
    if facts:
        a_folder(folder / "our_facts", acme=facts)
    return params
