"""Facts: typed records with source and date, read from `data/*.yaml`."""

from playbook.catalog.billing import Usage, highest_cost_usd, request_cost_usd
from playbook.catalog.catalog import Catalog
from playbook.catalog.controls import Area, Control, Effect, Regime
from playbook.catalog.data_types import LeastClass, least_class, underlabelled
from playbook.catalog.fine_tuning import TunedServing, TuningOffer, TuningPrice, TuningRun
from playbook.catalog.hosts import ApiHost, address_in, address_of
from playbook.catalog.licences import Licence
from playbook.catalog.load import house_classes, load_catalog
from playbook.catalog.measurements import Measurement
from playbook.catalog.models import Architecture, Model
from playbook.catalog.opinions import PriceDisagreement, as_stated_by, disagreement
from playbook.catalog.options import Option
from playbook.catalog.prices import price_from_litellm, price_on
from playbook.catalog.pricing import Price, PriceList, PriceTier, SecondOpinion
from playbook.catalog.schema import (
    ApiOffer,
    Assumption,
    Engine,
    Fact,
    Gpu,
    GpuOffer,
    HostingPlace,
    Provider,
)
from playbook.catalog.tokenizers import Tokenizer, Writing, ratio_in, tokenizer_of

__all__ = [
    "ApiHost",
    "ApiOffer",
    "Architecture",
    "Area",
    "Assumption",
    "Catalog",
    "Control",
    "Effect",
    "Engine",
    "Fact",
    "Gpu",
    "GpuOffer",
    "HostingPlace",
    "LeastClass",
    "Licence",
    "Measurement",
    "Model",
    "Option",
    "Price",
    "PriceDisagreement",
    "PriceList",
    "PriceTier",
    "Provider",
    "Regime",
    "SecondOpinion",
    "Tokenizer",
    "TunedServing",
    "TuningOffer",
    "TuningPrice",
    "TuningRun",
    "Usage",
    "Writing",
    "address_in",
    "address_of",
    "as_stated_by",
    "disagreement",
    "highest_cost_usd",
    "house_classes",
    "least_class",
    "load_catalog",
    "price_from_litellm",
    "price_on",
    "ratio_in",
    "request_cost_usd",
    "tokenizer_of",
    "underlabelled",
]
