"""What signs the cookies of sessions is kept, and no longer than the key that it was made of."""

from __future__ import annotations

from flask import Flask, session

from tracker import cookies


def test_a_cookie_holds_as_long_as_its_key() -> None:
    """Planted: what signs kept under no key (the cookie of the old key holds), and made anew each time."""
    app = Flask("cookies")
    app.secret_key = "the first of two keys"
    cookies.init_app(app)

    @app.route("/")
    def count() -> str:
        session["times"] = session.get("times", 0) + 1
        return str(session["times"])

    client = app.test_client()
    assert [client.get("/").text for _ in range(2)] == ["1", "2"]
    signs = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    assert app.session_interface.get_signing_serializer(app) is signs  # type: ignore[attr-defined]
    app.secret_key = "the second of them"
    assert client.get("/").text == "1"
    app.config["SECRET_KEY_FALLBACKS"] = ["the first of two keys"]
    assert client.get("/").text == "2"
