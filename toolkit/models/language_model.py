"""Own the client of a language model behind an OpenAI-compatible address, and what of its answer is the answer."""

from __future__ import annotations

import json
import os
import re
import time
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from toolkit.tables import FramingError

_MOST_BYTES = 1_000_000  # of an answer that are read
_ATTEMPTS = 3  # where a service is busy
_LONGEST_WAIT = 20.0  # seconds that a busy service can ask for
_LOCAL = ("localhost", "127.0.0.1", "::1")
_HINTS = {
    401: " The key is missing or wrong.",
    403: " The key may not use this model.",
    404: " Is the address right up to its version (.../v1), and does the service have the model?",
    429: " It is asked too often, or the account is used up.",
}
_NAMES = r"(?:think|thinking|thought|thoughts|reasoning|reflection|scratchpad)"
_REASONING = re.compile(rf"[<\[◁]{_NAMES}\b[^>\]▷]*[>\]▷].*?(?:[<\[◁]/{_NAMES}\s*[>\]▷]|\Z)", re.IGNORECASE | re.DOTALL)
_REASONING_ENDS = re.compile(rf"[<\[◁]/{_NAMES}\s*[>\]▷]", re.IGNORECASE)
_FENCE = re.compile(r"^[ \t]*(?:```|~~~)\w*[ \t]*$", re.MULTILINE)


def without_reasoning(answer: str) -> str:
    """Return an answer without what the model says to itself, and without code fences.

    Examples
    --------
    >>> without_reasoning("<think>It is about judges.</think>\\n```\\nCourts\\n```")
    'Courts'
    """
    told = _REASONING.sub(" ", answer)
    told = _REASONING_ENDS.split(told)[-1]  # some templates open the reasoning themselves, so that only its end is sent
    return _FENCE.sub("", told).strip()


def has_reasoning(answer: str) -> bool:
    """Tell whether a model said anything to itself."""
    return bool(_REASONING.search(answer))


class LanguageModel:
    """A language model behind an OpenAI-compatible address, asked one question at a time.

    Nothing is sent before the address, the key and the model are known to be usable. The key is taken from the environment, sent
    to this address only (redirects are not followed, and unencrypted only to this machine), and never appears in an error.

    Parameters
    ----------
    base_url : str
        Of the service, up to its version, such as ``"http://localhost:11434/v1"``, or up to ``/chat/completions``.
    model : str
        The model that the service is to use.
    key_from : str, keyword-only
        The environment variable with the key; a service on this machine needs none.
    timeout : float, keyword-only
        Seconds to wait for an answer.

    Attributes
    ----------
    host : str
        Who is asked.

    Raises
    ------
    FramingError
        When the address is none, or would give the key away, there is no key, no model is named, or the timeout is no time.

    Examples
    --------
    >>> LanguageModel("http://localhost:11434/v1", "tiny").host
    'localhost'
    """

    def __init__(
        self, base_url: str, model: str | None, *, key_from: str = "OPENAI_API_KEY", timeout: float = 60.0
    ) -> None:
        parts = urlsplit(base_url) if isinstance(base_url, str) else urlsplit("")
        self.host = parts.hostname or ""
        if parts.scheme not in ("http", "https") or not self.host:
            raise FramingError(
                f"base_url looks like 'http://localhost:11434/v1' or 'https://.../v1'; this is {base_url!r}."
            )
        if parts.username or parts.password or parts.query or parts.fragment:
            raise FramingError(
                "base_url holds a user, a password or parameters. Put the key into the environment (key_from)."
            )
        if not model or not isinstance(model, str):
            raise FramingError("Say which model the service is to use: model='...'.")

        local = self.host in _LOCAL
        self._key = os.environ.get(key_from, "").strip()
        if not self._key and not local:
            raise FramingError(
                f"The environment variable {key_from} holds no key for {self.host}. Set it before the notebook starts, or name another "
                "one with key_from."
            )
        if not self._key.isascii() or not self._key.isprintable():
            raise FramingError(f"The key in {key_from} holds characters that no key has.")
        if self._key and parts.scheme == "http" and not local:
            raise FramingError(f"The key would go to {self.host} unencrypted. Use an address with https.")
        if not isinstance(timeout, (int, float)) or isinstance(timeout, bool) or not timeout > 0:
            raise FramingError(f"timeout is a number of seconds above 0; this is {timeout!r}.")

        self.model, self._timeout = model, float(timeout)
        self._url = base_url.rstrip("/").removesuffix("/chat/completions") + "/chat/completions"
        self._opener = build_opener(_NoRedirect, *([ProxyHandler({})] if local else []))

    def ask(self, prompt: str, question: str, *, seed: int = 0, about: str = "a question") -> tuple[str, str]:
        """Return the answer to a question, and the model that the service says it used.

        Parameters
        ----------
        prompt : str
            What the model is told beforehand.
        question : str
            What it is asked.
        seed : int, keyword-only
            Sent along; not every service heeds it.
        about : str, keyword-only
            What an error calls the question, such as ``"topic 3"``.

        Raises
        ------
        FramingError
            When the service cannot be reached, refuses, is too slow, or answers in another form.
        """
        body = {
            "model": self.model,
            "messages": [{"role": "system", "content": prompt}, {"role": "user", "content": question}],
            "temperature": 0,
            "seed": seed,
            "stream": False,
        }
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        request = Request(self._url, json.dumps(body).encode("utf-8"), headers, method="POST")

        answer = self._sent(request, about)
        try:
            parsed = json.loads(answer.decode("utf-8"))
            text, name = parsed["choices"][0]["message"]["content"], parsed.get("model")
        except (UnicodeDecodeError, json.JSONDecodeError, KeyError, IndexError, TypeError, AttributeError) as error:
            raise FramingError(
                f"{self.host} answered for {about}, but not as an OpenAI-compatible service does (choices, message, content): "
                f"{self._safe(answer)!r}."
            ) from error
        return text if isinstance(text, str) else "", name if isinstance(name, str) else self.model

    def _sent(self, request: Request, about: str) -> bytes:
        """Return the answer to a request, which is repeated where the service is busy."""
        for attempt in range(_ATTEMPTS):
            try:
                with self._opener.open(request, timeout=self._timeout) as answer:
                    return bytes(answer.read(_MOST_BYTES))
            except HTTPError as error:
                if error.code in (429, 503) and attempt + 1 < _ATTEMPTS:
                    time.sleep(_pause(error.headers.get("Retry-After"), attempt))
                    continue
                raise self._refused(error, about) from None
            except (URLError, OSError) as error:
                raise self._unreached(error, about) from None
        raise AssertionError("unreachable")

    def _refused(self, error: HTTPError, about: str) -> FramingError:
        redirects = " It redirects; give the address that it leads to." if 300 <= error.code < 400 else ""
        return FramingError(
            f"{self.host} refused the request for {about} ({error.code}).{_HINTS.get(error.code, redirects)} "
            f"It says: {self._safe(error.read(2_000))!r}."
        )

    def _unreached(self, error: OSError, about: str) -> FramingError:
        reason = getattr(error, "reason", error)
        if isinstance(error, TimeoutError) or isinstance(reason, TimeoutError):
            return FramingError(
                f"{self.host} gave no answer for {about} within {self._timeout:g} seconds. Give it more: timeout=300."
            )
        return FramingError(
            f"{self.host} cannot be reached: {self._safe(str(reason).encode())}. Does the service run at this address?"
        )

    def _safe(self, said: bytes) -> str:
        """Return the beginning of what a service said, without the key, which some give back."""
        text = said.decode("utf-8", "replace")
        if self._key:
            text = text.replace(self._key, "(key)")
        return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:200]


class _NoRedirect(HTTPRedirectHandler):
    """Follows no redirect: it could carry the key elsewhere."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _pause(asked: str | None, attempt: int) -> float:
    """Return the seconds to wait: as many as the service asks for, within reason, else more each time."""
    try:
        return min(max(float(asked or ""), 0.0), _LONGEST_WAIT)
    except ValueError:
        return float(2**attempt)
