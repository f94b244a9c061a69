"""Whatever a provider answers, a check ends with a verdict that fits, and no key."""

from attacks.key_answers import strange_answers


def test_mutated_answers_are_judged() -> None:
    figures = strange_answers(120, 1)
    assert figures.verdicts.total() == 120
    assert set(figures.verdicts) == {"valid", "invalid", "limited", "unknown"}
    assert not figures.faults, figures.faults
