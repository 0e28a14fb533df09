"""CPU of scanning one prompt of 2,000 characters, against presidio's pattern recognisers.

The prompt is a support ticket that repeats itself and holds a telephone number, an e-mail address,
a card and an IP address every 340 characters; most prompts hold none and take less. The peer runs
where the extra `presidio` is installed, on a blank spaCy model and with its recognisers of the same
kinds, but that of e-mail, which looks up domains on the network.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib.util import find_spec

from playbook.trials.scanning import scan

CALLS, ROUNDS, CHARACTERS = 20, 9, 2_000
TICKET = (
    "Hello, my order 4711-0815 has not arrived. Please call me at (212) 555-0123 or write to "
    "jane.roe@example.com. The invoice of 12/03/2024 says 1.299 EUR; my card 4111 1111 1111 1111 "
    "was charged twice. Version 1.2.3.4 of the app, IP 203.0.113.7. Thank you for looking into the "
    "delivery of the monitor and the keyboard, which I sent back last week. "
)
PROMPT = (TICKET * 10)[:CHARACTERS]
Rounds = tuple[list[float], list[float]]


def measure() -> Rounds:
    """Return CPU seconds per prompt, ours and the peer's (empty without it), one pair a round."""
    sides: list[Callable[[], object]] = [lambda: scan(PROMPT)]
    if find_spec("presidio_analyzer"):
        sides.append(_peer())
    found: Rounds = ([], [])
    for number in range(ROUNDS + 1):
        for work, times in zip(sides, found, strict=False):
            begun = time.process_time()
            for _ in range(CALLS):
                work()
            if number:  # the first round imports number plans and fills caches
                times.append((time.process_time() - begun) / CALLS)
    return found


def _peer() -> Callable[[], object]:
    import spacy  # noqa: PLC0415  of the extra
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry  # noqa: PLC0415  the peer
    from presidio_analyzer import predefined_recognizers as known  # noqa: PLC0415  likewise
    from presidio_analyzer.nlp_engine import SpacyNlpEngine  # noqa: PLC0415  likewise

    engine = SpacyNlpEngine(models=[{"lang_code": "en", "model_name": "blank"}])
    engine.nlp = {"en": spacy.blank("en")}
    recognisers = [
        known.CreditCardRecognizer(),
        known.IbanRecognizer(),
        known.IpRecognizer(),
        known.NhsRecognizer(),
        known.PhoneRecognizer(),
        known.UsSsnRecognizer(),
    ]
    registry = RecognizerRegistry(recognizers=recognisers, supported_languages=["en"])
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["en"])
    return lambda: analyzer.analyze(text=PROMPT, language="en")
