"""Rules for keys whose issuer gives them a prefix of their own.

Source of the forms: what each issuer documents, as the open rules of gitleaks collect it.
"""

from __future__ import annotations

import re

from playbook.trials.scanning.rule import Rule, all_of, labelled, matching
from playbook.vocabulary import DataClass

_BEFORE, _AFTER = r"(?<![0-9A-Za-z_-])", r"(?![0-9A-Za-z_-])"


def _has_digit(value: str) -> bool:
    return any(map(str.isdecimal, value))


def _token(name: str, title: str, *patterns: str, cues: tuple[str, ...]) -> Rule:
    finders = [
        matching(f"{_BEFORE}(?P<value>{one}){_AFTER}", _has_digit, flags=re.ASCII)
        for one in patterns
    ]
    return Rule(name, title, DataClass.RESTRICTED, ("secrets",), all_of(*finders), cues)


_AWS = Rule(
    "aws_access_key",
    "AWS access key",
    DataClass.RESTRICTED,
    ("secrets",),
    all_of(
        matching(rf"{_BEFORE}(?P<value>(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{{16}}){_AFTER}"),
        labelled(
            r"secret[ _-]?(?:access)?[ _-]?key|awssecret(?:access)?key",
            r"[0-9a-z/+]{40}(?![/+=])",
            _has_digit,
        ),
    ),
    cues=("akia", "asia", "abia", "acca", "secret"),
)

TOKEN_RULES = (
    _AWS,
    _token(
        "github_token",
        "GitHub token",
        r"gh[pousr]_[0-9A-Za-z]{36,251}",
        r"github_pat_\w{40,251}",
        cues=("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
    ),
    _token(
        "gitlab_token",
        "GitLab token",
        r"gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|oas)-[\w-]{20,300}(?:\.[\w-]{2,20}){0,3}",
        cues=(
            "glpat-",
            "gldt-",
            "glrt-",
            "glcbt-",
            "glptt-",
            "glft-",
            "glsoat-",
            "glagent-",
            "gloas-",
        ),
    ),
    _token(
        "slack_token",
        "Slack token or webhook",
        r"xox[abceoprs]-[0-9A-Za-z-]{10,250}",
        r"xapp-\d-[0-9A-Z]{8,20}-\d{8,20}-[0-9a-f]{16,100}",
        r"https://hooks\.slack\.com/(?:services|workflows|triggers)/[0-9A-Za-z+/]{20,120}",
        cues=("xox", "xapp-", "hooks.slack.com"),
    ),
    _token(
        "anthropic_key",
        "Anthropic key",
        r"sk-ant-[a-z]{2,12}\d{2}-[\w-]{20,200}",
        cues=("sk-ant-",),
    ),
    _token(
        "openai_key",
        "OpenAI key",
        r"sk-(?:proj|svcacct|admin|None)-[\w-]{20,250}",
        r"sk-[0-9A-Za-z]{32,64}",
        cues=("sk-",),
    ),
    _token(
        "google_key",
        "Google API key or client secret",
        r"AIza[\w-]{35}",
        r"GOCSPX-[\w-]{20,40}",
        r"ya29\.[\w-]{20,300}",
        cues=("aiza", "gocspx-", "ya29."),
    ),
    _token(
        "stripe_key",
        "Stripe key",
        r"(?:sk|rk)_(?:live|test|prod)_[0-9A-Za-z]{10,250}",
        r"whsec_[0-9A-Za-z]{16,250}",
        cues=("sk_", "rk_", "whsec_"),
    ),
    _token(
        "huggingface_token",
        "Hugging Face token",
        r"hf_[0-9A-Za-z]{30,60}",
        r"api_org_[0-9A-Za-z]{30,60}",
        cues=("hf_", "api_org_"),
    ),
    _token(
        "service_token",
        "token of a registry or cloud service",
        r"npm_[0-9A-Za-z]{36}",
        r"pypi-[\w-]{50,300}",
        r"SG\.[\w-]{16,32}\.[\w-]{32,64}",
        r"dop_v1_[0-9a-f]{64}",
        r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}",
        cues=("npm_", "pypi-", "sg.", "dop_v1_", "shpat_", "shpca_", "shppa_", "shpss_"),
    ),
)
