"""Small drawings of streets, some with a traffic light."""

import base64

__all__ = ["street"]

SKIES = ("#cfe3ee", "#e8e2d0", "#d5e6da", "#dcdff0")
WALLS = ("#d8c9a8", "#c9a58f", "#b9c3c9", "#c7b7cf")
LIGHT = (
    '<path fill="#3a3f45" d="M43 22h2v18h-2zM39 5h10v18H39z"/>'
    '<circle cx="44" cy="9" r="2.2" fill="{}"/>'
    '<circle cx="44" cy="14" r="2.2" fill="#565c63"/>'
    '<circle cx="44" cy="19" r="2.2" fill="{}"/>'
)
OTHERS = {
    "tree": '<path fill="#7a5a3c" d="M43 24h3v14h-3z"/>'
    '<circle cx="44.500" cy="18" r="10" fill="#6f9a5c"/>',
    "lamp": '<path fill="#555" d="M44 12h2v27h-2zM40 10h10l-2 4h-6z"/>'
    '<path fill="#f6e7a8" d="M42 14h6v2h-6z"/>',
    "bus": '<rect x="28" y="24" width="32" height="15" rx="2" fill="#c8553d"/>'
    '<path fill="#dfe9ee" d="M31 27h6v5h-6zM39 27h6v5h-6zM47 27h6v5h-6z"/>'
    '<circle cx="35" cy="39" r="3"/><circle cx="53" cy="39" r="3"/>',
    "sign": '<path fill="#777" d="M44 20h2v19h-2z"/>'
    '<circle cx="45" cy="15" r="7" fill="#2a6f97"/>'
    '<path fill="#fff" d="M41 14h8v2h-8z"/>',
}


def street(number: int, thing: str) -> str:
    """The URL of a street in which a thing stands: ``red``, ``green`` or another."""
    sky, wall = SKIES[number % 4], WALLS[(number // 2) % 4]
    lamps = {"red": ("#e5432f", "#565c63"), "green": ("#565c63", "#4fc46a")}
    stands = LIGHT.format(*lamps[thing]) if thing in lamps else OTHERS[thing]
    left, height = 3 + 5 * (number % 3), 10 + 3 * (number % 4)
    drawn = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480" '
        f'viewBox="0 0 64 48"><path fill="{sky}" d="M0 0h64v48H0z"/>'
        '<path fill="#b9b3a6" d="M0 34h64v14H0z"/>'
        '<path fill="#8d8f94" d="M0 40h64v8H0z"/>'
        f'<path fill="{wall}" d="M{left} {height}h18v{34 - height}h-18z"/>'
        f'<path fill="#7d9db0" d="M{left + 3} {height + 4}h4v5h-4zm8 0h4v5h-4z"/>'
        f"{stands}</svg>"
    )
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.encode()).decode()}"
