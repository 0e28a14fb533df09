"""Find the model and the GPU that a measured point names, however it spells them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cached_property

from playbook.catalog import Catalog, Gpu, Model

_AFFIXES = frozenset({
    "meta", "instruct", "chat", "hf", "it", "base", "pt", "preview", "turbo", "thinking",
    "dynamic", "kv", "exp", "quantized", "latest", "online", "fp32", "fp16", "bf16", "f16", "fp8",
    "fp4", "int8", "int4", "nvfp4", "mxfp4", "awq", "gptq", "gguf", "mlx", "bnb", "4bit", "8bit",
    "w4a16", "w8a8", "w8a16", "w4a8", "99", "99.9", "dpo",
})  # fmt: skip
_VERSION = re.compile(r"v[01](\.?\d+)?")
_DATE = re.compile(r"(20)?2[3-6](0[1-9]|1[0-2])\d{0,2}|0[1-9][0-3]\d|1[0-2][0-3]\d")
_CONTEXT = re.compile(r"\d+[km]")
_QUANTISED = re.compile(r"(?<![a-z])(i?q\d(_[0-9a-z]+)*|g128)")
_GPU_AFFIXES = re.compile(
    r"nvidia|geforce|tesla|quadro|amd|instinct|radeon|intel|apple|gpu|blackwell|generation"
    r"|server edition|workstation edition|hbm\d?e?|sxm\d?|oam|\(.*?\)"
)
_COUNTED = re.compile(
    r"(?:(?P<before>\d{1,3}) ?[x*] ?)?(?P<name>.+?)(?: ?[x*] ?(?P<after>\d{1,3}))?", re.IGNORECASE
)
_GPU_MEMORY = re.compile(r"\d+g[bi]?b?")


def model_key(name: str) -> str:
    """Return what is left of a model's name without hub, form, format, date and separators.

    Example:
        >>> model_key("meta-llama/Meta-Llama-3-8B-Instruct"), model_key("llama3_8b-chat-hf-FP8")
        ('llama38b', 'llama38b')
        >>> model_key("Qwen3-235B-A22B-Instruct-2507") == model_key("Qwen/Qwen3-235B-A22B-FP8")
        True
    """
    text = name.strip().lower().rsplit("/", 1)[-1]
    text = re.sub(r"(?<=\d)_(?=\d(-|$))", ".", _QUANTISED.sub("", text))
    tokens = [token for token in re.split(r"[-_\s:()]+", text) if token]
    kept = [tokens[0]] if tokens and tokens[0] != "meta" else []
    kept.extend(token for token in tokens[1:] if not _is_affix(token))
    return "".join(kept)


def _is_affix(token: str) -> bool:
    patterns = (_VERSION, _DATE, _CONTEXT)
    return token in _AFFIXES or any(one.fullmatch(token) for one in patterns)


def gpu_keys(name: str) -> tuple[str, ...]:
    """Return keys of a GPU's name, the fullest first: as written, without maker, without memory.

    Example:
        >>> gpu_keys("NVIDIA H100-SXM5-80GB")
        ('nvidiah100sxm580gb', 'h10080gb', 'h100')
    """
    text = name.strip().lower()
    without = _GPU_AFFIXES.sub(" ", text)
    least = _GPU_MEMORY.sub(" ", without)
    return tuple(dict.fromkeys(re.sub(r"[^a-z0-9]", "", one) for one in (text, without, least)))


class Names:
    """Look-up of models and GPUs by names as measured points write them."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def model(self, name: str) -> Model | None:
        """Return the model of a name that has a size and an architecture, or None."""
        return self._models.get(model_key(name))

    def gpu(self, name: str, *, gpus: int = 1) -> Gpu | None:
        """Return the GPU of a name, or None.

        Args:
            name: Name; it may repeat the number of GPUs, as `RTX3090x2` and `8x H100` do.
            gpus: The number of GPUs.
        """
        found = _COUNTED.fullmatch(name.strip())
        number = int(found["before"] or found["after"] or gpus) if found else gpus
        single = found["name"] if found and number == gpus else name
        keys = (*gpu_keys(name), *gpu_keys(single))
        return next((self._gpus[key] for key in keys if key in self._gpus), None)

    def near_model(self, name: str) -> str | None:
        """Return the id of the model whose name is nearest, or None."""
        near = get_close_matches(model_key(name), self._models, n=1)
        return self._models[near[0]].id if near else None

    def near_gpu(self, name: str) -> str | None:
        """Return the id of the GPU whose name is nearest, or None."""
        near = get_close_matches(gpu_keys(name)[0], self._gpus, n=1)
        return self._gpus[near[0]].id if near else None

    @cached_property
    def _models(self) -> dict[str, Model]:
        """Return all models that can be sized, the catalog's own before those that only size."""
        found: dict[str, Model] = {}
        for name, model in self._named_models():
            found.setdefault(model_key(name), model)
        return found

    def _named_models(self) -> Iterator[tuple[str, Model]]:
        sized = [one for one in self._catalog.models if one.architecture and one.parameters_billion]
        for model in sized:
            yield model.id, model
            if model.weights:
                yield model.weights, model
        for table in self._catalog.architectures:
            for row, model in zip(table.models, table.as_models(), strict=True):
                yield from ((name, model) for name in (row.name, *row.aliases))

    @cached_property
    def _gpus(self) -> dict[str, Gpu]:
        found: dict[str, Gpu] = {}
        for gpu in self._catalog.gpus:
            for name in (gpu.id, *gpu.aliases):
                found.setdefault(gpu_keys(name)[0], gpu)
        return found
