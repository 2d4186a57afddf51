"""Floor plans and routes: read them, draw them, walk them, score who walked."""

from crowdlab.maps.parts import Door, Landmark, Room
from crowdlab.maps.pictures import draw_png, draw_svg, svg_url
from crowdlab.maps.plan import Place, Plan
from crowdlab.maps.reading import list_plans, load_plan, read_plan
from crowdlab.maps.route import Route
from crowdlab.maps.routes import read_route, sample_routes
from crowdlab.maps.scoring import Score, score
from crowdlab.maps.symbols import list_symbols
from crowdlab.maps.tasks import describe_tasks, follow_tasks

__all__ = [
    "Door",
    "Landmark",
    "Place",
    "Plan",
    "Room",
    "Route",
    "Score",
    "describe_tasks",
    "draw_png",
    "draw_svg",
    "follow_tasks",
    "list_plans",
    "list_symbols",
    "load_plan",
    "read_plan",
    "read_route",
    "sample_routes",
    "score",
    "svg_url",
]
