"""What the clients of all vendors share; for those that speak HTTP: sending, retries, time-outs and errors.

A client knows hosts, authentication, encoding and the vendor's error bodies. It knows nothing of resources, of Pulumi,
or of what a call is for.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any, ClassVar, Final, Self

import requests
import tenacity
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from providers.connection import Connection, Credential, Option
from providers.errors import Ambiguous, EngageError, NotFound, Unreachable, VendorError

TIMEOUT: Final = (5.0, 30.0)
"""Seconds to connect, and to wait for the next byte. Neither vendor's SDK sets any, and the engine has no deadline."""

MAX_ATTEMPTS: Final = 6
UNREACHABLE_ATTEMPTS: Final = 3
"""Where nobody listens, patience seldom helps and delays the message."""

MAX_WAIT: Final = 60.0
"""The longest single wait in seconds: a vendor that asks for more is not waited for, its refusal is reported."""

IDEMPOTENT: Final = frozenset({"GET", "PUT", "DELETE", "PATCH"})
"""Methods that may be sent twice. PATCH is among them because every PATCH here carries whole values, never deltas."""

Body = Any
Auth = Callable[[requests.PreparedRequest], requests.PreparedRequest]


def may_repeat(method: str, status: int | None, *, idempotent: bool = False) -> bool:
    """May this request be sent again after this status? None is a connection that broke after the request was sent.

    A 429 was never processed, so any request may; after anything else only one whose second send is harmless. The
    rest is recovered a level higher, by looking for what an earlier attempt left.
    """
    if status == 429:
        return True
    # 501 is no passing trouble: nobody there knows this call.
    return (status is None or (status >= 500 and status != 501)) and (idempotent or method in IDEMPOTENT)


@dataclass(frozen=True)
class Failure:
    """What a vendor's error body says."""

    message: str
    code: str | None = None
    hint: str | None = None


class _TryAgain(Exception):
    """`outcome` is what the caller gets if no attempt is left; `wait` the seconds the vendor asked for, if it did."""

    def __init__(self, outcome: requests.Response | EngageError, wait: float | None = None) -> None:
        super().__init__()
        self.outcome, self.wait = outcome, wait


_backoff = tenacity.wait_random_exponential(multiplier=0.5, max=MAX_WAIT)


def _wait(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.wait if isinstance(error, _TryAgain) else None
    # Never without a pause, even where the vendor's clock says that the limit is lifted already.
    return max(_backoff(state), asked or 0.0)


_threads = threading.local()


def _session() -> requests.Session:
    """This thread's session: connections are used again by all clients, while nothing of one call stays for the next.

    requests does not promise that threads may share a session, and the engine's calls come on four.
    """
    if not hasattr(_threads, "session"):
        _threads.session = requests.Session()
        _threads.session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session: requests.Session = _threads.session
    return session


def _enough(state: tenacity.RetryCallState) -> bool:
    error = state.outcome.exception() if state.outcome else None
    unreachable = isinstance(error, _TryAgain) and isinstance(error.outcome, Unreachable)
    return state.attempt_number >= (UNREACHABLE_ATTEMPTS if unreachable else MAX_ATTEMPTS)


_accounts: dict[tuple[str | None, ...], str | None] = {}
"""Of every set of credentials that this process has called with: a question that is asked once."""


class BaseClient:
    """What a resource calls through, whatever the protocol: one vendor, and the credentials that we read for it."""

    vendor: ClassVar[str]
    credentials: ClassVar[Sequence[Credential]] = ()
    options: ClassVar[Sequence[Option]] = ()

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @classmethod
    def problems(cls, connection: Connection) -> list[str]:
        """Why the vendor cannot be called with this: what is missing or malformed, and what to do about each."""
        needed = cls.needed(connection)
        problems = [*(each.problem(connection) for each in needed), *(each.problem(connection) for each in cls.options)]
        return [problem for problem in problems if problem]

    @classmethod
    def needed(cls, connection: Connection) -> Sequence[Credential]:
        """The credentials that calls are made with: those that are optional, where they are given."""
        return [each for each in cls.credentials if not each.optional or connection.find(each.variable)]

    def account(self) -> str | None:
        """The vendor's own name for the account that calls, or None where it cannot be told; asked once a process."""
        reached = (self.connection.config.get("endpoint"), *(option.read(self.connection) for option in self.options))
        key = (*reached, *(self.connection.find(credential.variable) for credential in self.credentials))
        if key not in _accounts:
            _accounts[key] = self.ask_account()
        return _accounts[key]

    def home(self) -> str | None:
        """Where what is made is found again: the account, and what tells places within it apart."""
        return self.account()

    def ask_account(self) -> str | None:
        """As `account`, of the vendor."""
        return None

    def scoped(self, props: Mapping[str, Any]) -> Self:
        """The client that acts in the account in which a resource with these properties lives."""
        return self

    def wire_name(self, field: str) -> str:
        """A field's name in requests."""
        return field

    def reply_name(self, wire: str) -> str:
        """A field's name in replies, from its name in requests."""
        return wire


class Client(BaseClient):
    """One vendor's HTTP API. Subclasses give hosts, authentication, encoding, and how an error body reads."""

    # -- what a vendor says of itself ------------------------------------------------------------------------------

    def host(self, path: str = "/") -> str:
        """The host that has this path."""
        raise NotImplementedError

    def auth(self) -> Auth:
        """Puts the credentials into a request. Asked for at every send, so that none is kept."""
        raise NotImplementedError

    def failure(self, status: int, body: Body) -> Failure:
        """What an error body says, and what to do about it."""
        raise NotImplementedError

    def pages(self, path: str, key: str, **query: Any) -> Iterator[dict[str, Any]]:
        """The items of a list, over all its pages; `key` is where a page keeps them."""
        raise NotImplementedError

    def sent_path(self, path: str) -> str:
        """A path with what a resource leaves open in it, such as the account. Messages show it as it was."""
        return path

    def encode(self, body: Body) -> dict[str, Any]:
        """A request's body, as the arguments that `requests` takes for it."""
        return {"json": body}

    def headers(self, path: str, *, body: bool) -> Mapping[str, str]:
        """What this path wants to be called with, beside the credentials; `body`: does the request have one?"""
        return {}

    def take_turn(self, method: str, path: str) -> None:
        """Waits until this call may be made, where the vendor lets few of its kind through."""

    def hint(self, path: str, status: int) -> str | None:
        """What to do about a refusal, where the path says more than the body does."""
        return None

    def decode(self, body: Body) -> Body:
        """What stands in the vendor's envelope."""
        return body

    def wait_asked(self, response: requests.Response) -> float | None:
        """Seconds that a 429 asks to wait, or None where the vendor does not say."""
        return None

    # -- sending ---------------------------------------------------------------------------------------------------

    def get(self, path: str, **query: Any) -> Body:
        return self.send("GET", path, query=query)

    def send(
        self,
        method: str,
        path: str,
        *,
        body: Body = None,
        query: Mapping[str, Any] | None = None,
        idempotent: bool = False,
    ) -> Body:
        """Send one request; return its reply's body, decoded, or None where it has none.

        `path` begins with a slash. `idempotent` allows a POST that is an update to be sent twice. Raises NotFound,
        VendorError, Unreachable, or Ambiguous where it is not known whether the request took effect.
        """
        request = requests.Request(
            method,
            self.connection.url(self.host(path)) + self.sent_path(path),
            params=dict(query or {}),
            **({} if body is None else self.encode(body)),
        )
        wanted = self.headers(path, body=body is not None)
        request.headers = {"Accept": "application/json", **wanted, **(request.headers or {})}
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(_TryAgain),
            wait=_wait,
            stop=_enough,
            reraise=True,
        )
        outcome: requests.Response | EngageError
        try:
            outcome = retrying(self._attempt, request, path, idempotent=idempotent)
        except _TryAgain as last:
            outcome = last.outcome
        if isinstance(outcome, EngageError):
            raise outcome
        return self._read(method, path, outcome)

    def _attempt(self, request: requests.Request, path: str, *, idempotent: bool) -> requests.Response:
        self.take_turn(request.method or "", path)
        session = _session()
        # An explicit auth keeps requests from replacing it by what ~/.netrc says for that host.
        request.auth = self.auth()
        settings = session.merge_environment_settings(request.url or "", {}, None, None, None)
        try:
            # Redirects are not followed: credentials go to the host that was named and to no other.
            response = session.send(
                session.prepare_request(request), timeout=TIMEOUT, allow_redirects=False, **settings
            )
        except requests.RequestException as broken:
            raise self._broken(request, path, broken, idempotent=idempotent) from None
        if may_repeat(request.method or "", response.status_code, idempotent=idempotent):
            wait = self.wait_asked(response) if response.status_code == 429 else None
            if wait is None or wait <= MAX_WAIT:
                raise _TryAgain(response, wait)
        return response

    def _broken(
        self, request: requests.Request, path: str, broken: requests.RequestException, *, idempotent: bool
    ) -> Exception:
        if not isinstance(
            broken, requests.ConnectionError | requests.Timeout | requests.exceptions.ChunkedEncodingError
        ):
            return broken
        cause = getattr(broken.args[0], "reason", None) if broken.args else None
        neither = requests.exceptions.SSLError | requests.exceptions.ProxyError
        if isinstance(broken, neither) or isinstance(cause, NewConnectionError | ConnectTimeoutError):
            where = self.connection.url(self.host(path))
            return _TryAgain(
                Unreachable(
                    f"{self.vendor} cannot be reached at {where} ({type(broken).__name__}), nothing was sent -> check"
                    " the network, HTTPS_PROXY and NO_PROXY, REQUESTS_CA_BUNDLE, or the setting `endpoint`"
                )
            )
        method = request.method or ""
        lost = Ambiguous(vendor=self.vendor, method=method, path=path, reason=type(broken).__name__)
        return _TryAgain(lost) if may_repeat(method, None, idempotent=idempotent) else lost

    def _read(self, method: str, path: str, response: requests.Response) -> Body:
        status = response.status_code
        try:
            body = response.json() if response.content else None
        except requests.JSONDecodeError:
            if status < 300:
                raise Ambiguous(vendor=self.vendor, method=method, path=path, reason="a reply without JSON") from None
            body = None
        if status < 300:
            return self.decode(body)
        said = Failure("without a readable body") if body is None else self.failure(status, body)
        if status >= 500 and status != 501:
            reason = f"status {status}: {self.redact(said.message)}"
            raise Ambiguous(vendor=self.vendor, method=method, path=path, reason=reason)
        identity = ("Twilio-Request-Id", "X-Request-Id", "X-Message-Id")
        raise (NotFound if status == 404 else VendorError)(
            vendor=self.vendor,
            method=method,
            path=path,
            status=status,
            message=self.redact(said.message),
            code=said.code,
            request_id=next((response.headers[name] for name in identity if name in response.headers), None),
            hint=self.hint(path, status) or said.hint,
        )

    def redact(self, text: str) -> str:
        """The text without this client's credentials, or any SendGrid key: vendors echo what they were sent."""
        for credential in self.credentials:
            if value := self.connection.find(credential.variable):
                text = text.replace(value, "[redacted]")
        return re.sub(r"SG\.[\w-]+\.[\w-]+", "[redacted]", text)
