"""The planted corpus: prompts with what must be found in them, and near misses.

Keys are put together here from parts, so that the project holds none.
"""

from __future__ import annotations

import base64
import json
import random
import re
from dataclasses import dataclass
from pathlib import Path

CORPUS = Path(__file__).with_name("corpus.txt")
LETTERS, DIGITS = "abcdefghijklmnopqrstuvwxyz", "0123456789"
MIXED = LETTERS + LETTERS.upper() + DIGITS
_MARK = re.compile(r"\[\[(\w+)\|(.*?)\]\](?!\])", re.DOTALL)
_NAME = re.compile(r"(?<!\$)\{\{(\w+)\}\}")
_ESCAPE = re.compile(r"\\n|\\u([0-9a-f]{4})")


@dataclass(frozen=True)
class Planted:
    """What must be found at a place of a line."""

    rule: str
    start: int
    end: int


@dataclass(frozen=True)
class Line:
    """One prompt of the corpus."""

    text: str
    planted: tuple[Planted, ...]
    section: str
    part: str


def lines() -> tuple[Line, ...]:
    """Return the corpus in the order of its file."""
    keys, section, found = made_up_keys(), "", []
    for raw in CORPUS.read_text(encoding="utf-8").splitlines():
        if raw.startswith("## "):
            section = raw[3:]
        elif raw[:2] in ("t ", "h ", "f "):
            found.append(_line(raw[2:], keys, section, part=raw[0]))
    return tuple(found)


def _line(raw: str, keys: dict[str, str], section: str, *, part: str) -> Line:
    marked = _NAME.sub(lambda found: keys[found[1]], raw)
    marked = _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else "\n", marked)
    text, planted, last = "", [], 0
    for found in _MARK.finditer(marked):
        text += marked[last : found.start()]
        planted.append(Planted(found[1], len(text), len(text) + len(found[2])))
        text += found[2]
        last = found.end()
    return Line(text + marked[last:], tuple(planted), section, part)


def made_up_keys() -> dict[str, str]:
    """Return made-up keys and passwords by name, the same each time."""
    some = random.Random(20_261_128)  # noqa: S311  made up, not to be secret

    def of(length: int, alphabet: str = MIXED) -> str:
        letters = [some.choice(alphabet) for _ in range(length - 1)]
        return "".join(letters) + some.choice(DIGITS)

    def upper(length: int) -> str:
        return "".join(some.choice(LETTERS.upper() + "234567") for _ in range(length))

    hex_digits = DIGITS + "abcdef"
    named = {f"aws_id_{n}": "AK" + "IA" + upper(16) for n in (1, 2, 3)}
    named |= {f"aws_secret_{n}": of(40, MIXED + "/+") for n in (1, 2, 3)}
    named |= {f"github_{n}": "gh" + "p_" + of(36) for n in (1, 2, 3)}
    named |= {f"gitlab_{n}": "gl" + "pat-" + of(20, MIXED + "_-") for n in (1, 2, 3)}
    named |= {f"anthropic_{n}": "sk-" + "ant-api03-" + of(93, MIXED + "_-") for n in (1, 2, 3)}
    named |= {f"openai_{n}": "s" + "k-" + of(48) for n in (1, 2)}
    named |= {f"google_{n}": "AI" + "za" + of(35, MIXED + "_-") for n in (1, 2, 3)}
    named |= {f"hf_{n}": "h" + "f_" + of(34) for n in (1, 2, 3)}
    named |= {f"jwt_{n}": _token(n, of(43, MIXED + "_-")) for n in (1, 2, 3, 4)}
    named |= {f"generic_{n}": of(32) for n in (1, 2, 3, 4)}
    words = ("Winter", "maple", "Quartz", "river", "Tundra", "copper", "Violet")
    for n in range(1, 14):
        first, second = some.choice(words), some.choice(words)
        named[f"password_{n}"] = f"{first}{some.choice('!#%+-_')}{second}{of(3, DIGITS)}"
    named |= {
        "aws_temp_1": "AS" + "IA" + upper(16),
        "hex40": "".join(some.choice(hex_digits) for _ in range(40)),
        "github_fine": "github" + "_pat_" + of(22) + "_" + of(59),
        "github_oauth": "gh" + "o_" + of(36),
        "gitlab_runner": "gl" + "rt-" + of(20, MIXED + "_-"),
        "slack_bot": "xo" + "xb-" + of(12, DIGITS) + "-" + of(13, DIGITS) + "-" + of(24),
        "slack_user": "xoxp-" + of(12, DIGITS) + "-" + of(12, DIGITS) + "-" + of(32, hex_digits),
        "slack_app": "xa" + "pp-1-A" + upper(10) + "-" + of(13, DIGITS) + "-" + of(64, hex_digits),
        "slack_hook": "https://hooks.slack"
        ".com/services/T" + upper(8) + "/B" + upper(8) + "/" + of(24),
        "openai_proj": "sk-" + "proj-" + of(64, MIXED + "_-"),
        "openai_svc": "sk-" + "svcacct-" + of(64, MIXED + "_-"),
        "anthropic_admin": "sk-" + "ant-admin01-" + of(93, MIXED + "_-"),
        "google_oauth": "GOC" + "SPX-" + of(28, MIXED + "_-"),
        "stripe_live": "sk" + "_live_" + of(24),
        "stripe_test": "sk" + "_test_" + of(99),
        "stripe_restricted": "rk" + "_live_" + of(24),
        "stripe_hook": "wh" + "sec_" + of(32),
        "npm_1": "np" + "m_" + of(36),
        "pypi_1": "py" + "pi-AgEI" + of(90, MIXED + "_-"),
        "sendgrid_1": "S" + "G." + of(22) + "." + of(43),
        "shopify_1": "shp" + "at_" + of(32, hex_digits),
        "digitalocean_1": "do" + "p_v1_" + of(64, hex_digits),
        "azure_1": base64.b64encode(some.randbytes(64)).decode(),
    }
    return named | _blocks(some)


def _token(number: int, signature: str) -> str:
    parts = ({"alg": "HS256", "typ": "JWT"}, {"sub": f"user-{number}", "iat": 1_700_000_000})
    coded = [
        base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in parts
    ]
    return ".".join((*coded, signature))


def _blocks(some: random.Random) -> dict[str, str]:
    def block(kind: str, length: int = 300) -> str:
        body = base64.b64encode(some.randbytes(length)).decode()
        rows = [body[at : at + 64] for at in range(0, len(body), 64)]
        return "\n".join(
            ("-" * 5 + f"BEGIN {kind}" + "-" * 5, *rows, "-" * 5 + f"END {kind}" + "-" * 5)
        )

    return {
        "pem_rsa": block("RSA PRIVATE" + " KEY"),
        "pem_openssh": block("OPENSSH PRIVATE" + " KEY"),
        "pem_ec": block("EC PRIVATE" + " KEY", 120),
        "pem_pgp": block("PGP PRIVATE" + " KEY BLOCK"),
        "pem_escaped": block("PRIVATE" + " KEY").replace("\n", "\\n"),
        "pem_public": block("PUBLIC" + " KEY"),
        "pem_certificate": block("CERTIFICATE"),
    }
