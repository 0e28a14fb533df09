"""The fixed words of the product: lanes, data classes, perimeters, answers, verdicts."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal


class Lane(StrEnum):
    """The three ways to get a model's answers."""

    FRONTIER_API = "frontier_api"
    HOSTED_OPEN_WEIGHTS = "hosted_open_weights"
    SELF_HOSTED = "self_hosted"

    @property
    def words(self) -> str:
        """Return the lane's name in words."""
        return {"frontier_api": "commercial API", "self_hosted": "self-hosted open weights"}.get(
            self.value, "hosted open weights"
        )


class DataClass(StrEnum):
    """How sensitive data is; ordered from `public` to `restricted`."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    RESTRICTED = "restricted"

    @property
    def rank(self) -> int:
        """Return 0 for public up to 3 for restricted."""
        return _RANKS[self]


_RANKS = {one: rank for rank, one in enumerate(DataClass)}


def highest(*classes: DataClass) -> DataClass:
    """Return the most sensitive of some data classes.

    Example:
        >>> highest(DataClass.PUBLIC, DataClass.CONFIDENTIAL)
        <DataClass.CONFIDENTIAL: 'confidential'>
    """
    return max(classes, key=lambda one: one.rank)


class AnswerWord(StrEnum):
    """The five answers to a control's question, each worded so that `met` is good."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"

    @property
    def words(self) -> str:
        """Return the answer as a person gives it: Yes, Partly, No, Don't know or N.A."""
        names = {"met": "Yes", "partly": "Partly", "not_met": "No", "unknown": "Don't know"}
        return names.get(self.value, "N.A.")


class Verdict(StrEnum):
    """What compliance says of an option, worst first."""

    OUT = "OUT"
    UNDETERMINED = "UNDETERMINED"
    CONDITIONAL = "CONDITIONAL"
    OK = "OK"


class Status(StrEnum):
    """How far a decision may be acted on today."""

    DECIDE = "DECIDE"
    WATCH = "WATCH"
    RUN_FIRST = "RUN FIRST"
    CONDITIONAL = "CONDITIONAL"
    BLOCKED = "BLOCKED"


Operator = Literal["self", "third_party"]
Perimeter = Literal["external", "dedicated_tenant", "private_cloud", "on_prem", "air_gapped"]
ZeroRetention = Literal["default", "self_serve", "on_approval", "none"]
Modality = Literal["text", "image", "audio", "video"]
TuningMethod = Literal["lora", "qlora", "full"]
Contract = Literal[
    "dpa_art28", "sccs", "uk_idta", "dpf_certified", "baa", "qsoa", "dora_art30", "glba_clause",
    "nydfs_clause", "ferpa_dpa", "cjis_addendum", "client_nda", "tpsp_pci",
]  # fmt: skip
Certificate = Literal[
    "soc2_type2", "iso27001", "iso42001", "hitrust", "fedramp_low", "fedramp_moderate",
    "fedramp_high", "fedramp_equivalent", "govramp", "dod_il4", "dod_il5", "pci_aoc", "c5_type2",
    "hds",
]  # fmt: skip
Sector = Literal[
    "healthcare", "finance", "legal", "government", "defense", "education", "retail",
    "technology", "other",
]  # fmt: skip
OrgRole = Literal[
    "hipaa_covered_entity", "hipaa_business_associate", "gdpr_controller", "gdpr_processor",
    "eu_financial_entity", "us_bank", "uk_bank", "glba_institution", "nydfs_covered_entity",
    "us_federal_agency", "us_federal_contractor", "us_state_agency", "dod_contractor",
    "intelligence_contractor", "criminal_justice_agency", "law_firm", "school",
    "edtech_operator", "broker_dealer", "merchant", "none_of_these",
]  # fmt: skip
Place = Literal[
    "US", "US-TX", "US-NY", "US-NYC", "US-CO", "US-CA", "US-UT", "EU", "DE", "FR", "UK", "CA",
    "CA-QC", "CN", "other", "none",
]  # fmt: skip
DataType = Literal[
    "personal", "special_category", "phi", "substance_use_record", "npi_financial",
    "cardholder_pan", "card_auth_data", "cji", "fti", "cui", "itar_technical_data",
    "ear_technology", "classified", "client_confidential", "education_record",
    "child_under_13", "biometric", "genomic", "precise_geolocation", "trade_secret",
    "source_code", "secrets", "public_only",
]  # fmt: skip
Use = Literal[
    "internal_assistant", "public_chatbot", "synthetic_media", "code_generation",
    "employment_decision", "credit_decision", "insurance_pricing", "education_assessment",
    "essential_services", "biometric_identification", "law_enforcement",
    "clinical_decision_support", "patient_facing", "medical_device", "legal_work_product",
    "critical_infrastructure", "military", "regulated_communications",
    "distill_or_train_other_model",
]  # fmt: skip
