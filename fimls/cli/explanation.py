"""A trace for people: stages, prompt, the model's raw answer, what each filter did, the result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from fimls.completion.trace import filters
from fimls.completion.values import Completion

if TYPE_CHECKING:
    from rich.console import RenderableType

    from fimls.completion.trace import Trace


def show(trace: Trace) -> None:
    """Prints how a completion came about."""
    console = Console(highlight=False, soft_wrap=True)
    console.print(Group(*(part for part in _parts(trace) if part is not None)))


def _parts(trace: Trace) -> list[RenderableType | None]:
    return [
        _stages(trace),
        _attempts(trace),
        _context(trace),
        _panel("prompt", trace.prompt.generation.prompt if trace.prompt else None),
        _panel("raw answer", trace.raw),
        _filters(trace),
        _panel("shown", trace.answer.text if isinstance(trace.answer, Completion) else None),
    ]


def _stages(trace: Trace) -> Table:
    table = Table(title=_title(trace), title_justify="left", box=None, show_header=False)
    for name, spent_ms in trace.stages_ms.items():
        table.add_row(f"  {name}", f"{spent_ms:9.2f} ms")
    return table


def _title(trace: Trace) -> str:
    if trace.model is None:
        return "no model was asked"
    mode = f" · {trace.prompt.mode.value}" if trace.prompt else ""
    served = " · from a run" if trace.served else ""
    share = trace.attempt.reading if trace.attempt else None
    read = "" if share is None else f" · {share.kept} characters kept, {share.reread} read"
    return f"{trace.model} on {trace.backend}{mode}{served}{read}"


def _panel(title: str, text: str | None) -> Panel | None:
    return None if text is None else Panel(Text(text), title=title, title_align="left")


def _attempts(trace: Trace) -> Table | None:
    """What each generation brought, where there was more than one."""
    if len(trace.attempts) < 2:
        return None
    table = Table(title="attempts", title_justify="left")
    for column in ("prompt", "temperature", "raw answer", "shown"):
        table.add_column(column)
    for each in trace.attempts:
        answer, temperature = each.answer, each.prompt.generation.temperature
        shown = answer.text if isinstance(answer, Completion) else f"dropped: {answer}"
        table.add_row(each.prompt.mode.value, f"{temperature}", Text(each.raw), Text(shown))
    return table


def _context(trace: Trace) -> Table | None:
    """What the prompt has of other files, and why."""
    shown = trace.prompt.context if trace.prompt else ()
    if not shown:
        return None
    table = Table(title="context", title_justify="left")
    for column in ("path", "kind", "tokens", "score", "reason"):
        table.add_column(column)
    for each in shown:
        row = (each.path, each.kind, f"{each.tokens}", f"{each.score:.3f}", each.reason)
        table.add_row(*map(Text, row))
    return table


def _filters(trace: Trace) -> Table | None:
    """Only the filters that did something: the others left the text as it was."""
    steps = [step for step in filters(trace) if step.reason or step.before != step.after]
    if not steps:
        return None
    table = Table(title="filters", title_justify="left")
    for column in ("filter", "before", "after"):
        table.add_column(column)
    for step in steps:
        after = Text(f"dropped: {step.reason}" if step.reason else step.after)
        table.add_row(step.name, Text(step.before), after)
    return table
