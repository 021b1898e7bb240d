"""Own what is not written down: keys by their names and by their looks, and the folders of a machine."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

HIDDEN = "(not written down)"

_WORDS = frozenset(
    "token auth authorization oauth secret secrets password passwords passwd pwd passphrase pass bearer credential "
    "credentials jwt cookie cookies pw passwort kennwort contraseña пароль".split()
)
"""A name that has one of these words in it holds a key."""

_JOINED = re.compile(
    r"(?:api|access|secret|private|auth|session|subscription|client|encryption|signing|license|account)(?:key|token|secret)"
    r"|(?:refresh|bearer|id)token|password|passwd|passphrase|credential"
)
"""The same where words are written as one, or come together: x-api-key, apiKey, APIKEY, access_tokens."""

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_IN_ADDRESSES = frozenset({"key", "sig", "signature", "code", "sid", "session", "sessionid", "pw"})
_COUNTED = re.compile(r"(?:n|max|min|num|most|least)_|.*_(?:count|size|limit)$")

_VALUES = re.compile(
    r"(?<![\w-])(?:"
    r"(?:sk|pk|rk|hf|npm|glpat|dop_v1|shpat)[-_][A-Za-z0-9_-]{16,}"
    r"|gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{16,}"
    r"|(?:AKIA|ASIA|AGPA|AIDA|AROA)[A-Z0-9]{12,}"
    r"|xox[a-z](?:\.[a-z]+)?-[A-Za-z0-9-]{8,}|xapp-[A-Za-z0-9-]{8,}"
    r"|AIza[A-Za-z0-9_-]{20,}|ya29\.[A-Za-z0-9_-]{10,}"
    r"|eyJ[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?"
    r"|SG\.[A-Za-z0-9_-]{12,}\.[A-Za-z0-9_-]{12,}|pypi-[A-Za-z0-9_-]{16,}"
    r")"
    r"|(?<=hooks\.slack\.com/services/)[A-Za-z0-9/_-]+"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
    re.DOTALL,
)
"""Values that give themselves away as keys, by how services begin them."""

_LOGIN = re.compile(r"(?<=//)[^/\s?#]*(?=@)")  # user and password in an address; a password can hold an @
_PARAMETER = re.compile(r"([?&;#])([^=&#?;\s]+)=([^&#;\s\"'<>]+)")
_SCHEME = re.compile(r"(?<![\w-])((?:bearer|basic|token)\s+)(?=[^\s]*\d)[A-Za-z0-9._~+/=-]{12,}", re.IGNORECASE)
_PAIR = re.compile(
    r"(?<![\w.-])(?P<name>[^\W\d_][\w-]{1,60})(?P<mark>[\"']?\s{0,3}[=:]\s{0,3})(?P<value>\"[^\"\n]*\"|'[^'\n]*'|[^\s\"'&,;<>)\]}]+)"
)


def is_secret_name(name: str) -> bool:
    """Tell whether something of this name is a key or a password, however it is spelled.

    Examples
    --------
    >>> [is_secret_name(name) for name in ("x-api-key", "OPENAI_API_KEY", "accessToken", "AUTH", "client secret")]
    [True, True, True, True, True]
    >>> [is_secret_name(name) for name in ("keywords", "n_tokens", "author", "key", "secretary", "max_token")]
    [False, False, False, False, False, False]
    """
    words = re.split(r"[\W_]+", _HUMP.sub("_", unquote(name)).casefold())
    if _COUNTED.fullmatch("_".join(words)) or (_COUNTED.match("_".join(words)) and "token" in words):
        return False
    return not _WORDS.isdisjoint(words) or _JOINED.search("".join(words)) is not None


def without_secrets(text: str) -> str:
    """Return text in which keys and passwords are not written down: those in addresses, behind a name, or known by how they begin.

    Examples
    --------
    >>> without_secrets("https://jo:p@ss@example.org/feed?api-key=abc&page=2")
    'https://(not written down)@example.org/feed?api-key=(not written down)&page=2'
    >>> without_secrets('sent X-Api-Key: 12ab34 and {"password": "open sesame"}')
    'sent X-Api-Key: (not written down) and {"password": (not written down)}'
    >>> without_secrets("The password is a secret: nobody reset it.")
    'The password is a secret: nobody reset it.'
    """
    text = _VALUES.sub(HIDDEN, text)
    if "//" in text:
        text = _LOGIN.sub(HIDDEN, text)
    if "=" in text:
        text = _PARAMETER.sub(_parameter, text)
    text = _SCHEME.sub(rf"\g<1>{HIDDEN}", text)
    return _PAIR.sub(_pair, text) if "=" in text or ":" in text else text


def _parameter(found: re.Match[str]) -> str:
    mark, name, _ = found.groups()
    secret = name.casefold() in _IN_ADDRESSES or is_secret_name(name)
    return f"{mark}{name}={HIDDEN}" if secret else found[0]


def _pair(found: re.Match[str]) -> str:
    """Hide what stands behind a name and a sign; behind a colon in prose only what can be no word."""
    value = found["value"]
    prose = ":" in found["mark"] and value[0] not in "\"'" and not any(sign.isdigit() for sign in value)
    if prose or value.startswith(HIDDEN.split()[0]) or not is_secret_name(found["name"]):
        return found[0]
    return f"{found['name']}{found['mark']}{HIDDEN}"


# Paths. A folder's name may hold spaces; then nothing tells for sure where a path ends in running text, and a word too many goes.

_PLAIN = r"[^\s/\\\"'<>|]"
_LATER = r"[^\s/\\\"'<>|,;:]"
_FOLDERS = rf"(?:{_PLAIN}+(?: {_LATER}+){{0,5}}[/\\]{{1,2}})+"
_LAST = r"([^\s/\\\"'<>|,;:]*)"
_START = (
    r"file:/{1,3}(?:localhost/)?(?:[A-Za-z]:[/\\]+)?"  # file:///home, file://localhost/C:/
    r"|(?<!\w)[A-Za-z]:[/\\]{1,2}(?!/)"  # a drive
    r"|(?<![\w\\])\\{2,4}(?:[?.]\\{1,2}(?:[A-Za-z]:\\{1,2})?)?"  # a share: \\server
    r"|(?<![\w.~:/})<])/{1,2}|(?<=:)/(?!/)"
    r"|(?<![\w/])~[\w.-]*/"
)
_PATH = re.compile(rf"(?:{_START}){_FOLDERS}{_LAST}", re.IGNORECASE)
_SHORT = re.compile(
    rf"(?:file:/{{1,3}}(?:localhost/)?(?:[A-Za-z]:[/\\]+)?|(?<!\w)[A-Za-z]:\\{{1,2}}|(?<![\w/])~[\w.-]*/){_LAST}"
)
_QUOTED = re.compile(rf"(?P<quote>[\"'])(?:{_START})(?P<inside>[^\"'\n<>]*)(?P=quote)", re.IGNORECASE)
_WHOLE = re.compile(rf"(?:{_START})[^\n\"'<>|]*", re.IGNORECASE)
_ENDS = re.compile(r"\.[A-Za-z]\w{0,5}[ ,;]|: ")  # what no path holds: the end of a file's name, or a colon


def without_folders(text: str) -> str:
    """Return text in which an absolute path is reduced to its last part, whatever system wrote it.

    Examples
    --------
    >>> without_folders("read from " + "/".join(["", "data", "press", "export.csv"]))
    'read from export.csv'
    >>> without_folders("read from " + "/".join(["file:", "", "", "data", "my%20press", "export.csv"]))
    'read from export.csv'
    >>> without_folders("toolkit.usage, and/or https://example.org/a/b")
    'toolkit.usage, and/or https://example.org/a/b'
    """
    if "/" not in text and "\\" not in text:
        return text
    for folder in sorted({str(Path.home()), os.getcwd()}, key=len, reverse=True):
        if len(folder) > 1:
            text = re.sub(re.escape(folder) + r"[/\\]", "/_/", text)  # it can hold anything, at which the patterns stop

    # a text that is a path as a whole, or in quotes, has a plain end
    if _WHOLE.fullmatch(text) and not _ENDS.search(text) and len(re.findall(r"[/\\]+", text)) > 1:
        return _last_part(text)
    text = _QUOTED.sub(lambda found: f"{found['quote']}{_last_part(found['inside'])}{found['quote']}", text)
    text = _PATH.sub(lambda found: unquote(found[1]), text)
    return _SHORT.sub(lambda found: unquote(found[1]), text)


def paths_shortened(value: Any) -> Any:
    """Return plain JSON values, names included, with the absolute paths in them reduced to their last parts.

    Examples
    --------
    >>> paths_shortened({"files": ["/".join(["", "data", "a.csv"]), 3]})
    {'files': ['a.csv', 3]}
    """
    if isinstance(value, str):
        return without_folders(value)
    if isinstance(value, list):
        return [paths_shortened(inner) for inner in value]
    return (
        {without_folders(key): paths_shortened(inner) for key, inner in value.items()}
        if isinstance(value, dict)
        else value
    )


def _last_part(path: str) -> str:
    parts = [part for part in re.split(r"[/\\]+", path) if part]
    return unquote(parts[-1]) if parts else ""
