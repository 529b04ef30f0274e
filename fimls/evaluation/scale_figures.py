"""The figures that the simulation of a shared server begins with, and where each is from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from fimls.evaluation.scale_server import Server

if TYPE_CHECKING:
    from collections.abc import Mapping

READ_TOKENS_PER_S: Final = 10_000.0
"""Prompt tokens a second.  An assumption: at 2 · 6.7e9 operations a token, the 312e12 a second of
an A100's data sheet would be 23,000; less than half of it is what is left in practice."""

WRITE_TOKENS_PER_S: Final = 75.0
"""Tokens a second of one sequence alone: vLLM 0.23 with Llama 3.1 8B in bfloat16 on an A100 40 GB
(johnmusgrave.com, "vLLM throughput-latency sweep").  Code Llama 7B is a sixth smaller."""

BANDWIDTH_BYTES_PER_S: Final = 1.555e12
"""Memory bandwidth of an A100 40 GB (data sheet)."""

MEMORY_BYTES: Final = 40e9
"""Memory of that GPU."""

MEMORY_SHARE: Final = 0.9
"""What vLLM takes of it: the default of `--gpu-memory-utilization`."""

WORKING_BYTES: Final = 2e9
"""What a step needs for itself.  An assumption."""

SLOTS: Final = 64
"""Sequences at once (`--max-num-seqs`): more than there is room for in the cache of that GPU."""

TYPING_SHARE: Final = 0.2
"""The share of the time in which an author types, pauses of a trace included.  An assumption for a
busy hour: in a field study 58 % of the time went to comprehension and 24 % to navigation (Xia et
al., "Measuring Program Comprehension", 2018), which leaves 18 % for editing and all else."""

RIGHT_SHARE: Final = 0.3
"""The share of lines that the model gets right.  An assumption: 27 % of what Copilot showed was
accepted (Ziegler et al., 2022).  A model that is right more often is asked less."""

SECONDS: Final = 600.0
"""How much time of a team is simulated, at least."""

AUTHOR_SECONDS: Final = 15_000.0
"""The time of all its authors together, at least: about a thousand requests, so that the 95th
percentile stands on fifty."""

PLACES: Final = 4
"""Places of each file that are typed at."""

SAVED_BYTES: Final = 8192 * 2**20
"""Prompts that llama-server, and so Ollama from 0.30 on, keeps in the machine's memory
(`ollama.md` §1.8)."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A model's size and shape, as its `config.json` has them; two bytes a number."""

    parameters: float
    layers: int
    key_heads: int
    head_size: int

    @property
    def bytes(self) -> float:
        """What the weights take."""
        return 2 * self.parameters

    @property
    def bytes_per_token(self) -> int:
        """Keys and values of a token, in all layers."""
        return 2 * self.layers * self.key_heads * self.head_size * 2


WEIGHTS: Final[Mapping[str, Weights]] = {
    "Code Llama 7B": Weights(6.74e9, 32, 32, 128),
    "Code Llama 13B": Weights(13.0e9, 40, 40, 128),
    "Qwen2.5-Coder 7B": Weights(7.6e9, 28, 4, 128),
}
"""Models for a team."""

SIMULATED: Final = "Code Llama 7B"
"""The one that is simulated."""

# What a sequence of a usual prompt and its answer holds, which each step reads through.
_USUAL_TOKENS: Final = 1100


def cache_tokens(weights: Weights, memory_bytes: float = MEMORY_BYTES) -> int:
    """Tokens whose keys and values have room beside the weights."""
    room = memory_bytes * MEMORY_SHARE - weights.bytes - WORKING_BYTES
    return max(0, int(room / weights.bytes_per_token))


def shared_server() -> Server:
    """vLLM with Code Llama 7B on an A100 40 GB."""
    return Server(
        read=READ_TOKENS_PER_S,
        write=WRITE_TOKENS_PER_S,
        crowding_s=crowding_s(WEIGHTS[SIMULATED], BANDWIDTH_BYTES_PER_S),
        slots=SLOTS,
        cache_tokens=cache_tokens(WEIGHTS[SIMULATED]),
    )


def larger_gpu(server: Server) -> Server:
    """The same on an H100 80 GB.

    122 tokens a second are measured (vLLM 0.21, Llama 3.1 8B in fp16, yobitelcomm's "concurrency
    sweep"); reading is assumed three times as fast, as the data sheets have it.
    """
    return replace(
        server,
        read=3 * server.read,
        write=122.0,
        crowding_s=crowding_s(WEIGHTS[SIMULATED], 3.35e12),
        cache_tokens=cache_tokens(WEIGHTS[SIMULATED], 80e9),
    )


def grouped_heads(server: Server) -> Server:
    """The same speed with the keys and values of Qwen2.5-Coder 7B, nine times smaller."""
    weights = WEIGHTS["Qwen2.5-Coder 7B"]
    return replace(
        server,
        crowding_s=crowding_s(weights, BANDWIDTH_BYTES_PER_S),
        cache_tokens=cache_tokens(weights),
    )


def one_slot(server: Server) -> Server:
    """Ollama on the same GPU, as fast: one request at a time, prompts are read to their end."""
    saved = int(SAVED_BYTES / WEIGHTS[SIMULATED].bytes_per_token)
    return replace(server, slots=1, cache_tokens=saved, drops_reading=False)


def crowding_s(weights: Weights, bandwidth: float) -> float:
    """What a further sequence adds to a step: its keys and values are read from memory."""
    return _USUAL_TOKENS * weights.bytes_per_token / bandwidth
