"""What `fimls eval scale` tells: the requests, teams of several sizes, and what changes them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Final

from fimls.evaluation import scale_figures as figures
from fimls.evaluation.scale import ENOUGH, Search, recorded, row, stream

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fimls.evaluation.scale import Row, Scene, Stream
    from fimls.evaluation.scale_author import Burst

ONE_SLOT: Final = "one slot (Ollama)"
"""The variant that a table of its own is about."""

# The search looks at many teams, and larger ones: a quarter of the time tells enough of them.
_SEARCH_SHARE: Final = 0.25

# Memory of the GPUs that teams have.
_GPUS_BYTES: Final = (24e9, 40e9, 80e9)


@dataclass(frozen=True, slots=True)
class Variant:
    """What changes when one thing is changed: the requests, and for how many editors it does."""

    name: str
    stream: Stream
    most: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Room:
    """What a model's cache holds: `tokens` by the GPU's memory in GB."""

    model: str
    bytes_per_token: int
    megabytes_per_author: float
    tokens: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Report:
    """All that was found, for a scene."""

    scene: Scene
    stream: Stream
    shared: Sequence[Row]
    one_slot: Sequence[Row]
    variants: Sequence[Variant]
    rooms: Sequence[Room]


def report(
    scene: Scene,
    editors: Sequence[int],
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Report:
    """Simulates everything; takes about half a minute of a processor."""
    scenes, recordings = variants(scene), Recordings()
    bursts, single = recordings.of(scene), scenes[ONE_SLOT]
    found = []
    for number, (name, changed) in enumerate(scenes.items(), 1):
        found.append(_variant(name, changed, recordings.of(changed)))
        progress(number, len(scenes))
    return Report(
        scene,
        stream(bursts),
        [row(bursts, scene, count) for count in editors],
        [row(bursts, single, count) for count in editors],
        found,
        rooms(bursts),
    )


class Recordings:
    """The bursts of scenes; those that differ only in their servers' sizes have the same."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], list[Burst]] = {}

    def of(self, scene: Scene) -> list[Burst]:
        """The bursts of a scene."""
        server = scene.server
        pace = (server.read, server.write, scene.recorded_at)
        key = (*pace, scene.manner, scene.right, scene.settings.completion.debounce_ms)
        if key not in self._known:
            self._known[key] = recorded(scene)
        return self._known[key]


def variants(scene: Scene) -> dict[str, Scene]:
    """The scene, and the same with one thing changed."""
    server, settings = scene.server, scene.settings

    def debounced(wait_ms: int) -> Scene:
        completion = replace(settings.completion, debounce_ms=wait_ms)
        return replace(scene, settings=replace(settings, completion=completion))

    def on(**changes: int | bool) -> Scene:
        return replace(scene, server=replace(server, **changes))  # type: ignore[arg-type]

    return {
        "as it is": scene,
        ONE_SLOT: replace(scene, server=figures.one_slot(server)),
        "no prefix caching": on(keeps_prompts=False),
        "half the cache": on(cache_tokens=server.cache_tokens // 2),
        "8 sequences": on(slots=8),
        "H100 80 GB": replace(scene, server=figures.larger_gpu(server)),
        "grouped heads (Qwen2.5-Coder)": replace(scene, server=figures.grouped_heads(server)),
        "prefix first always": replace(scene, manner="prefix first"),
        "suffix first always": replace(scene, manner="suffix first"),
        "head of the window moves": replace(scene, manner="sliding window"),
        "suffix of 1,024 tokens": replace(scene, manner="long suffix"),
        "debounce 0 ms": debounced(0),
        "debounce 400 ms": debounced(400),
        "model always right": replace(scene, right=1.0),
        "model always wrong": replace(scene, right=0.0),
        "recorded at half the speed": replace(scene, recorded_at=0.5),
    }


def rooms(bursts: Sequence[Burst]) -> list[Room]:
    """What the models' caches hold, and what an author who types wants of them."""
    tokens = max(r.prompt + r.wants for burst in bursts for r in burst.requests)
    return [
        Room(
            name,
            weights.bytes_per_token,
            tokens * weights.bytes_per_token / 1e6,
            {f"{size / 1e9:g}": figures.cache_tokens(weights, size) for size in _GPUS_BYTES},
        )
        for name, weights in figures.WEIGHTS.items()
    ]


def as_json(found: Report) -> dict[str, object]:
    """The report for machines; the traces are told by their paths."""
    scene = found.scene
    return {
        "traces": [trace.path for trace in scene.traces],
        "server": asdict(scene.server),
        "typing": scene.typing,
        "right": scene.right,
        "seconds": scene.seconds,
        "seed": scene.seed,
        "stream": asdict(found.stream),
        "shared": [asdict(each) for each in found.shared],
        "one_slot": [asdict(each) for each in found.one_slot],
        "variants": [asdict(each) for each in found.variants],
        "rooms": [asdict(each) for each in found.rooms],
    }


def _variant(name: str, scene: Scene, bursts: Sequence[Burst]) -> Variant:
    search = Search(bursts, replace(scene, seconds=scene.seconds * _SEARCH_SHARE))
    most = {what: search.most(enough) for what, enough in ENOUGH.items()}
    return Variant(name, stream(bursts), most)
