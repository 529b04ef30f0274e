"""Listening to a run: what of it can be shown, when, and what happens to it afterwards."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from fimls.completion import post
from fimls.completion.drawable import undrawable
from fimls.completion.env import Patience
from fimls.completion.runs import Shown
from fimls.completion.values import Completion, Fit, More, Overtaken, Reason, Skip
from fimls.models.slot import Outcome, Priority

if TYPE_CHECKING:
    from fimls.completion.env import Env, Question
    from fimls.completion.runs import Run
    from fimls.completion.trace import Recorder
    from fimls.completion.values import Answer

# An automatic request is answered with whole lines that fit when the rest is not there by then:
# at 40 tokens a second that shows them 1.2 s earlier (architecture decision 8).
_SHOW_EARLY_S = 0.15

# A request taken back by the editor may be followed at once by one that the same run serves;
# only when none has come by then is the connection closed.
_ORPHAN_GRACE_S = 0.2

# A run that agrees with what has been typed meanwhile waits longer for the next question: Neovim
# asks 200 ms after the last key (`editors.md` §3), and between keys there is as much again.
_TYPED_ALONG_GRACE_S = 1.0

# A small model is shown unasked only when the text as a whole is at least this likely (the sum of
# its tokens' log-probabilities).  Chosen on lines of HumanEval's programs that are in no data set
# that fimls is measured with (249 of them, the cursor on an empty line): 48 % are shown, and of
# these 56 % pass the program's tests, against 41 % of all that fits; at -3 it is 43 and 60 %, at -4
# 52 and 52 %.  The mean per token tells less: with as many shown 50 % are right (area under the
# curve 0.74 against 0.82), since a long line is wrong more often, however sure each of its tokens.
_CONFIDENT_LOGPROB = -3.5


async def listen(
    run: Run, question: Question, env: Env, record: Recorder, bell: asyncio.Event
) -> Answer:
    """Follows the run until there is something to show, or nothing will be."""
    run.stream.listeners.add(bell)
    if question.ask.explicit:
        # Now the user has asked for this run by a key, whoever began it.
        run.stream.priority = max(run.stream.priority, Priority.EXPLICIT)
    patience = Patience(env, question, bell, _SHOW_EARLY_S)
    grace_s = _TYPED_ALONG_GRACE_S
    try:
        while True:
            bell.clear()
            answer = _judge(run, question, env, patience)
            if answer is not None:
                record.heard(run, question.hole, answer)
                return answer
            await bell.wait()
    except asyncio.CancelledError:
        grace_s = _ORPHAN_GRACE_S
        raise
    finally:
        run.stream.listeners.discard(bell)
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


def _judge(run: Run, question: Question, env: Env, patience: Patience) -> Answer | None:
    """What can be said now; None where the run has to go on."""
    if not env.is_current(question.ask.snap) or run.stream.outcome is Outcome.CANCELLED:
        return Overtaken()
    if run.stream.error is not None:
        env.session.failed(run.stream.error, question.model)
    fit = _fit(run, question, over=patience.over)
    if isinstance(fit, More):
        return None
    if isinstance(fit, Skip):
        run.stream.end(Outcome.CUT)
        return _nothing(fit, run, env, patience)
    if fit.whole:
        run.stream.end(Outcome.CUT)
        return _shown_if_sure(fit, run, question, env)
    if not patience.early:
        return None
    env.spawn(_tell_of_more(run, question, fit, env))
    return _shown_if_sure(fit, run, question, env)


def _fit(run: Run, question: Question, *, over: bool) -> Fit | More | Skip:
    """What of the run fits the hole; never `More` when the run has ended or time is over."""
    middle = run.middle_at(question.hole)
    if middle is None:
        return Skip(Reason.DISAGREES)
    done = over or run.stream.ended
    fit = post.fit(middle, question.site, done=done, cut=done and (over or run.cut))
    return Skip(Reason.EMPTY) if done and isinstance(fit, More) else fit


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
    if not _confident(fit, run, question):
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
    if fit.whole:
        run.shown = Shown(question.hole, question.shape, fit)
    return answer


def _placed(fit: Fit, question: Question, ident: int) -> Completion:
    """What fits, where it stands in the document as it is: the selected item is part of it."""
    chosen, at = question.ask.selected, question.hole.offset
    if chosen is None:
        return Completion(fit.text, at, at + fit.replaces, ident, more=not fit.whole)
    end = chosen.end + fit.replaces
    return Completion(chosen.text + fit.text, chosen.start, end, ident, more=not fit.whole)


def _confident(fit: Fit, run: Run, question: Question) -> bool:
    """Small models are shown unasked only when they are sure; who asks by a key sees all."""
    if question.ask.explicit or not question.model.capabilities.single_line:
        return True
    logprobs = run.logprobs(question.hole, fit.text)
    return not logprobs or sum(logprobs) > _CONFIDENT_LOGPROB


async def _tell_of_more(run: Run, question: Question, shown: Fit, env: Env) -> None:
    """Follows a run that was shown early to its end, and tells if it has more to show."""
    bell = asyncio.Event()
    run.stream.listeners.add(bell)
    patience = Patience(env, question, bell, _SHOW_EARLY_S)
    try:
        fit = _fit(run, question, over=False)
        while not isinstance(fit, Skip) and not (isinstance(fit, Fit) and fit.whole):
            await bell.wait()
            bell.clear()
            fit = _fit(run, question, over=patience.over)
    finally:
        run.stream.listeners.discard(bell)
        patience.end()
    run.stream.end(Outcome.CUT)
    if isinstance(fit, Fit) and fit.text != shown.text and env.is_current(question.ask.snap):
        env.on_more(question.ask.snap.uri, question.ask.snap.version)


async def _close_if_alone(run: Run, env: Env, grace_s: float) -> None:
    """Closes a run that nobody listens to any more, unless a new question takes it up."""
    await env.clock.sleep(grace_s)
    if not run.stream.listeners:
        run.stream.end(Outcome.CANCELLED)
