r"""Write `demo-base` once more with fewer bits a weight, for trials of one model at two places.

The weights of the shipped `demo-base.gguf` (q8_0) are taken back to floats and rounded again; all
else in the file stays. No training, no randomness: the same file comes out on every machine.

Run it by hand, in an environment with the `gguf` package:

    PYTHONPATH=lib python -m playbook.demo_model.requantise
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import gguf

from playbook.demo_model.files import demo_model_path

FORMATS = {
    "q4_0": (gguf.GGMLQuantizationType.Q4_0, gguf.LlamaFileType.MOSTLY_Q4_0),
    "q4_1": (gguf.GGMLQuantizationType.Q4_1, gguf.LlamaFileType.MOSTLY_Q4_1),
    "q5_0": (gguf.GGMLQuantizationType.Q5_0, gguf.LlamaFileType.MOSTLY_Q5_0),
    "q5_1": (gguf.GGMLQuantizationType.Q5_1, gguf.LlamaFileType.MOSTLY_Q5_1),
    "f16": (gguf.GGMLQuantizationType.F16, gguf.LlamaFileType.MOSTLY_F16),
}
SHIPPED = "q5_1"


def requantise(source: Path, target: Path, format_: str) -> None:
    """Write a model with its matrices in another format.

    Args:
        source: GGUF file of a Llama model.
        target: File to write.
        format_: One of `FORMATS`.
    """
    kind, _ = FORMATS[format_]
    reader = gguf.GGUFReader(source)
    writer = gguf.GGUFWriter(target, "llama")
    _copy_fields(reader, writer, format_)
    for tensor in reader.tensors:
        values = gguf.dequantize(tensor.data, tensor.tensor_type)
        if values.ndim == 1:
            writer.add_tensor(tensor.name, values)
            continue
        writer.add_tensor(tensor.name, gguf.quantize(values, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the shipped second file of `demo-base`, or another one somewhere else."""
    parser = argparse.ArgumentParser(description="Write demo-base with fewer bits a weight.")
    parser.add_argument("--format", choices=list(FORMATS), default=SHIPPED, help="of the matrices")
    parser.add_argument("--out", type=Path, help="file to write; left out, the shipped one")
    options = parser.parse_args(arguments)
    target = options.out or demo_model_path("demo-base-q5_1")
    requantise(demo_model_path("demo-base"), target, options.format)


def _copy_fields(reader: gguf.GGUFReader, writer: gguf.GGUFWriter, format_: str) -> None:
    """Copy everything that a file says but what the writer itself says; its name ends anew."""
    for name, field in reader.fields.items():
        if name.startswith("GGUF.") or name == "general.architecture":
            continue
        if name == "general.file_type":
            writer.add_file_type(FORMATS[format_][1])
            continue
        if name == "general.name":
            writer.add_name(str(field.contents()).replace("demo-base", f"demo-base-{format_}"))
            continue
        inner = field.types[-1] if len(field.types) > 1 else None
        writer.add_key_value(name, field.contents(), field.types[0], sub_type=inner)


if __name__ == "__main__":
    main()
