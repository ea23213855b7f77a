"""Signing in with the account of one's own organisation, by OpenID Connect: authorization code with PKCE.

Signatures and claims are checked by joserfc. What stands here is the order of the steps, and what is asked of them.
"""

import base64
import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from secrets import compare_digest, token_urlsafe
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx2
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from backend.core import clock
from backend.core.errors import AppError
from backend.core.i18n import gettext as _

# Signatures of public keys only: with a shared secret, or with none, anybody could write the token.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA"]
SCOPE = "openid email profile"
SECONDS_TO_ANSWER = 5.0
LARGEST_ANSWER = 1_000_000
LIFE = timedelta(minutes=10)
FRESH = timedelta(hours=1)
LEEWAY_S = 60
# The cookie says what it was signed for: what is signed for something else is none.
PURPOSE = "oidc."


class NotIdentified(AppError):
    """The provider did not say who this is, or not in a way that can be believed."""


@dataclass(frozen=True)
class Begun:
    """What this browser has to bring back from the provider. It travels in a signed cookie, for ten minutes."""

    state: str
    nonce: str
    verifier: str
    next: str
    at: str

    @classmethod
    def now(cls, wanted: str) -> "Begun":
        return cls(token_urlsafe(32), token_urlsafe(32), token_urlsafe(64), wanted, clock.now().isoformat())

    def pack(self) -> str:
        return PURPOSE + base64.urlsafe_b64encode(json.dumps(asdict(self)).encode()).decode()

    @classmethod
    def unpack(cls, packed: str | None) -> "Begun":
        """Raises NotIdentified when there is nothing, or it is too old."""
        if not packed or not packed.startswith(PURPOSE):
            raise _not_ours()
        begun = cls(**json.loads(base64.urlsafe_b64decode(packed.removeprefix(PURPOSE))))
        if clock.now() - datetime.fromisoformat(begun.at) > LIFE:
            raise _not_ours()
        return begun

    @property
    def challenge(self) -> str:
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@dataclass(frozen=True)
class Identity:
    """Who the provider says this is. The address is one that it has confirmed."""

    email: str
    name: str


@dataclass(frozen=True)
class Client:
    """This site, as the provider knows it."""

    issuer: str
    client_id: str
    secret: str
    redirect_uri: str
    name: str


class Provider:
    """The provider that is set. Its addresses and keys are kept for an hour; an unknown key is looked up at once."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self._known: dict[str, tuple[datetime, dict[str, Any]]] = {}

    def address(self, begun: Begun) -> str:
        """Where the browser goes to sign in."""
        query = {
            "response_type": "code",
            "client_id": self.client.client_id,
            "redirect_uri": self.client.redirect_uri,
            "scope": SCOPE,
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": begun.challenge,
            "code_challenge_method": "S256",
        }
        there = self._address("authorization_endpoint")
        return f"{there}{'&' if urlsplit(there).query else '?'}{urlencode(query)}"

    def identify(self, begun: Begun, answer: dict[str, str]) -> Identity:
        """Who came back. Raises NotIdentified with a sentence that says what to do."""
        if not compare_digest(answer.get("state", "").encode(), begun.state.encode()):
            raise _not_ours()
        if answer.get("iss", self.client.issuer) != self.client.issuer:
            raise _not_ours()
        if answer.get("error") or not answer.get("code"):
            raise NotIdentified(422, _("%(name)sでのログインは取りやめになりました。", name=self.client.name))
        claims = self._claims(self._id_token(answer["code"], begun), begun.nonce)
        email = str(claims.get("email", "")).strip().lower()
        if not email or claims.get("email_verified") is not True:
            raise NotIdentified(
                422, _("%(name)sから、確かめられたメールアドレスが届きませんでした。", name=self.client.name)
            )
        return Identity(email, str(claims.get("name", "")).strip())

    def _id_token(self, code: str, begun: Begun) -> str:
        """Exchange the code, straight with the provider."""
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.client.redirect_uri,
            "client_id": self.client.client_id,
            "code_verifier": begun.verifier,
        }
        allowed = self._document().get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        headers = {}
        if "client_secret_basic" in allowed:
            pair = f"{quote(self.client.client_id, safe='')}:{quote(self.client.secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            sent["client_secret"] = self.client.secret
        token = self._ask("POST", self._address("token_endpoint"), data=sent, headers=headers).get("id_token")
        if not isinstance(token, str):
            raise self._unbelievable()
        return token

    def _claims(self, token: str, nonce: str) -> dict[str, Any]:
        """What the token says, once its signature and its claims are found good."""
        try:
            claims = self._decoded(token)
            jwt.JWTClaimsRegistry(
                now=int(clock.now().timestamp()),
                leeway=LEEWAY_S,
                iss={"essential": True, "value": self.client.issuer},
                aud={"essential": True, "value": self.client.client_id},
                exp={"essential": True},
                iat={"essential": True},
                sub={"essential": True},
                nonce={"essential": True, "value": nonce},
            ).validate(claims)
        except (JoseError, ValueError) as reason:
            raise self._unbelievable() from reason
        if claims.get("azp", self.client.client_id) != self.client.client_id:
            raise self._unbelievable()
        return claims

    def _decoded(self, token: str) -> dict[str, Any]:
        """Keys are changed from time to time: what the kept ones cannot read is tried with those of this moment."""
        try:
            return jwt.decode(token, self._keys(), algorithms=ALGORITHMS).claims
        except (JoseError, ValueError):
            self._known.pop(self._address("jwks_uri"), None)
            return jwt.decode(token, self._keys(), algorithms=ALGORITHMS).claims

    def _keys(self) -> KeySet:
        return KeySet.import_key_set(self._fetched(self._address("jwks_uri")))  # type: ignore[arg-type]

    def _document(self) -> dict[str, Any]:
        """What the provider says about itself. One that names another issuer is not the one that was set."""
        document = self._fetched(f"{self.client.issuer.rstrip('/')}/.well-known/openid-configuration")
        if document.get("issuer") != self.client.issuer:
            raise self._away()
        return document

    def _address(self, name: str) -> str:
        """An address of the provider; a safe provider has only safe ones."""
        found = str(self._document().get(name, ""))
        if urlsplit(found).scheme not in {"https", urlsplit(self.client.issuer).scheme}:
            raise self._away()
        return found

    def _fetched(self, address: str) -> dict[str, Any]:
        at, document = self._known.get(address, (None, {}))
        if at is None or clock.now() - at > FRESH:
            document = self._ask("GET", address)
            self._known[address] = (clock.now(), document)
        return document

    def _ask(self, method: str, address: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - data and headers
        """A JSON object of the provider."""
        try:
            answer = httpx2.request(method, address, timeout=SECONDS_TO_ANSWER, **more)
            document = answer.json() if len(answer.content) <= LARGEST_ANSWER else None
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as trouble:
            raise self._away() from trouble
        if answer.status_code >= 500:
            raise self._away()
        if answer.status_code != 200 or not isinstance(document, dict):
            raise self._unbelievable()
        return document

    def _away(self) -> NotIdentified:
        sentence = _("いま%(name)sにつながりません。少し待つか、ほかの入り方を使ってください。", name=self.client.name)
        return NotIdentified(503, sentence)

    def _unbelievable(self) -> NotIdentified:
        sentence = _("%(name)sからの返事を確かめられませんでした。もう一度お試しください。", name=self.client.name)
        return NotIdentified(422, sentence)


def _not_ours() -> NotIdentified:
    return NotIdentified(422, _("ログインの途中で時間がたったか、別の画面から始まっています。もう一度お試しください。"))
