"""A provider of OpenID Connect for tests: a real HTTP server with keys of its own, real signatures and real checks."""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from threading import Thread
from typing import Any, Self
from urllib.parse import parse_qs, parse_qsl, quote, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, Key, KeySet

from backend.core import clock

CLIENT, SECRET = "nakamawa site", "a secret: with / signs & more"
Claims = dict[str, Any]
SAKURA: Claims = {"email": "sakura@example.jp", "email_verified": True, "name": "さくら"}
Change = Callable[[Claims], Claims]


@dataclass
class Granted:
    """What a code stands for, until it is exchanged."""

    redirect_uri: str
    challenge: str
    nonce: str


@dataclass
class Behaviour:
    """How the next tokens are written; a test spoils one thing at a time."""

    claims: Claims = field(
        default_factory=lambda: {"email": "sakura@example.jp", "email_verified": True, "name": "さくら"}
    )
    change: Change = lambda claims: claims
    sign: Callable[[Claims], str] | None = None
    status: int = 200
    issuer: str = ""


class OidcProvider:
    """`with OidcProvider() as provider:` serves until the block ends."""

    def __init__(self) -> None:
        self.keys: list[Key] = []
        self.codes: dict[str, Granted] = {}
        self.behaviour = Behaviour()
        self.asked: list[str] = []
        self.rotate()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, name="oidc")
        self._thread.start()
        return self

    def __exit__(self, *_reason: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def rotate(self) -> None:
        """From now on another key signs; the old one is gone."""
        number = f"key-{token_urlsafe(4)}"
        self.keys = [ECKey.generate_key("P-256", {"kid": number, "alg": "ES256", "use": "sig"})]

    def token(self, nonce: str) -> str:
        now = int(clock.now().timestamp())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": "u-1", "iat": now, "exp": now + 300, "nonce": nonce}
        claims = self.behaviour.change(claims | self.behaviour.claims)
        return (self.behaviour.sign or self.signed)(claims)

    def signed(self, claims: Claims) -> str:
        key = self.keys[0]
        return jwt.encode({"alg": "ES256", "kid": key.kid}, claims, key)

    def sign_in(self, address: str) -> str:
        """What the browser does there: the person agrees, and is sent back. Gives the address of the way back."""
        parts = urlsplit(address)
        query = dict(parse_qsl(parts.query))
        assert (query["client_id"], query["response_type"]) == (CLIENT, "code")
        assert query["code_challenge_method"] == "S256"
        assert "openid" in query["scope"].split()
        code = token_urlsafe(16)
        self.codes[code] = Granted(query["redirect_uri"], query["code_challenge"], query["nonce"])
        back = urlsplit(query["redirect_uri"])
        return f"{back.path}?{urlencode({'code': code, 'state': query['state'], 'iss': self.issuer})}"

    def _document(self) -> Claims:
        return {
            "issuer": self.behaviour.issuer or self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }

    def _exchange(self, form: dict[str, list[str]], authorization: str) -> tuple[int, Claims]:
        """As the standards ask: the client is who it says, the code works once and belongs to its verifier."""
        pair = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        if [unquote(part) for part in pair.split(":")] != [CLIENT, SECRET] or quote(CLIENT, safe="") not in pair:
            return 401, {"error": "invalid_client"}
        granted = self.codes.pop(form["code"][0], None)
        digest = hashlib.sha256(form["code_verifier"][0].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if granted is None or granted.challenge != challenge or granted.redirect_uri != form["redirect_uri"][0]:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self.token(granted.nonce)}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.asked.append(self.path)
                pages: dict[str, Callable[[], Any]] = {
                    "/.well-known/openid-configuration": provider._document,
                    "/keys": lambda: KeySet(provider.keys).as_dict(private=False),
                }
                found = pages.get(self.path)
                self._say(provider.behaviour.status if found else 404, found() if found else {})

            def do_POST(self) -> None:
                provider.asked.append(self.path)
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self._say(*provider._exchange(form, self.headers.get("Authorization", "")))

            def _say(self, status: int, body: object) -> None:
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_args: object) -> None:
                """Say nothing: the tests look at `asked`."""

        return Handler
