"""The built-in list of files that hold secrets: never completed, never shown to a model."""

from __future__ import annotations

import re

# Folders whose every file is taken for a secret.
_FOLDERS = (
    r"\.ssh",
    r"\.gnupg",
    r"\.aws",
    r"\.azure",
    r"\.kube",
    r"\.config/gcloud",
    r"\.config/gh",
    r"\.password-store",
)

# Endings of settings and data.  `secrets.py` and `credentials.ts` are code, like any other.
_DATA = r"(?:ya?ml|json5?|toml|ini|cfg|conf|properties|env|txt|xml|csv|enc|tfvars|auto\.tfvars)"

_NAMES = (
    # Environment files, whatever follows; `.env.example` is made to be read, but who checks it?
    r"\.env(?:\.[^/]*|rc)?",
    r"[^/]+\.env",
    # Keys and certificates.
    r"[^/]*\.(?:pem|key|p12|pfx|pkcs12|p8|jks|keystore|bks|kdbx?|asc|gpg|pgp|ppk|crt|cer|der|csr)",
    r"id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?(?:[._-][^/]*)?",
    r"[^/]*_(?:rsa|dsa|ecdsa|ed25519)",
    r"authorized_keys|known_hosts",
    # Files called after what they hold.
    rf"(?:[^/]*[._-])?(?:secrets?|credentials?|passwords?)(?:[._-][^/]*)?\.{_DATA}",
    r"\.?(?:secrets?|credentials?|passwords?|htpasswd)",
    # Credentials of tools.
    r"[._]netrc",
    r"\.git-credentials|\.pgpass|pgpass\.conf|\.my\.cnf|\.mylogin\.cnf|\.boto|\.s3cfg",
    r"\.npmrc|\.yarnrc\.yml|\.pypirc|\.dockercfg|\.docker/config\.json|\.vault-token|\.terraformrc|terraform\.rc",
    r"kubeconfig|[^/]*\.kubeconfig|accesstokens\.json|token\.json|application_default_credentials\.json",
    r"(?:service[._-]?account|gcp[._-]key|firebase-adminsdk)[^/]*\.json|master\.key",
    # State of infrastructure tools holds every password in clear.
    r"[^/]*\.tfstate(?:\.[^/]*)?|[^/]*\.tfvars(?:\.json)?|[^/]*\.(?:agekey|ovpn|mobileprovision)",
)

_SECRET = re.compile(
    rf"(?:.*/)?(?:(?:{'|'.join(_FOLDERS)})/.*|(?:{'|'.join(_NAMES)}))", re.IGNORECASE | re.DOTALL
)


def is_secret_file(path: str) -> bool:
    """Whether a path (with either separator) is on the list, which nothing in a workspace lifts."""
    return _SECRET.fullmatch(path.replace("\\", "/")) is not None
