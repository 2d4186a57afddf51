"""The books balance, whatever happens in a campaign."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowdlab.accounting import ACCOUNTS, Accounts, Books, Entry, Price, Subject
from crowdlab.errors import BadMoney, NotFound

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
CENTS = st.integers(0, 500).map(lambda cents: Decimal(cents).scaleb(-2))
#: What comes of each assignment of a HIT.
FATES = st.sampled_from(["open", "dead", "submitted", "approved", "rejected"])
#: For each HIT the fates of its assignments; for each bonus its dollars and fee.
CAMPAIGNS = st.tuples(
    st.builds(Price, CENTS, CENTS),
    st.lists(st.lists(FATES, min_size=1, max_size=5), max_size=8),
    st.lists(st.tuples(CENTS, CENTS), max_size=5),
)
Campaign = tuple[Price, list[list[str]], list[tuple[Decimal, Decimal]]]


def entries(campaign: Campaign) -> Iterator[Entry]:
    """What happens in a campaign."""
    price, hits, bonuses = campaign
    for number, fates in enumerate(hits):
        task = Subject(batch="pets", hit=f"HIT{number}", task=f"task{number}")
        yield from price.publish(NOW, task, len(fates))
        for place, fate in enumerate(fates):
            work = attrs.evolve(
                task, worker=f"W{place}", assignment=f"{number}-{place}"
            )
            if fate == "dead":
                yield from price.die(NOW, task, 1)
            if fate in {"submitted", "approved", "rejected"}:
                yield from price.submit(NOW, work)
            if fate == "approved":
                yield from price.approve(NOW, work)
            if fate == "rejected":
                yield from price.reject(NOW, work)
    for amount, fee in bonuses:
        yield from price.reward_more(
            NOW, Subject(batch="pets", task="task0"), amount, fee
        )


@given(CAMPAIGNS)
def test_the_trial_balance_is_nothing(campaign: Campaign) -> None:
    """All accounts together are 0.00, and none but the balance owes anything."""
    books = Books(entries(campaign))

    assert Decimal("0.00") == books.trial_balance
    assert Decimal(0) == books.balances["rejected"] == books.balances["dead"]
    assert [] == [
        name for name in ACCOUNTS if name != "balance" and books.balances[name] < 0
    ]


@given(CAMPAIGNS)
def test_the_sums_are_what_happened(campaign: Campaign) -> None:
    """Each account holds as many prices as there are assignments of that fate."""
    price, hits, bonuses = campaign
    n = Counter(fate for fates in hits for fate in fates)
    accounts = Accounts.of(Books(entries(campaign)))

    assert accounts == Accounts(
        committed=n["open"] * price.total,
        submitted=n["submitted"] * price.total,
        approved=n["approved"] * price.reward,
        rejected=n["rejected"] * price.total,
        dead=n["dead"] * price.total,
        fees=n["approved"] * price.fee + sum(fee for _, fee in bonuses),
        bonuses=sum((amount for amount, _ in bonuses), Decimal(0)),
    )


@given(CAMPAIGNS)
def test_every_split_is_the_whole(campaign: Campaign) -> None:
    """What was paid by task, worker, HIT or label comes to all that was paid."""
    books = Books(entries(campaign))
    labels = {f"task{number}": ["yes", "no", "no"] for number in range(9)}

    for column in ("batch", "hit", "task", "worker", "assignment"):
        assert books.paid == sum(books.paid_by(column).values())
    assert books.paid == sum(books.paid_by_label(labels).values())


def test_labels_of_a_task_share_its_cost_to_the_cent() -> None:
    """Seven cents for three labels are three, two and two."""
    price = Price(Decimal("0.05"), Decimal("0.02"))
    work = Subject(batch="pets", task="a")
    books = Books(price.approve(NOW, work))

    assert {"cat": Decimal("0.05"), "dog": Decimal("0.02")} == books.paid_by_label(
        {"a": ["dog", "cat", "cat"], "b": ["cat"]}
    )


@pytest.mark.parametrize(
    ("change", "error", "reason"),
    [
        ({"target": "pocket"}, NotFound, "no account 'pocket'; choose from: balance, "),
        ({"amount": Decimal("0.00")}, BadMoney, "reward: .* moves nothing"),
        ({"amount": Decimal("-1.00")}, BadMoney, "negative"),
        ({"amount": Decimal("0.005")}, BadMoney, "fraction of a cent"),
    ],
)
def test_an_entry_is_sound(
    change: dict[str, Any], error: type[Exception], reason: str
) -> None:
    """No entry names an account that is none, or moves what is no amount."""
    facts: dict[str, Any] = {
        "at": NOW,
        "source": "submitted",
        "target": "approved",
        "amount": Decimal("0.05"),
        "what": "reward",
        "subject": Subject(batch="pets"),
    }

    with pytest.raises(error, match=reason):
        Entry(**facts | change)


def test_a_column_that_is_none_lists_the_choices() -> None:
    """Asking for the payments of something else says what there is."""
    with pytest.raises(NotFound, match="batch, hit, task, worker, assignment"):
        Books().paid_by("colour")
