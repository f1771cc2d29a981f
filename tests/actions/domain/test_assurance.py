"""What proofs add up to, and that everything done for a customer says how much it takes."""

import pytest

from actions.domain.assurance import NEEDS, Level, Operation, Proof, level_of


@pytest.mark.parametrize(
    ("proofs", "level"),
    [
        ((), Level.NONE),
        ((Proof.PAYMENT,), Level.NONE),
        ((Proof.CODE,), Level.HIGH),
        ((Proof.IDENTITY,), Level.HIGH),
        ((Proof.CODE, Proof.CODE), Level.HIGH),
        ((Proof.CODE, Proof.IDENTITY), Level.HIGHEST),
        ((Proof.CODE, Proof.PAYMENT), Level.HIGHEST),
        ((Proof.IDENTITY, Proof.PAYMENT), Level.HIGHEST),
        ((Proof.PERSON,), Level.HIGHEST),
    ],
)
def test_proofs_add_up(proofs: tuple[Proof, ...], level: Level) -> None:
    assert level_of(proofs) is level


def test_every_operation_says_what_it_needs() -> None:
    assert set(NEEDS) == set(Operation)
    assert Level.NONE not in NEEDS.values()


def test_one_more_proof_never_lowers_the_level() -> None:
    for proof in Proof:
        for other in Proof:
            assert level_of((proof, other)) >= level_of((proof,))
