"""Names as users have them: which family each tells, which are known not to fill, which nothing."""

from __future__ import annotations

import pytest

from fimls.models.families import FAMILIES, family_of, is_known_not_to_fill

# Where there is no family: known not to fill in the middle, or to be probed.
NOT = "known not to fill"
UNCLEAR = ""

NAMES = [
    # Code Llama: 7b and 13b, base and instruct.
    ("codellama:7b-code", "codellama"),
    ("codellama:13b-code", "codellama"),
    ("codellama:code", "codellama"),
    ("codellama:latest", "codellama"),
    ("codellama", "codellama"),
    ("codellama:7b-instruct-q4_K_M", "codellama"),
    ("codellama-7b", "codellama"),
    ("user/codellama:7b-code-q4_0", "codellama"),
    ("hf.co/TheBloke/CodeLlama-7B-GGUF:Q4_K_M", "codellama"),
    ("codellama/CodeLlama-13b-Instruct-hf", "codellama"),
    ("registry.example.com:5000/me/code-llama-7b:latest", "codellama"),
    ("codellama-7b.Q4_K_M.gguf", "codellama"),
    ("C:\\models\\codellama-7b-instruct.Q5_K_M.gguf", "codellama"),
    ("/models/TheBloke_CodeLlama-7B-GGUF/codellama-7b.Q8_0.gguf", "codellama"),
    ("codellama:7b-python", NOT),
    ("codellama:python", NOT),
    ("codellama:34b-code", NOT),
    ("codellama:70b", NOT),
    ("CodeLlama-34b-Instruct-hf", NOT),
    ("TheBloke/CodeLlama-7B-Python-GGUF", NOT),
    ("phind-codellama:34b-v2", NOT),
    ("phind-codellama", NOT),
    ("wizardcoder:7b-python", NOT),
    ("WizardCoder-Python-34B-V1.0", NOT),
    # Qwen's coders; the instruct variants fill too, the general models do not.
    ("qwen2.5-coder:1.5b-base", "qwen2.5-coder"),
    ("qwen2.5-coder:7b-instruct-q6_K", "qwen2.5-coder"),
    ("qwen2.5-coder:latest", "qwen2.5-coder"),
    ("qwen-2.5-coder", "qwen2.5-coder"),
    ("qwen2.5-coder-1.5b-q8_0.gguf", "qwen2.5-coder"),
    ("qwen2.5-coder-7b-instruct-q8_0-00001-of-00003.gguf", "qwen2.5-coder"),
    ("hf.co/bartowski/Qwen2.5-Coder-7B-GGUF:Q4_K_M", "qwen2.5-coder"),
    ("hf.co/bartowski/Qwen2.5.1-Coder-7B-Instruct-GGUF:Q6_K_L", "qwen2.5-coder"),
    ("ggml-org/Qwen2.5-Coder-1.5B-Q8_0-GGUF", "qwen2.5-coder"),
    ("Qwen/Qwen2.5-Coder-7B-Instruct-AWQ", "qwen2.5-coder"),
    ("Qwen_Qwen2.5-Coder-3B-Q4_K_M.gguf", "qwen2.5-coder"),
    ("unsloth/Qwen2.5-Coder-7B-bnb-4bit", "qwen2.5-coder"),
    ("mlx-community/Qwen2.5-Coder-14B-Instruct-4bit", "qwen2.5-coder"),
    ("qwen2.5-coder-7b-instruct@q4_k_m", "qwen2.5-coder"),
    ("models--Qwen--Qwen2.5-Coder-14B-Instruct-GGUF", "qwen2.5-coder"),
    ("unsloth/Qwen3-Coder-30B-A3B-Instruct-GGUF:Q4_K_XL", "qwen3-coder"),
    ("qwen3-coder:30b", "qwen3-coder"),
    ("qwen3-coder:480b-cloud", "qwen3-coder"),
    ("Qwen/Qwen3-Coder-480B-A35B-Instruct-FP8", "qwen3-coder"),
    ("codeqwen:7b-code-v1.5-q4_0", "codeqwen"),
    ("bartowski/CodeQwen1.5-7B-GGUF", "codeqwen"),
    ("codeqwen:7b", UNCLEAR),
    ("codeqwen-1_5-7b-chat-q3_k_m.gguf", UNCLEAR),
    ("qwen2.5:7b", NOT),
    ("Qwen/Qwen2.5-72B-Instruct", NOT),
    ("qwen3:8b", NOT),
    ("qwen2.5vl:7b", NOT),
    # Somebody trained it further for this: the name does not tell with which markers.
    ("Etherll/Qwen2.5-CodeFIM-1.5B-v2", UNCLEAR),
    # Newer than what is known of it.
    ("qwen3.6:27b", UNCLEAR),
    # DeepSeek: the base models of the first, the small one of the second.
    ("deepseek-coder:6.7b-base-q5_K_M", "deepseek-coder"),
    ("deepseek-coder:1.3b-base", "deepseek-coder"),
    ("TheBloke/deepseek-coder-6.7B-base-GGUF", "deepseek-coder"),
    ("deepseek-ai/deepseek-coder-33b-base", "deepseek-coder"),
    ("deepseek-coder:6.7b-instruct-q4_K_S", NOT),
    # A bare tag at Ollama is the instruct variant, and answers with made-up markers.
    ("deepseek-coder:1.3b", NOT),
    ("deepseek-coder:latest", NOT),
    ("deepseek-ai/deepseek-coder-7b-base-v1.5", NOT),
    ("DeepseekCoder-6.7B", UNCLEAR),
    ("deepseek-coder", UNCLEAR),
    ("deepseek-coder-v2:16b-lite-base-q4_0", "deepseek-coder-v2"),
    ("deepseek-coder-v2:16b", "deepseek-coder-v2"),
    ("deepseek-coder-v2:latest", "deepseek-coder-v2"),
    ("deepseek-coder-v2:lite", "deepseek-coder-v2"),
    ("bartowski/DeepSeek-Coder-V2-Lite-Instruct-GGUF", "deepseek-coder-v2"),
    ("deepseek-coder-v2:236b", NOT),
    ("deepseek-ai/DeepSeek-Coder-V2-Instruct-0724", NOT),
    ("deepseek-r1:7b", NOT),
    ("deepseek-llm:7b", NOT),
    ("hf.co/bartowski/DeepSeek-R1-Distill-Qwen-7B-GGUF:Q4_K_M", NOT),
    ("deepseek-ai/DeepSeek-V2.5", UNCLEAR),
    # StarCoder and what is like it.
    ("starcoder2:3b-q4_0", "starcoder2"),
    ("starcoder2:3b", "starcoder2"),
    ("starcoder2:latest", "starcoder2"),
    ("bigcode/starcoder2-3b", "starcoder2"),
    ("starcoder2-7b_Q8_0.gguf", "starcoder2"),
    ("starcoder2:15b-instruct-v0.1-q4_0", UNCLEAR),
    ("starcoder:1b", "starcoder"),
    ("bigcode/starcoderbase-1b", "starcoder"),
    ("starcoderbase-3B.Q8_0.gguf", "starcoder"),
    ("StarCoder-7B", "starcoder"),
    ("bigcode/tiny_starcoder_py", "starcoder"),
    ("starcoder:15b-plus", UNCLEAR),
    ("bigcode/santacoder", "santacoder"),
    ("starchat", NOT),
    ("HuggingFaceH4/starchat2-15b-v0.1", NOT),
    # CodeGemma: at Ollama `2b` is a base model, and `7b` an instruct one.
    ("codegemma:2b-code", "codegemma"),
    ("codegemma:2b", "codegemma"),
    ("codegemma:code", "codegemma"),
    ("codegemma:7b-code", "codegemma"),
    ("google/codegemma-7b", "codegemma"),
    ("codegemma-1.1-2b-Q8_0.gguf", "codegemma"),
    ("codegemma:7b-instruct", NOT),
    ("google/codegemma-7b-it", NOT),
    ("codegemma:7b", UNCLEAR),
    ("gemma3:4b", NOT),
    ("google/gemma-2-9b-it", NOT),
    # Mistral's.
    ("codestral:22b-v0.1-q2_K", "codestral"),
    ("codestral:latest", "codestral"),
    ("bartowski/Codestral-22B-v0.1-GGUF", "codestral"),
    ("mistralai_Codestral-22B-v0.1.Q4_K_M.gguf", "codestral"),
    ("codestral-2501", "codestral"),
    ("mistralai/Mamba-Codestral-7B-v0.1", NOT),
    ("codestral-embed", NOT),
    ("devstral:24b", NOT),
    ("mistral:7b", NOT),
    ("mixtral:8x7b", NOT),
    ("ministral-3:8b", NOT),
    # Granite.
    ("granite-code:3b-base", "granite-code"),
    ("granite-code:8b", "granite-code"),
    ("ibm-granite/granite-8b-code-instruct-4k", "granite-code"),
    ("granite-20b-code-base-8k.Q4_K_M.gguf", "granite-code"),
    ("ibm-granite/granite-3.3-8b-base", "granite-code"),
    ("granite3.3:8b", UNCLEAR),
    ("granite3.1-dense:8b", NOT),
    ("granite4:tiny-h", "granite4"),
    ("ibm-granite/granite-4.0-h-micro-GGUF", "granite4"),
    ("ibm-granite_granite-4.0-h-350m-Q8_0.gguf", "granite4"),
    ("ibm-granite/granite-4.0-micro-base", "granite4-base"),
    ("granite-4.0-tiny-preview", UNCLEAR),
    ("granite4.1:8b", UNCLEAR),
    # The rest.
    ("stable-code:3b-code-q4_0", "stable-code"),
    ("stable-code:code", "stable-code"),
    ("stabilityai/stable-code-3b", "stable-code"),
    ("stable-code-instruct-3b", UNCLEAR),
    ("stable-code:latest", UNCLEAR),
    ("ggml-org/Seed-Coder-8B-Base-GGUF", "seed-coder"),
    ("/ByteDance-Seed/Seed-Coder-8B-Base/", "seed-coder"),
    ("ByteDance-Seed/Seed-Coder-8B-Instruct", UNCLEAR),
    ("JetBrains/Mellum-4b-base-gguf", "mellum"),
    ("JetBrains/Mellum-4b-sft-python:latest", "mellum"),
    ("DevQuasar/JetBrains.Mellum-4b-base-GGUF:Q4_K_M", "mellum"),
    ("JetBrains/Mellum2-12B-A2.5B", UNCLEAR),
    ("codegeex4:9b-all-q4_0", "codegeex"),
    ("THUDM/codegeex4-all-9b", "codegeex"),
    ("zai-org/GLM-4.5-Air", "glm"),
    ("glm4:9b", UNCLEAR),
    ("tiiuae/Falcon-H1-Tiny-Coder-90M-GGUF", "falcon-h1-coder"),
    ("falcon3:7b", NOT),
    ("yi-coder:9b-base", NOT),
    ("yi:6b", NOT),
    ("zeta2", NOT),
    ("sweep-next-edit-1.5b", NOT),
    # Chat, embeddings, pictures.
    ("llama3.2:1b", NOT),
    ("llama2:7b", NOT),
    ("meta-llama/Meta-Llama-3.1-8B-Instruct", NOT),
    ("meta-llama/Llama-3.2-3B-Instruct", NOT),
    ("tinyllama", NOT),
    ("phi3:mini", NOT),
    ("smollm2:135m", NOT),
    ("gpt-oss:20b", NOT),
    ("llava:7b", NOT),
    ("nomic-embed-text", NOT),
    ("mxbai-embed-large:latest", NOT),
    ("all-minilm", NOT),
    ("bge-m3:latest", NOT),
    ("qwen3-embedding:0.6b", NOT),
    ("granite-embedding:30m", NOT),
    ("embeddinggemma:300m", NOT),
    # Nothing but what somebody called it.
    ("my-own:7b", UNCLEAR),
    ("my-codellama:latest", UNCLEAR),
    ("codellamax:7b", UNCLEAR),
    ("autocomplete", UNCLEAR),
    ("dolphincoder:7b", UNCLEAR),
    ("magicoder:7b-s-cl", UNCLEAR),
    # The user's name says nothing about the model.
    ("codellama/mistral:7b", NOT),
    ("qwen2.5-coder/llama3:8b", NOT),
    ("Nondzu/Mistral-7B-Instruct-v0.2-code-ft", UNCLEAR),
    ("", UNCLEAR),
    (":latest", UNCLEAR),
    ("///", UNCLEAR),
]


@pytest.mark.parametrize(("name", "told"), NAMES)
def test_a_name_tells_what_is_known_of_it_and_nothing_else(name: str, told: str) -> None:
    family = family_of(name)

    assert (family.name if family else UNCLEAR) == (told if told in FAMILIES else UNCLEAR)
    assert is_known_not_to_fill(name) is (told == NOT)


@pytest.mark.parametrize("name", [name for name, _ in NAMES if ":" in name and "/" not in name])
def test_registry_user_and_case_change_nothing(name: str) -> None:
    for other in (f"registry.example.com:5000/ann/{name}", name.upper()):
        assert family_of(other) is family_of(name)
        assert is_known_not_to_fill(other) is is_known_not_to_fill(name)


def test_every_family_is_told_by_some_name() -> None:
    assert {told for _, told in NAMES} == {*FAMILIES, NOT, UNCLEAR}
