"""A small application with the whole edge around it, as core/app.py puts it together."""

import datetime
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from litestar import Litestar

from core.http import Decode, ErrorAnswers, ProxyHeaders, RouteFinder, SecurityHeaders
from core.i18n import use_language

MakeApp = Callable[..., Litestar]
MakeClient = Callable[..., httpx.AsyncClient]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with use_language("en"):
        yield


@pytest.fixture
def make_app() -> MakeApp:
    def make(
        *handlers: Any, page: Any = None, hosts: Any = None, trusted: tuple[str, ...] = (), outer: Any = None
    ) -> Litestar:
        answers = ErrorAnswers(page)
        app = Litestar(
            route_handlers=list(handlers),
            exception_handlers={Exception: answers.handler},
            openapi_config=None,
            logging_config=None,
        )
        inner: Any = Decode(app.asgi_handler, RouteFinder(app))
        if outer is not None:
            inner = outer(inner)
        layers: Any = SecurityHeaders(ProxyHeaders(answers.wrap(inner), trusted), hosts=hosts)
        app.asgi_handler = layers
        return app

    return make


@pytest.fixture
def edge(make_app: MakeApp) -> MakeClient:
    """Make a client for an application with the given handlers. Exceptions that get out fail the test."""

    def make(*handlers: Any, base: str = "http://site.test", **kwargs: Any) -> httpx.AsyncClient:
        app: Any = make_app(*handlers, **kwargs)
        return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=base)

    return make


@pytest.fixture
def authority(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Make a certificate for good.test: the server's context, and one that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "good.test")])
    start = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(datetime.datetime(2100, 1, 1, tzinfo=datetime.UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("good.test")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "cert.pem"
    pem.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    server_side = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server_side.load_cert_chain(pem)
    client_side = ssl.create_default_context(cafile=str(pem))
    return server_side, client_side
