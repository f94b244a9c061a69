"""What a provider answers is taken or refused, and never shown."""

from attacks.token_answers import token_answers


def test_a_few_hundred_answers() -> None:
    figures = token_answers(300, seed=1)
    assert figures.faults == []
    # Both happen, or nothing was tried.
    assert 20 < figures.renewed < 280
