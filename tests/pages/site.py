"""A site that serves pages as a marketplace does, and keeps what they post."""

import http.server
import json
import urllib.parse
from collections.abc import Mapping
from typing import Any

import attrs
from playwright.sync_api import Page

from crowdlab.model import Task
from crowdlab.templates import Template

__all__ = ["Post", "Site", "Visit"]


RECEIVED = b"""<!DOCTYPE html>
<title>Received</title>
<link rel="icon" href="data:,">
<p>Received</p>
"""


UNTIL = """new Promise((done, fail) => {
  const look = () => (CONDITION ? done() : setTimeout(look, 10));
  setTimeout(() => fail(Error(`in five seconds it did not come true: CONDITION`)), 5000);
  look();
})"""


@attrs.frozen
class Post:
    """A form that a page sent."""

    path: str
    fields: dict[str, list[str]]
    headers: Mapping[str, str]

    @property
    def answer(self) -> dict[str, Any]:
        """The answer in the form, only parsed."""
        answer: dict[str, Any] = json.loads(self.fields["answer"][0])
        return answer


class Site(http.server.ThreadingHTTPServer):
    """A loopback server: documents by path, and the forms that were posted."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.documents: dict[str, tuple[str, bytes]] = {}
        self.posts: list[Post] = []

    @property
    def address(self) -> str:
        """Where the server answers."""
        return f"http://127.0.0.1:{self.server_port}"

    def put(self, path: str, content: str | bytes, kind: str = "text/html") -> str:
        """Serves the content at the path, and gives its URL."""
        data = content.encode() if isinstance(content, str) else content
        self.documents[path] = (kind, data)
        return self.address + path


class _Request(http.server.BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        path = urllib.parse.urlsplit(self.path).path
        kind, data = self.server.documents.get(path, ("", b""))
        self.send_response(200 if kind else 404)
        self._send(kind or "text/plain", data)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        fields = urllib.parse.parse_qs(body, keep_blank_values=True)
        self.server.posts.append(Post(self.path, fields, dict(self.headers)))
        self.send_response(200)
        self._send("text/html", RECEIVED)

    def _send(self, kind: str, data: bytes) -> None:
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Nothing: the tests see what was posted."""


@attrs.define(eq=False)
class Visit:
    """A task's page in a browser.

    Attributes:
        complaints: what the browser's console said.
        requests: the URLs that were asked for.
    """

    template: Template
    task: Task
    site: Site
    url: str
    page: Page
    complaints: list[str] = attrs.field(factory=list)
    requests: list[str] = attrs.field(factory=list)

    def open(self) -> None:
        """Opens the page, minding what it does."""
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(self.url, wait_until="domcontentloaded")

    def wait_for(self, condition: str) -> None:
        """Waits until an expression is true in the page.

        Playwright's own way to wait for one has to be allowed by the page's policy.
        """
        self.page.evaluate(UNTIL.replace("CONDITION", condition))

    def settle(self) -> None:
        """Waits until every picture has come, or has failed to."""
        self.wait_for("!anyPicture('loading')")

    def send(self) -> dict[str, Any]:
        """Sends the answer, and gives it as the template reads it."""
        self.page.click("#submit")
        self.wait_until_sent()
        return self.read()

    def wait_until_sent(self) -> None:
        """Waits for the page that a marketplace shows after an answer."""
        self.page.wait_for_url("**/mturk/externalSubmit")

    def read(self) -> dict[str, Any]:
        """The last answer that was posted, as the template reads it."""
        fields = self.site.posts[-1].fields
        return self.template.read(
            self.task, {name: "|".join(v) for name, v in fields.items()}
        )

    def text(self, selector: str) -> str:
        """The words of an element."""
        return self.page.inner_text(selector).strip()
