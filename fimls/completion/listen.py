"""Listening to a run: what of it can be shown, when, and what happens to it afterwards."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from fimls.completion import post
from fimls.completion.confidence import is_sure
from fimls.completion.drawable import undrawable
from fimls.completion.env import Patience
from fimls.completion.values import Completion, Fit, More, Overtaken, Reason, Skip
from fimls.models.slot import Outcome, Priority

if TYPE_CHECKING:
    from fimls.completion.env import Env, Question
    from fimls.completion.runs import Run, Shown
    from fimls.completion.trace import Recorder
    from fimls.completion.values import Answer
    from fimls.documents.snapshot import Snapshot

# An automatic request is answered with whole lines that fit when the rest is not there by then:
# at 40 tokens a second that shows them 1.2 s earlier (architecture decision 8).
_SHOW_EARLY_S = 0.15

# A request taken back by the editor may be followed at once by one that the same run serves;
# only when none has come by then is the connection closed.
_ORPHAN_GRACE_S = 0.2

# A wrong letter is seen after one more, and both are taken back: three keys of 120 to 200 ms, after
# which the run agrees again.
_SLIP_GRACE_S = 0.6

# A run that agrees with what has been typed meanwhile waits longer for the next question: Neovim
# asks 200 ms after the last key (`editors.md` §3), and between keys there is as much again.
_TYPED_ALONG_GRACE_S = 1.0


async def listen(
    run: Run, question: Question, env: Env, record: Recorder, bell: asyncio.Event
) -> Answer:
    """Follows the run until there is something to show, or nothing will be."""
    run.stream.listeners.append(bell)
    # Now the user waits for this run, whoever began it.
    wanted = Priority.EXPLICIT if question.ask.explicit else Priority.AUTOMATIC
    run.stream.priority = max(run.stream.priority, wanted)
    patience = Patience(env, question, bell, _SHOW_EARLY_S)
    grace_s = _TYPED_ALONG_GRACE_S
    is_kept = run.stream.ended
    try:
        while True:
            bell.clear()
            answer: Answer | None = _taken(run, question, env, is_kept=is_kept)
            if answer is None and _is_to_judge(run, patience):
                answer = _judge(run, question, env, patience)
            if answer is not None:
                record.heard(run, question.hole, answer)
                return answer
            patience.begin()
            await bell.wait()
    except asyncio.CancelledError:
        grace_s = _ORPHAN_GRACE_S
        raise
    finally:
        run.stream.listeners.remove(bell)
        patience.end()
        if not (run.stream.ended or run.stream.listeners):
            env.spawn_only(run, _close_if_alone(run, env, grace_s))


def again(rest: Shown, run: Run, question: Question, env: Env, record: Recorder) -> Answer:
    """What is left of what was shown, after the author has typed the beginning of it.

    It stays, however sure the model was: the user has seen it, and goes along with it.
    """
    record.site = question.site
    answer = _shown(rest.fit, run, question, env)
    record.heard(run, question.hole, answer)
    return answer


def _taken(run: Run, question: Question, env: Env, *, is_kept: bool) -> Overtaken | None:
    """Whether the text has moved on, or somebody else has taken the model meanwhile.

    A run that is kept may have been cancelled before, and what it said then is still good.
    """
    if not env.is_current(question.ask.snap):
        return Overtaken()
    return Overtaken() if run.stream.outcome is Outcome.CANCELLED and not is_kept else None


def _is_to_judge(run: Run, patience: Patience) -> bool:
    """Whether there is anything to judge: before that, the request shall get on its way."""
    return run.said != "" or run.stream.ended or patience.over


def _judge(run: Run, question: Question, env: Env, patience: Patience) -> Answer | None:
    """What can be said now; None where the run has to go on."""
    if run.stream.error is not None:
        env.session.failed(run.stream.error, question.model)
    fit = _fit(run, question, over=patience.over)
    if isinstance(fit, More):
        return None
    if len(run.stream.listeners) <= 1 and (isinstance(fit, Skip) or fit.whole):
        # Whoever else listens wants more of it than this question.
        run.stream.end(Outcome.CUT)
    if isinstance(fit, Skip):
        return _nothing(fit, run, env, patience)
    if fit.whole:
        return _shown_if_sure(fit, run, question, env)
    if not (patience.early or _has_stood(run, question, env)):
        return None
    env.spawn(_tell_of_more(run, question, fit, env))
    return _shown_if_sure(fit, run, question, env)


def _has_stood(run: Run, question: Question, env: Env) -> bool:
    """Whether there has been something to show of a run for long enough, over several questions.

    Who types on asks anew with each key, and would wait anew.
    """
    now_s = env.clock.now()
    if run.fits_since_s is None:
        run.fits_since_s = now_s
    return not question.ask.explicit and now_s - run.fits_since_s >= _SHOW_EARLY_S


def _fit(run: Run, question: Question, *, over: bool) -> Fit | More | Skip:
    """What of the run fits the hole; never `More` when the run has ended or time is over."""
    middle = run.middle_at(question.hole)
    if middle is None:
        return Skip(Reason.DISAGREES)
    done = over or run.stream.ended
    fit = post.fit(middle, question.site, done=done, cut=done and (over or run.cut))
    if isinstance(fit, Fit) and not _goes_beyond(fit, question.typed):
        fit = Skip(Reason.DISAGREES) if fit.whole else More()
    return Skip(Reason.EMPTY) if done and isinstance(fit, More) else fit


def _goes_beyond(fit: Fit, typed: str) -> bool:
    """Whether there is more than what has been typed of it already, if any has."""
    return not typed or (fit.text.startswith(typed) and bool(fit.text[len(typed) :].strip()))


def _nothing(fit: Skip, run: Run, env: Env, patience: Patience) -> Skip:
    """Why nothing is shown: a fault of the model weighs more than what it left behind."""
    if run.stream.error is not None:
        return Skip(Reason.MODEL_FAILED, str(run.stream.error))
    if patience.over:
        # It might have said more in time; at the same place it is asked anew.
        env.runs.forget(run)
        return Skip(Reason.TIMED_OUT, f"over {env.settings.completion.timeout_ms} ms")
    # The model has answered, though not with what can be shown.
    env.session.worked()
    return fit


def _shown_if_sure(fit: Fit, run: Run, question: Question, env: Env) -> Completion | Skip:
    """The completion, unless the model is not sure enough of it."""
    if not is_sure(fit, run, question):
        return Skip(Reason.UNSURE)
    return _shown(fit, run, question, env)


def _shown(fit: Fit, run: Run, question: Question, env: Env) -> Completion | Skip:
    """The completion, unless an editor cannot draw it."""
    answer = _placed(fit, question, next(env.idents))
    refused = undrawable(question.ask, answer)
    if refused is not None:
        return refused
    if run.stream.error is None:
        env.session.worked()
    run.show(question.hole, question.shape, fit)
    return answer


def _placed(fit: Fit, question: Question, ident: int) -> Completion:
    """What fits, where it stands in the document as it is: the selected item is part of it."""
    chosen, at = question.ask.selected, question.ask.hole.offset
    if chosen is None:
        left = fit.text[len(question.typed) :]
        return Completion(left, at, at + fit.replaces, ident, more=not fit.whole)
    end = chosen.end + fit.replaces
    return Completion(chosen.text + fit.text, chosen.start, end, ident, more=not fit.whole)


def heard_of(run: Run, question: Question) -> Fit | More | Skip:
    """What of a run fits a hole as far as it has come."""
    return _fit(run, question, over=False)


async def hear_out(run: Run, question: Question, env: Env) -> None:
    """Follows a run until all of it is there that is wanted at a hole, and ends it then.

    That is told at line ends.  Whether it fits is judged by who wants to show it: it takes some
    milliseconds.
    """
    bell = asyncio.Event()
    run.stream.listeners.append(bell)
    patience = Patience(env, question, bell, _SHOW_EARLY_S)
    lines = 0
    try:
        while not (run.stream.ended or patience.over):
            before, lines = lines, run.stream.text.count("\n")
            if lines > before and _has_said_all(run, question):
                break
            patience.begin()
            await bell.wait()
            bell.clear()
    finally:
        run.stream.listeners.remove(bell)
        patience.end()
    run.stream.end(Outcome.CUT)


def _has_said_all(run: Run, question: Question) -> bool:
    """Whether nothing that a run may still say counts at a hole, or it says something else."""
    middle = run.middle_at(question.hole)
    return middle is None or post.is_over(middle, question.site)


async def _tell_of_more(run: Run, question: Question, shown: Fit, env: Env) -> None:
    """Follows a run that was shown early to its end, and tells if it has more to show."""
    await hear_out(run, question, env)
    fit = heard_of(run, question)
    if isinstance(fit, Fit) and fit.text != shown.text and env.is_current(question.ask.snap):
        env.on_more(question.ask.snap.uri, question.ask.snap.version)


def weigh(run: Run, snap: Snapshot, env: Env) -> None:
    """Ends a run under way that disagrees with a document.

    That is in a moment where something else is typed, as it may be by a slip.  A change of the text
    around it is none, and for what was asked ahead nobody has waited.
    """
    was_doubted, run.is_doubted = run.is_doubted, not run.agrees_with(snap)
    if was_doubted or not run.is_doubted:
        return
    if run.stream.priority is Priority.AHEAD or run.anchor.written_in(snap) is None:
        run.stream.end(Outcome.CANCELLED)
        return
    # Whoever asks now takes the model from it.
    run.stream.priority = Priority.AHEAD
    env.spawn_only(("doubt", run), _close_if_doubted(run, env))


async def _close_if_doubted(run: Run, env: Env) -> None:
    await env.clock.sleep(_SLIP_GRACE_S)
    if run.is_doubted:
        run.stream.end(Outcome.CANCELLED)


async def _close_if_alone(run: Run, env: Env, grace_s: float) -> None:
    """Closes a run that nobody listens to any more, unless a new question takes it up."""
    await env.clock.sleep(grace_s)
    if not run.stream.listeners:
        run.stream.end(Outcome.CANCELLED)
