"""Workers who use the site by HTTP alone, many at a time."""

import http.client
import re
import urllib.parse
from collections.abc import Mapping

import attrs

FORM = "application/x-www-form-urlencoded"


@attrs.define
class Worker:
    """Somebody who is signed in at a server."""

    url: str
    cookie: str = ""
    token: str = ""

    @classmethod
    def at(cls, url: str, name: str) -> "Worker":
        """A worker who has signed in under a name."""
        worker = cls(url)
        worker.get("/sign-in")
        worker.post("/sign-in", {"name": name, "next": "/production/"})
        worker.get("/production/")
        return worker

    def accept(self, hit_id: str) -> str | None:
        """The id of the assignment, if there was one to be had."""
        status, place, _ = self.post(f"/production/hits/{hit_id}/accept", {})
        assert status in {303, 409}
        return place.rpartition("/")[2] if status == 303 else None

    def submit(self, assignment_id: str, **fields: str) -> bool:
        """Whether an answer was received, now or before."""
        given = {"assignmentId": assignment_id, **fields}
        status, _, text = self.post("/mturk/externalSubmit", given)
        return status == 200 and "received" in text

    def get(self, path: str) -> tuple[int, str, str]:
        """Opens a page, and notes its token."""
        return self._ask("GET", path, None)

    def post(self, path: str, fields: Mapping[str, str]) -> tuple[int, str, str]:
        """Posts a form with the token."""
        body = urllib.parse.urlencode({"token": self.token, **fields})
        return self._ask("POST", path, body)

    def _ask(self, method: str, path: str, body: str | None) -> tuple[int, str, str]:
        headers = {"Cookie": self.cookie, "Content-Type": FORM}
        parts = urllib.parse.urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=30)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
            if cookie := response.headers.get("Set-Cookie"):
                self.cookie = cookie.partition(";")[0]
            if token := re.search(r'name="token" value="(\w+)"', text):
                self.token = token[1]
            return response.status, response.headers.get("Location", ""), text
        finally:
            connection.close()
