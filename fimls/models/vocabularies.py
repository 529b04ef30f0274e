"""The control tokens of each tokenizer: spellings that a server would read out of the user's text.

llama.cpp, and with it Ollama, parses them wherever they stand in a prompt (`ollama.md` §1.6), so
a file that quotes one would end a prompt or move its middle.  Left out are tokens that mean
nothing to a format and that people write as they are, such as `<think>` and `<tool_call>`.
Where a list is from stands above it.  Pure.
"""

from __future__ import annotations

from typing import Final

# `codellama/CodeLlama-7b-hf` (tokenizer_config.json).  The last four are plain text to the
# tokenizer, but the borders of a turn to the instruct variants.
CODE_LLAMA: Final = (
    *("<PRE>", "<SUF>", "<MID>", "<EOT>", "<s>", "</s>", "<unk>"),
    *("[INST]", "[/INST]", "<<SYS>>", "<</SYS>>"),
)

# `bigcode/santacoder`; its own spelling has hyphens.
SANTACODER: Final = (
    *("<fim-prefix>", "<fim-suffix>", "<fim-middle>", "<fim-pad>", "<|endoftext|>"),
)

_FIM: Final = ("<fim_prefix>", "<fim_suffix>", "<fim_middle>", "<fim_pad>")
_ISSUES: Final = ("<issue_start>", "<issue_comment>", "<issue_closed>")
_NOTEBOOKS: Final = ("<jupyter_start>", "<jupyter_text>", "<jupyter_code>", "<jupyter_output>")

# `bigcode/starcoderbase` (special_tokens_map.json).  Granite Code took the tokenizer as it is
# (its maintainer in ibm-granite/granite-code-models#3), Stable Code the spellings.
STARCODER: Final = (
    *("<|endoftext|>", *_FIM, "<filename>", "<gh_stars>", "<reponame>"),
    *(*_ISSUES, *_NOTEBOOKS, "<empty_output>"),
    *("<commit_before>", "<commit_msg>", "<commit_after>"),
)

# `bigcode/starcoder2-3b` (tokenizer_config.json).
STARCODER2: Final = (
    *("<|endoftext|>", *_FIM, "<repo_name>", "<file_sep>"),
    *(*_ISSUES, *_NOTEBOOKS, "<jupyter_script>", "<empty_output>"),
    *("<code_to_intermediate>", "<intermediate_to_code>"),
    *("<pr>", "<pr_status>", "<pr_is_merged>", "<pr_base>", "<pr_base_code>", "<pr_file>"),
    *("<pr_diff>", "<pr_diff_hunk>", "<pr_diff_hunk_comment_line>", "<pr_comment>"),
    *("<pr_event_id>", "<pr_review>", "<pr_review_state>", "<pr_review_comment>"),
    *("<pr_in_reply_to_review_id>", "<pr_in_reply_to_comment_id>"),
)

_CHATML: Final = ("<|im_start|>", "<|im_end|>")

# `Qwen/CodeQwen1.5-7B`: StarCoder's markers, not the ones of its successor (the file of the model
# in TabbyML/registry-tabby, QwenLM/Qwen3-Coder#13 and #71).
CODEQWEN: Final = ("<|endoftext|>", *_FIM, "<reponame>", "<file_sep>", *_CHATML)

_BARRED_FIM: Final = ("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|fim_pad|>")

# `Qwen/Qwen2.5-Coder-7B`; Qwen3-Coder has the same (tokenizer_config.json).
QWEN: Final = (
    *("<|endoftext|>", *_BARRED_FIM, "<|repo_name|>", "<|file_sep|>", *_CHATML),
    *("<|object_ref_start|>", "<|object_ref_end|>", "<|box_start|>", "<|box_end|>"),
    *("<|quad_start|>", "<|quad_end|>", "<|vision_start|>", "<|vision_end|>"),
    *("<|vision_pad|>", "<|image_pad|>", "<|video_pad|>"),
)

# U+FF5C for the bar, U+2581 for the blank.
_DEEPSEEK: Final = (
    *("<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>"),
    *("<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>", "<|EOT|>"),
)

# `deepseek-ai/deepseek-coder-6.7b-base`; the turns have plain bars.
DEEPSEEK_CODER: Final = (*_DEEPSEEK, "<|User|>", "<|Assistant|>", "<pad>")

# `deepseek-ai/DeepSeek-Coder-V2-Lite-Base`.
DEEPSEEK_CODER_V2: Final = (
    *(*_DEEPSEEK, "<｜User｜>", "<｜Assistant｜>", "<｜completion｜>"),
    *("<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>", "<｜tool▁call▁begin｜>"),
    *("<｜tool▁call▁end｜>", "<｜tool▁outputs▁begin｜>", "<｜tool▁outputs▁end｜>"),
    *("<｜tool▁output▁begin｜>", "<｜tool▁output▁end｜>", "<｜tool▁sep｜>"),
)

# `google/codegemma-2b`, and its page at ai.google.dev (formatting); Gemma's tokens beyond these
# are HTML tags and unused numbers.
CODEGEMMA: Final = (
    *("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|file_separator|>"),
    *("<bos>", "<eos>", "<pad>", "<unk>", "<start_of_turn>", "<end_of_turn>"),
)

# mistral-common, `SpecialTokens`.
MISTRAL: Final = (
    *("[PREFIX]", "[SUFFIX]", "[MIDDLE]", "[INST]", "[/INST]", "<s>", "</s>", "<unk>"),
    *("[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]", "[TOOL_RESULTS]", "[/TOOL_RESULTS]"),
    *("[TOOL_CALLS]", "[IMG]", "[IMG_BREAK]", "[IMG_END]"),
)

# `ibm-granite/granite-4.0-h-tiny` (tokenizer.json).
GRANITE4: Final = (
    *("<|end_of_text|>", *_BARRED_FIM, "<|filename|>", "<|reponame|>", "<|pad|>", "<|unk|>"),
    *("<|start_of_role|>", "<|end_of_role|>", "<|start_of_plugin|>", "<|end_of_plugin|>"),
    *("<think_on>", "<think_off>", "<schema>", "</schema>", "<tools>", "</tools>"),
    *("<documents>", "</documents>"),
)

# `ByteDance-Seed/Seed-Coder-8B-Base` (special_tokens_map.json, and the report's §3 for the rest).
SEED_CODER: Final = (
    *("<[begin▁of▁sentence]>", "<[end▁of▁sentence]>", "<[PAD▁TOKEN]>", "<[SEP▁TOKEN]>"),
    *("<[fim-prefix]>", "<[fim-suffix]>", "<[fim-middle]>"),
)

# The model's template at Ollama and its card; its tokenizer's map was not to be had, and what is
# not among its tokens is only broken up for nothing.
MELLUM: Final = ("<|endoftext|>", *_FIM, "<filename>", "<reponame>", *_CHATML)

# `zai-org/GLM-4.7-Flash`, the same as GLM-4.5's; CodeGeeX4, on GLM-4-9B, has the first two lines.
GLM: Final = (
    *("<|endoftext|>", "<|code_prefix|>", "<|code_suffix|>", "<|code_middle|>", "[MASK]"),
    *("[gMASK]", "[sMASK]", "<sop>", "<eop>", "<|system|>", "<|user|>", "<|assistant|>"),
    *("<|observation|>", "<|begin_of_image|>", "<|end_of_image|>", "<|begin_of_video|>"),
    *("<|end_of_video|>", "<|begin_of_audio|>", "<|end_of_audio|>"),
    *("<|begin_of_transcription|>", "<|end_of_transcription|>"),
)

# llama.cpp's list of markers names them; the ends are Falcon-H1's.
FALCON_H1: Final = (
    *("<|prefix|>", "<|suffix|>", "<|middle|>"),
    *("<|end_of_text|>", "<|begin_of_text|>", "<|pad|>", *_CHATML),
)
