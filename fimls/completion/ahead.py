"""Asking ahead: what follows the first line of what is shown, while its author reads.

There is one such request at a time, only while nobody else wants the model, and it is ended by the
first key that disagrees.  Its run begins where the document is now, with the line that is shown as
`known`: so it is found whether the author types that line or accepts it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fimls.completion import shape
from fimls.completion.asking import start
from fimls.completion.env import Question, until_s
from fimls.completion.listen import hear_out, heard_of
from fimls.completion.refuse import refuse
from fimls.completion.resume import place_to_go_on
from fimls.completion.values import Ask, Fit, Skip
from fimls.models.hosts import resolve
from fimls.models.slot import Outcome
from fimls.models.status import Status

if TYPE_CHECKING:
    from fimls.completion.env import Env
    from fimls.completion.runs import Run
    from fimls.completion.values import Completion
    from fimls.documents.snapshot import Snapshot
    from fimls.models.protocol import Model
    from fimls.syntax.tree import Tree
    from fimls.text.hole import Hole

# What is shown is sent first: to look what follows it takes a few milliseconds.
_ANSWERED_S = 0.005

# Editors open several documents at once, and the last of them is the one that is looked at.
_SETTLED_S = 0.3


def look_ahead(ask: Ask, answer: Completion, run: Run, model: Model, env: Env) -> None:
    """Asks for what follows an answer, once the model has done with its run.

    That is what follows the first line: many a model is right for a line only, and many an author
    takes a line only.  Where the model goes on from there as it has before, the run is believed,
    and what follows the whole of it is asked for.
    """
    line = _first_line(ask, answer)
    if line is None or env.settings.completion.speculate == "off":
        return
    place = ask.hole.offset + len(line)
    if run.ahead_at == place and not (run.ahead and _was_ended(run.ahead)):
        return
    ends = [line] if answer.more or answer.text == line else [line, answer.text]
    env.spawn_only(("ahead", run), _ask_after(ends, ask, run, model, env))


async def look_at(snap: Snapshot, env: Env) -> None:
    """Prepares what an author may ask first in a document that has just been opened.

    The first question is the dearest of all: nothing is in memory of what its map looks at, and the
    model has read nothing yet.  Where it is plain what comes first, the model is asked.
    """
    await env.clock.sleep(_SETTLED_S)
    if snap.problem is not None or not env.is_current(snap):
        return
    place = place_to_go_on(snap.text)
    ask = Ask(snap, snap.hole_at(place or 0))
    if refuse(ask, env.settings) is not None:
        return
    model = await env.session.ready(explicit=False)
    # While it was loaded the document may have been closed.
    if isinstance(model, Status) or not env.is_current(snap):
        return
    is_plain = place is not None
    await env.maps.foresee(ask, model.capabilities, env.settings, is_likely=is_plain)
    if not (is_plain and _is_free(ask, model, env)):
        return
    question = _question(ask, ask.hole, snap.tree, model, env)
    if question is not None:
        await _heard(start(question, env), question, env)


def is_wanted(model: Model, env: Env) -> bool:
    """Whether the user wants the model to be asked ahead, or would if they thought of it."""
    wish = env.settings.completion.speculate
    if wish != "auto":
        return wish == "on"
    if env.pace.is_slower_than_reading:
        return False
    return not (resolve(model.host).is_local and env.power.is_battery(env.clock.now()))


def _was_ended(run: Run) -> bool:
    """Whether a run was ended before it had anything to say."""
    return run.stream.outcome is Outcome.CANCELLED and not run.has_line


def _first_line(ask: Ask, answer: Completion) -> str | None:
    """An answer up to the end of its first visible line; None where no line would end there."""
    is_added = answer.start == answer.end == ask.hole.offset
    if ask.selected is not None or not is_added or ask.hole.line_after.strip():
        return None
    blank = len(answer.text) - len(answer.text.lstrip())
    end = answer.text.find("\n", blank)
    return answer.text if end < 0 else answer.text[:end]


def _is_known(question: Question, run: Run, env: Env) -> bool:
    """Whether a run tells already what follows: the one that is shown only if it is believed.

    Where the model was asked from this place on and had nothing, it is not asked again.
    """
    for each in env.runs.serving(question.ask.snap.uri, question.hole):
        if each is not run and each.is_asked_at(question.hole):
            return True
        is_believed = each.is_borne_out if each is run else not each.is_other
        if is_believed and isinstance(heard_of(each, question), Fit):
            return True
    return False


async def _ask_after(ends: list[str], ask: Ask, run: Run, model: Model, env: Env) -> None:
    """Asks from the end of each of these texts on, up to the first that the model denies."""
    await run.stream.closed.wait()
    await env.clock.sleep(_ANSWERED_S)
    for text in ends:
        if not _is_free(ask, model, env):
            return
        run.ahead_at = ask.hole.offset + len(ends[0])
        await _ask_from(ask.hole.after(text), ask, run, model, env)
        if not run.is_borne_out:
            return


async def _ask_from(hole: Hole, ask: Ask, run: Run, model: Model, env: Env) -> None:
    run.ahead = None
    question = _question(ask, hole, ask.snap.tree_with(hole.text), model, env)
    if question is None or _is_known(question, run, env):
        return
    # A key that has come meanwhile is answered first.
    await env.clock.sleep(0)
    if not _is_free(ask, model, env):
        return
    started = start(question, env)
    if isinstance(started, Skip):
        return
    run.ahead = started
    await _heard(started, question, env)
    rest = run.middle_at(hole) or ""
    if "\n" in rest.lstrip():
        run.is_borne_out = started.has_line and not started.contradicts(rest, hole)


def _is_free(ask: Ask, model: Model, env: Env) -> bool:
    """Whether nobody else wants the model, and nothing has been typed since."""
    return env.slot.is_idle and env.is_current(ask.snap) and is_wanted(model, env)


def _question(ask: Ask, hole: Hole, tree: Tree | None, model: Model, env: Env) -> Question | None:
    completion = env.settings.completion
    decided = shape.decide(
        hole,
        tree,
        explicit=False,
        multiline=completion.multiline,
        single_line=model.capabilities.single_line,
    )
    if isinstance(decided, Skip):
        return None
    around = env.maps.kept(ask.snap.uri, model.capabilities, env.settings)
    return Question(ask, hole, tree, decided, model, until_s(env), ahead_of=ask.hole, around=around)


async def _heard(run: Run | Skip, question: Question, env: Env) -> None:
    """Listens to what was asked ahead; who stops listening leaves nothing under way."""
    if isinstance(run, Skip):
        return
    try:
        await hear_out(run, question, env)
    finally:
        if not run.stream.listeners:
            run.stream.end(Outcome.CANCELLED)
    if run.stream.error is not None:
        env.session.failed(run.stream.error, question.model)
