"""Style, scripts and icons: joined, named by their content, kept for ever by browsers.

The stylesheet is written as one file per idea and sent as one; so are the scripts that every page
uses. A name holds the hash of what it names, so a browser never asks twice and never holds an
old one. A script that imports another names it by its hash as well.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from threading import Lock

from flask import Flask, Response, g, request
from markupsafe import Markup

from tracker import paths
from tracker.errors import Missing
from tracker.gate import public

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
SHRINKABLE = frozenset({".css", ".js", ".svg"})
STYLESHEET = "throughline.css"
BEHAVIOURS = "throughline.js"
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_BLANKS = re.compile(r" *([{};]) *")  # blanks that no selector, value or text needs
_IMPORT = re.compile(
    r"""(?P<before>\b(?:from|import)\s*\(?\s*)(?P<quote>["'])(?P<path>\.{1,2}/[^"']+)(?P=quote)"""
)


@dataclass(frozen=True)
class Asset:
    """One thing to send: its name with the hash, its bytes, and the same bytes packed (or None)."""

    name: str
    body: bytes
    packed: bytes | None
    type: str


def joined_style(static: Path) -> str:
    """Return every file under ``css`` as one stylesheet, in the order of their numbered names.

    Comments, indentation and the blanks around braces and semicolons stay behind. Raises FileNotFoundError when there is none.
    """
    folder = static / "css"
    files = sorted(folder.rglob("*.css"), key=lambda file: file.relative_to(folder).as_posix())
    if not files:
        raise FileNotFoundError(f"No stylesheet under {folder}.")
    text = _COMMENT.sub("", "\n".join(file.read_text("utf-8") for file in files))
    lines = (_BLANKS.sub(r"\1", line.strip()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def joined_behaviours(static: Path) -> str:
    """Return the modules under ``js/everywhere`` as one module; each keeps its names to itself."""
    files = sorted((static / "js" / "everywhere").glob("*.js"))
    return "\n".join(f"{{\n{file.read_text('utf-8')}}}" for file in files)


class Shelf:
    """All assets under one folder, by their path there and by the name they are sent under."""

    def __init__(self, static: Path, prefix: str) -> None:
        """Read everything under ``static``; addresses will begin with ``prefix``."""
        self.static = static
        self.prefix = prefix
        self._lock = Lock()
        self._read()

    def address(self, path: str) -> str:
        """Return the address of ``path``, such as ``js/board.js``. Raises KeyError without one."""
        return self.prefix + self._names[path]

    def named(self, name: str) -> Asset | None:
        """Return what is sent under ``name``, or None."""
        return self._assets.get(name)

    def vendor(self, library: str) -> str:
        """Return the path of a library of ``vendor/MANIFEST.json`` by its name. Raises KeyError."""
        return self._vendor[library]

    def look_again(self) -> None:
        """Read the folder again if any file in it changed."""
        with self._lock:
            if self._seen != self._stamp():
                self._read()

    def _stamp(self) -> frozenset[tuple[str, int, int]]:
        kept = (file for file in self.static.rglob("*") if file.is_file())
        return frozenset((str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in kept)

    def _read(self) -> None:
        self._seen = self._stamp()
        self._names: dict[str, str] = {}
        self._assets: dict[str, Asset] = {}
        manifest = json.loads((self.static / "vendor" / "MANIFEST.json").read_text("utf-8"))
        self._vendor = {entry["name"]: entry["file"] for entry in manifest}
        self._keep(STYLESHEET, joined_style(self.static).encode())
        self._keep(BEHAVIOURS, joined_behaviours(self.static).encode())
        for file in sorted(self.static.rglob("*")):
            path = file.relative_to(self.static).as_posix()
            if file.suffix in TYPES and not path.startswith(("css/", "js/everywhere/")):
                self._keep_file(path, ())

    def _keep_file(self, path: str, importers: tuple[str, ...]) -> str:
        """Keep a file under its hashed name, what it imports before it; return that name."""
        if path in importers:
            raise ValueError(
                f"Scripts import each other in a circle: {' > '.join((*importers, path))}"
            )
        if path in self._names:
            return self._names[path]
        body = (self.static / path).read_bytes()
        if path.startswith("js/"):
            body = self._with_hashed_imports(path, body.decode(), importers).encode()
        return self._keep(path, body)

    def _with_hashed_imports(self, path: str, script: str, importers: tuple[str, ...]) -> str:
        def hashed(found: re.Match[str]) -> str:
            wanted = (self.static / path).parent / found["path"]
            inside = wanted.resolve().relative_to(self.static.resolve()).as_posix()
            name = self._keep_file(inside, (*importers, path))
            return f"{found['before']}{found['quote']}{self.prefix}{name}{found['quote']}"

        return _IMPORT.sub(hashed, script)

    def _keep(self, path: str, body: bytes) -> str:
        pure = PurePosixPath(path)
        digest = hashlib.sha256(body).hexdigest()[:12]
        name = pure.with_name(f"{pure.stem}.{digest}{pure.suffix}").as_posix()
        packed = gzip.compress(body, 9, mtime=0) if pure.suffix in SHRINKABLE else None
        self._assets[name] = Asset(name, body, packed, TYPES[pure.suffix])
        self._names[path] = name
        return name


def answer(kept: Asset) -> Response:
    """Return what was asked for, packed if the browser can unpack it; it need never ask again."""
    packed = kept.packed if request.accept_encodings.quality("gzip") > 0 else None
    response = Response(packed or kept.body, content_type=kept.type)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.set_etag(kept.name + ("-gz" if packed else ""))
    if kept.packed is not None:
        response.headers["Vary"] = "Accept-Encoding"
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.make_conditional(request)
    return response


def init_app(app: Flask, static: Path = paths.STATIC) -> None:
    """Serve what lies under ``static``, and give templates its addresses.

    Template globals: ``asset(path)``, ``vendor(name)``, ``stylesheet()``, ``behaviours()`` return addresses;
    ``module_script(path)`` and ``vendor_script(name)`` return the whole element. While debugging
    and testing, changed files are read again, at most once per request.
    """
    shelf = Shelf(static, "/assets/")
    watching = app.debug or app.testing

    def asset(path: str) -> str:
        if watching and not g.get("assets_seen"):
            shelf.look_again()
            g.assets_seen = True
        return shelf.address(path)

    def stylesheet() -> str:
        return asset(STYLESHEET)

    def behaviours() -> str:
        return asset(BEHAVIOURS)

    def module_script(path: str) -> Markup:
        return Markup('<script type="module" src="{}"></script>').format(asset(path))

    def vendor(library: str) -> str:
        return asset(shelf.vendor(library))

    def vendor_script(library: str) -> Markup:
        return Markup('<script src="{}" defer></script>').format(vendor(library))

    @public
    def send(name: str) -> Response:
        kept = shelf.named(name)
        if kept is None:
            raise Missing
        return answer(kept)

    send.no_session = True
    app.add_url_rule("/assets/<path:name>", "assets", send)
    app.jinja_env.globals.update(
        asset=asset,
        stylesheet=stylesheet,
        behaviours=behaviours,
        module_script=module_script,
        vendor=vendor,
        vendor_script=vendor_script,
    )
