"""The child process of the embedded engine: one model, one llama.cpp server on loopback.

Run by `launcher` as a file, so that it imports nothing but xllamacpp. Its settings, the API key
among them, come as one JSON line on standard input; its address goes out as one JSON line on
standard output. It ends when standard input closes, hence also when its parent dies.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from typing import Any

CONTEXT_TOKENS_PER_SLOT = 512
LOG_SECONDS = 0.5
"""What the engine's own thread may need to write down why it did not start."""


def _parameters(settings: dict[str, Any]) -> Any:  # noqa: ANN401  xllamacpp ships no types
    import xllamacpp  # noqa: PLC0415  so that a missing wheel is reported, not a traceback

    wanted = xllamacpp.CommonParams()
    wanted.model.path = settings["model_path"]
    wanted.model_alias = {settings["model_id"]}
    wanted.hostnames = ["127.0.0.1"]
    wanted.port = settings.get("port", 0)
    wanted.api_keys = [settings["api_key"]]
    wanted.n_parallel = settings["slots"]
    wanted.n_ctx = CONTEXT_TOKENS_PER_SLOT * settings["slots"]
    wanted.n_gpu_layers = 0
    wanted.fit_params = False
    wanted.cpuparams.n_threads = wanted.cpuparams_batch.n_threads = settings["threads"]
    wanted.cache_prompt = False  # a reused prefix would flatter the time to the first token
    wanted.cache_ram_mib = 0
    wanted.use_jinja = True
    wanted.ui = False
    wanted.offline = True
    wanted.cors_origins = "http://127.0.0.1"
    wanted.cors_origins_explicit = True
    wanted.cors_credentials = False
    wanted.verbosity = 1  # the reason of a failed start is logged only from here on
    if settings.get("adapter_path"):
        wanted.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(settings["adapter_path"], 1.0)]
    return wanted


def main() -> None:
    """Serve until standard input closes or SIGTERM arrives."""
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C reaches the whole group; the parent decides
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever native code prints must not be taken for the address
    settings = json.loads(sys.stdin.buffer.readline())
    try:
        import xllamacpp  # noqa: PLC0415  so that a missing wheel is reported, not a traceback

        server = xllamacpp.Server(_parameters(settings))
    except (ImportError, RuntimeError, ValueError) as error:
        sys.stderr.write(f"engine: {error}\n")
        sys.stderr.flush()
        time.sleep(LOG_SECONDS)
        os._exit(3)
    answers.write(json.dumps({"address": server.listening_address}) + "\n")
    answers.flush()
    sys.stdin.buffer.read()
    os._exit(0)  # nothing to save, and no native destructor can hang


if __name__ == "__main__":
    main()
