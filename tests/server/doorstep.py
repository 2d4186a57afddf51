"""Somebody at the door of the site, by HTTP alone."""

import re
from collections.abc import Mapping

import attrs

from tests.server.conftest import Answered, Server

__all__ = ["SECRET", "Browser"]

SECRET = "open sesame"  # noqa: S105 - everybody knows it


@attrs.define
class Browser:
    """Keeps a cookie and the token of the last page, as a browser would."""

    server: Server
    cookie: str = ""
    token: str = ""

    def get(self, path: str) -> Answered:
        return self._note(self.server.ask("GET", path, headers=self._headers()))

    def post(self, path: str, **fields: str) -> Answered:
        given = {"token": self.token, **fields}
        return self._note(self.server.post(path, given, **self._headers()))

    def sign_in(self, name: str = "Ana", password: str = SECRET) -> Answered:
        self.get("/sign-in")
        return self.post("/sign-in", name=name, password=password)

    def register(self, path: str = "/register", **fields: str) -> Answered:
        given = {"name": "Ana", "password": SECRET, "again": SECRET, "agreed": "yes"}
        self.get(path)
        return self.post(path, **{**given, **fields})

    def is_in(self) -> bool:
        """Whether the list of work is shown."""
        return self.get("/production/").status == 200

    def _headers(self) -> Mapping[str, str]:
        return {"Cookie": self.cookie} if self.cookie else {}

    def _note(self, answer: Answered) -> Answered:
        if cookie := answer.headers.get("set-cookie"):
            self.cookie = cookie.partition(";")[0]
        if token := re.search(r'name="token" value="(\w+)"', answer.text):
            self.token = token[1]
        return answer
