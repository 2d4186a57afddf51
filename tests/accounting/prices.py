"""What Mechanical Turk charges: reward, assignments, Masters or not, and all of it."""

__all__ = ["PRICES"]

PRICES = [
    ("0.05", 1, False, "0.06"),
    ("0.01", 1, False, "0.02"),
    ("0.02", 9, False, "0.27"),
    ("0.02", 10, False, "0.30"),
    ("0.05", 10, False, "0.70"),
    ("0.50", 100, False, "70.00"),
    ("1.00", 9, False, "10.80"),
    ("1.00", 10, False, "14.00"),
    ("1.00", 9, True, "11.25"),
    ("1.00", 10, True, "14.50"),
    ("0.13", 3, False, "0.48"),
    ("0.12", 3, False, "0.42"),
    ("0.00", 5, False, "0.05"),
    ("2.50", 500, False, "1750.00"),
]
