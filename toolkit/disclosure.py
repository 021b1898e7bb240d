"""Own what is not written down: keys by their names and by their looks, and the folders of a machine."""

from __future__ import annotations

import re

HIDDEN = "(not written down)"

# Names of settings that hold what must not be written down; "token" and "key" alone are words of this field, too.
_SECRET_NAME = re.compile(
    r"(?:^|_)(?:(?:api|x_api|app|client|access|account|secret|private|master|signing|subscription|consumer|service|encryption)_?keys?"
    r"|apikeys?|secrets?|client_secret|password|passwd|passwords|pwd|passphrase|authorization|auth|bearer|credentials?|cookies?"
    r"|(?:auth|access|refresh|id|api|session|security|bearer|bot|oauth|csrf|personal)_?token|token|session_?(?:id|key)|signature)$"
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

# What keys look like, whatever they are called.
_SECRET_VALUE = re.compile(
    r"(?<=//)[^/@\s]+(?=@)"  # user and password in an address
    r"|(?i:(?<=[?&]key=)|(?<=[?&]api[-_]key=)|(?<=[?&]apikey=)|(?<=[?&]token=)|(?<=[?&]access_token=)|(?<=[?&]auth=)"
    r"|(?<=[?&]sig=)|(?<=[?&]signature=)|(?<=[?&]password=)|(?<=[?&]secret=))[^&\s]+"
    r"|\b(?i:sk|pk|rk|hf|ghp|gho|ghu|ghs|ghr|glpat|npm|dop_v1|shpat|xai|gsk|nvapi|r8)[-_][A-Za-z0-9_-]{16,}"
    r"|\bgithub_pat_[A-Za-z0-9_]{20,}"
    r"|\bxox[abeoprs]-[A-Za-z0-9-]{10,}|\bxapp-[A-Za-z0-9-]{10,}"
    r"|\b(?:AKIA|ASIA|AGPA|AIDA|AROA)[A-Z0-9]{12,}\b"
    r"|\bAIza[A-Za-z0-9_-]{30,}|\bya29\.[A-Za-z0-9_-]{20,}"
    r"|\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"
    r"|(?i:(?<=Bearer )|(?<=Basic ))[A-Za-z0-9._~+/=-]{16,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)"
)

_FILE_ADDRESS = re.compile(r"\bfile:/{1,3}(?:localhost/)?[^\s\"'<>]*?([^/\\\s\"'<>]*)(?=[\s\"'<>]|$)", re.IGNORECASE)
_SHARE = re.compile(r"(?<![\w\\/:])(?:\\\\|//)[^\s\\/\"'<>|:]+[\\/](?:[^\s\\/\"'<>|]+[\\/])*([^\s\\/\"'<>|]*)")
_DRIVE = re.compile(r"(?<![\w])[A-Za-z]:[\\/](?:[^\s\\/\"'<>|:]+[\\/])*([^\s\\/\"'<>|:]*)")
_ROOTED = re.compile(r"(?<![\w.~:/})])/(?:[^\s/\"'<>,;:]+/)+([^\s/\"'<>,;:]*)")

# A whole text that is a path can hold spaces.
_WHOLE = re.compile(r"(?:[A-Za-z]:[\\/]|\\\\[^\\/]|/(?=[^/\s][^/]*/)|~[\\/]|file:/)[^\n\r\t\"<>|]*", re.IGNORECASE)
_SENTENCE = re.compile(r"[!?,;]\s|\s(?:and|or|the|of|und|oder)\s")


def is_secret_name(name: str) -> bool:
    """Tell whether a setting of this name holds a key, in whatever way its words are parted.

    Examples
    --------
    >>> [is_secret_name(name) for name in ("api_key", "X-API-Key", "accessToken", "auth", "OPENAI_API_KEY", "keyness", "tokens", "key")]
    [True, True, True, True, True, False, False, False]
    """
    plain = re.sub(r"[\W_]+", "_", _CAMEL.sub("_", name)).strip("_").lower()
    return bool(_SECRET_NAME.search(plain))


def without_secrets(text: str) -> str:
    """Return a text without what looks like a key, and without the user and password of an address.

    Examples
    --------
    >>> without_secrets("https://ann:pw@example.org/a?token=abc&n=1")
    'https://(not written down)@example.org/a?token=(not written down)&n=1'
    """
    return _SECRET_VALUE.sub(HIDDEN, text)


def without_folders(text: str, homes: tuple[str, ...] = ()) -> str:
    """Return a text in which each absolute path is reduced to its last part; `homes` are folders whose names may hold spaces.

    Examples
    --------
    >>> without_folders("read from " + "/".join(["", "data", "press", "export.csv"]))
    'read from export.csv'
    >>> without_folders("toolkit.usage, and/or https://example.org/a/b")
    'toolkit.usage, and/or https://example.org/a/b'
    """
    bare = text.strip()
    if _WHOLE.fullmatch(bare) and not _SENTENCE.search(bare):
        return re.split(r"[\\/]", bare.rstrip("\\/"))[-1]

    for folder in sorted(homes, key=len, reverse=True):
        if len(folder) > 1:
            text = re.sub(re.escape(folder) + r"[/\\]", "/_/", text)
    for pattern in (_FILE_ADDRESS, _DRIVE, _SHARE, _ROOTED):
        text = pattern.sub(r"\1", text)
    return text
