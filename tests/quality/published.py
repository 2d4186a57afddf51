"""Tables that papers print."""

from collections.abc import Sequence


def rows(workers: Sequence[str]) -> list[tuple[int, int, str]]:
    """Answers from a line for each worker, a character for each task, dots missing."""
    return [
        (task, worker, label)
        for worker, said in enumerate(workers)
        for task, label in enumerate(said)
        if label != "."
    ]


def from_counts(lines: Sequence[str]) -> list[tuple[int, int, int]]:
    """Answers from a line for each task, how often it was given each label."""
    answers = []
    for task, line in enumerate(lines):
        counts = enumerate(map(int, line.split()))
        said = [label for label, count in counts for _ in range(count)]
        answers += [(task, worker, label) for worker, label in enumerate(said)]
    return answers


#: K. Krippendorff. Computing Krippendorff's alpha-reliability (2011), B and C.
NOMINAL_PAIR = rows(["aabbdcccedda", "babbbccceddd"])
FOUR_OBSERVERS = rows(["123321412...", "1233224125.3", ".3332342251.", "12332441251."])

#: The example of the encyclopedia's page on the measure.
THREE_CODERS = rows([".....34121133.3", "1.213343.......", "..21344.21133.4"])

#: J. L. Fleiss. Measuring nominal scale agreement among many raters (1971), table 1:
#: thirty patients, six psychiatrists each, five diagnoses.
PATIENTS = from_counts(
    """\
0 0 0 6 0
0 3 0 0 3
0 1 4 0 1
0 0 0 0 6
0 3 0 3 0
2 0 4 0 0
0 0 4 0 2
2 0 3 1 0
2 0 0 4 0
0 0 0 0 6
1 0 0 5 0
1 1 0 4 0
0 3 3 0 0
1 0 0 5 0
0 2 0 3 1
0 0 5 0 1
3 0 0 1 2
5 1 0 0 0
0 2 0 4 0
1 0 2 0 3
0 0 0 0 6
0 1 0 5 0
0 2 0 1 3
2 0 0 4 0
1 0 0 4 1
0 5 0 1 0
4 0 0 0 2
0 2 0 4 0
1 0 5 0 0
0 0 0 0 6""".splitlines()
)

#: J. Cohen. A coefficient of agreement for nominal scales (1960), table 1: how many of
#: 200 patients two judges gave each of three diagnoses.
TWO_JUDGES = [
    (task, judge, label)
    for task, pair in enumerate(
        (first, second)
        for first, line in enumerate([[88, 10, 2], [14, 40, 6], [18, 10, 12]])
        for second, count in enumerate(line)
        for _ in range(count)
    )
    for judge, label in enumerate(pair)
]
