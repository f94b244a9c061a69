"""No change of a vault is accepted, and no kill or second writer loses a secret."""

import pytest
from attacks.campaign import attack
from attacks.faults import faults_of
from attacks.full_disk import write_limited
from attacks.vault_writers import two_writers
from attacks.vaults import every_byte_of_a_vault, kills_of_vault, tampered_vaults


def test_changed_vaults_are_refused_and_not_written_over() -> None:
    figures = tampered_vaults(150, 1)
    assert figures.changes.total() == figures.refused == 150
    assert len(figures.changes) == 9
    assert not figures.faults, figures.faults


def test_no_byte_can_change_unnoticed() -> None:
    figures = every_byte_of_a_vault(3, step=7)
    assert figures.refused == figures.changes.total() > 200
    assert not figures.faults, figures.faults


def test_kills_lose_no_secret() -> None:
    figures = kills_of_vault(8, 1)
    assert figures.kills == 8
    assert not figures.faults, figures.faults


def test_two_writers_lose_no_secret() -> None:
    figures = two_writers(8, 1)
    assert figures.entries == 16
    assert not figures.faults, figures.faults


def test_a_failing_system_loses_no_secret() -> None:
    figures = faults_of("vault", step=3)
    assert figures.calls > 10
    assert figures.refused > 5
    assert not figures.faults, figures.faults


def test_a_full_disk_loses_no_secret() -> None:
    limits = (0, 100, 700, 10_000)
    figures = attack(write_limited, [("vault", limit, False) for limit in limits])
    assert figures.refused > 0
    assert figures.accepted > 0
    assert not figures.faults, figures.faults


@pytest.mark.whole
@pytest.mark.timeout(3600)
def test_vaults_in_full() -> None:
    tampered = tampered_vaults(1_000, 2)
    whole = every_byte_of_a_vault(2)
    kills = kills_of_vault(200, 2)
    writers = two_writers(50, 2)
    print(tampered, whole, kills, writers, sep="\n")
    assert tampered.refused == tampered.changes.total() == 1_000
    assert whole.refused == whole.changes.total()
    assert kills.kills == 200
    assert kills.left > 0
    assert writers.entries == 100
    for figures in (tampered, whole, kills, writers):
        assert not figures.faults, figures.faults
