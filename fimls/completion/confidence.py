"""Whether a small model is sure enough of a text to show it to somebody who has not asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fimls.completion.agreement import leads_on
from fimls.completion.values import Completion

if TYPE_CHECKING:
    from fimls.completion.env import Question
    from fimls.completion.runs import Run
    from fimls.completion.values import Fit

# The text as a whole has to be at least this likely (the sum of its tokens' log-probabilities).
# Chosen on lines of HumanEval's programs that are in no data set that fimls is measured with (249
# of them): 51 % are shown then, and of these 62 % pass the program's tests, against 49 % of all
# that fits; at -3.5 it is 47 and 67 %, at -6 56 and 59 %.  The mean per token tells less (area
# under the curve 0.74 against 0.82), since a long line is wrong more often, however sure each of
# its tokens.
_CONFIDENT_LOGPROB: Final = -4.5


def is_sure(fit: Fit, run: Run, question: Question) -> bool:
    """Whether a text may be shown: who asks by a key sees all, and so do users of larger models.

    What does not lead on to the document's next line is never shown: of 36 such texts, however sure
    the model was, 2 were right.
    """
    if question.ask.explicit or not question.model.capabilities.single_line:
        return True
    logprobs = run.logprobs(question.hole, fit.text)
    if logprobs and sum(logprobs) <= _CONFIDENT_LOGPROB:
        return False
    at = question.hole.offset
    return leads_on(Completion(fit.text, at, at + fit.replaces, 0), question.hole)
