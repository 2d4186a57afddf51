"""Images: taken from requesters, and shown to whoever knows their names.

They are asked for by task pages, by the site and by pages of others. None is a page:
their policy is the strictest there is, so that an SVG that somebody opens can neither
run nor load a thing.
"""

import json

import attrs
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from crowdlab.assets import EXTENSIONS, PATH, FolderHome, Home, is_name, read_picture
from crowdlab.errors import BadInput, MTurkError
from crowdlab.marketplace import wire
from crowdlab.server.api import API, read_message
from crowdlab.server.origins import Origins
from crowdlab.server.signatures import Message, Signature

__all__ = ["Assets"]

_HEADERS = {
    # What a name stands for never changes.
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "X-Content-Type-Options": "nosniff",
    # Pages of others may show them, and read their pixels, as from a bucket.
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_MEDIA_TYPES = {
    ending: "image/svg+xml" if kind == "svg" else f"image/{kind}"
    for kind, ending in EXTENSIONS.items()
}


@attrs.frozen
class Assets:
    """Takes and shows images.

    Attributes:
        api: knows who may send some.
        origins: where they are shown, unless their home shows them itself.
        home: where they are kept.
    """

    api: API
    origins: Origins
    home: Home

    def routes(self) -> list[Route]:
        """Where they are."""
        path = f"{PATH}/{{name}}"
        return [Route(path, self.show), Route(path, self.take, methods=["PUT"])]

    def show(self, request: Request) -> Response:
        """The image of that name."""
        name = request.path_params["name"]
        path = self.home.find(name) if isinstance(self.home, FolderHome) else None
        if path is None:
            return PlainTextResponse("There is no such image.", 404)
        return FileResponse(
            path, headers=_HEADERS, media_type=_MEDIA_TYPES[path.suffix]
        )

    async def take(self, request: Request) -> Response:
        """Keeps an image of a requester's under that name."""
        message = await read_message(request)
        name = request.path_params["name"]
        answer = await run_in_threadpool(self._take, message, name)
        return Response(answer.body, answer.status, answer.headers)

    def _take(self, message: Message, name: str) -> wire.Response:
        try:
            self.api.admit(message, Signature.read(message))
            url = self._keep(name, message.body)
        except MTurkError as error:
            return wire.refused(error)
        except BadInput as error:
            return wire.refused(MTurkError("RequestError", str(error)))
        return wire.Response(200, json.dumps({"url": url}).encode())

    def _keep(self, name: str, data: bytes) -> str:
        # Its sender did the same; but whoever has a key may send anything.
        picture = read_picture(data)
        if not is_name(name) or not name.endswith(EXTENSIONS[picture.kind]):
            raise BadInput(f"{name!r} is no name for this image")
        url = self.home.put(name, picture)
        return f"{self.origins.frames}{url}" if self.home.is_near else url
