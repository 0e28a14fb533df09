"""Write trained networks as GGUF files (needs the `gguf` package).

Query and key rows are reordered from halves, as trained, to the interleaved pairs llama.cpp
rotates. A missing output matrix means that it is tied to the token embedding.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from playbook.demo_model.network import Network
from playbook.demo_model.shape import Shape
from playbook.demo_model.tokenizer import SPECIAL_TOKENS, VOCABULARY, token_merges

Array = npt.NDArray[np.float32]

LICENCE = "CC0-1.0"
DESCRIPTION = (
    "Demonstration only: trained on synthetic support-desk tasks and able to do these tasks only. "
    "Says nothing about any other model."
)
CHAT_TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


@dataclass(frozen=True)
class Label:
    """How a file names itself in its metadata."""

    name: str
    about: str


def write_model(network: Network, tokenizer: Tokenizer, path: Path, label: Label) -> None:
    """Write a whole network: matrices in q8_0, norms in f32, tokenizer and chat template inside.

    Args:
        network: The trained network.
        tokenizer: Its tokenizer.
        path: File to write.
        label: Name and description for the metadata.
    """
    writer = gguf.GGUFWriter(path, "llama")
    _add_label(writer, label)
    _add_shape(writer, network.shape)
    _add_tokenizer(writer, tokenizer)
    for name, tensor in network.state_dict().items():
        values = _reordered(name, tensor.float().numpy(), network.shape)
        if values.ndim == 1:
            writer.add_tensor(name, values)
            continue
        quantised = gguf.quantize(values, gguf.GGMLQuantizationType.Q8_0)
        writer.add_tensor(name, quantised, raw_dtype=gguf.GGMLQuantizationType.Q8_0)
    _close(writer)


def write_adapter(
    updates: Mapping[str, Array], shape: Shape, *, alpha: float, path: Path, label: Label
) -> None:
    """Write a LoRA adapter in f32.

    Args:
        updates: The trained updates; keys end in `.a` (rank, inputs) or `.b` (outputs, rank).
        shape: Shape of the base network.
        alpha: Scale numerator used in training.
        path: File to write.
        label: Name and description for the metadata.
    """
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, alpha)
    _add_label(writer, label)
    for key, values in updates.items():
        matrix, _, side = key.rpartition(".")
        ordered = _reordered(matrix, values, shape) if side == "b" else values
        writer.add_tensor(f"{matrix}.weight.lora_{side}", ordered)
    _close(writer)


def interleaved(rows: Array, heads: int) -> Array:
    """Return rows reordered, within each head, from (first half, second half) to pairs.

    Args:
        rows: Matrix of shape (outputs, anything).
        heads: Number of heads the outputs are made of.

    Returns:
        A matrix of the same shape.
    """
    outputs, inputs = rows.shape
    halves = rows.reshape(heads, 2, outputs // heads // 2, inputs)
    return np.ascontiguousarray(halves.swapaxes(1, 2).reshape(outputs, inputs))


def _reordered(name: str, values: Array, shape: Shape) -> Array:
    if "attn_q" in name:
        return interleaved(values, shape.heads)
    if "attn_k" in name:
        return interleaved(values, shape.kv_heads)
    return np.ascontiguousarray(values)


def _add_label(writer: gguf.GGUFWriter, label: Label) -> None:
    writer.add_name(f"{label.name} (demonstration only)")
    writer.add_description(f"{DESCRIPTION} {label.about}")
    writer.add_license(LICENCE)


def _add_shape(writer: gguf.GGUFWriter, shape: Shape) -> None:
    writer.add_context_length(shape.context_tokens)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.feed_forward)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.kv_heads)
    writer.add_rope_dimension_count(shape.head_width)
    writer.add_rope_freq_base(shape.rope_base)
    writer.add_layer_norm_rms_eps(shape.norm_epsilon)
    writer.add_vocab_size(shape.vocabulary)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)


def _add_tokenizer(writer: gguf.GGUFWriter, tokenizer: Tokenizer) -> None:
    tokens = [tokenizer.id_to_token(number) or "" for number in range(VOCABULARY)]
    kinds = [
        gguf.TokenType.CONTROL if token in SPECIAL_TOKENS else gguf.TokenType.NORMAL
        for token in tokens
    ]
    end_of_text, _, end_of_turn = (tokens.index(token) for token in SPECIAL_TOKENS)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges(token_merges(tokenizer))
    writer.add_bos_token_id(end_of_text)
    writer.add_eos_token_id(end_of_turn)
    writer.add_eot_token_id(end_of_turn)
    writer.add_pad_token_id(end_of_text)
    writer.add_add_bos_token(value=False)
    writer.add_add_space_prefix(value=False)
    writer.add_chat_template(CHAT_TEMPLATE)


def _close(writer: gguf.GGUFWriter) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
