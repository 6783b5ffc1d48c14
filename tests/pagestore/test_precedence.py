"""Readers first, as long as that takes little of a processor; a front that has much to do waits its turn."""

import asyncio
import subprocess
import sys
import textwrap

import pytest

from stoppress.pagestore.serve.precedence import Precedence
from tests import tree


class Machine:
    """A clock, what a thread has spent, and what was asked of the scheduler."""

    def __init__(self) -> None:
        self.now = self.spent = 0.0
        self.asked: list[bool] = []
        self.may = True

    def set_first(self, is_first: bool) -> None:
        if not self.may:
            raise PermissionError(1, "Operation not permitted")
        self.asked.append(is_first)

    def precedence(self, most: float = 0.5) -> Precedence:
        return Precedence(self.set_first, most, lambda: self.spent, lambda: self.now)

    def pass_by(self, share: float, seconds: float = 0.1) -> None:
        """Some time in which the thread takes this share."""
        self.now += seconds
        self.spent += seconds * share


def test_it_goes_first_while_it_takes_little() -> None:
    machine = Machine()
    precedence = machine.precedence()
    seen = []
    for share, seconds in ((0.0, 0.1), (0.2, 0.1), (0.45, 0.1), (0.9, 0.1), (0.1, 1.0), (0.4, 1.0), (0.2, 0.1)):
        machine.pass_by(share, seconds)
        precedence.look()
        seen.append(precedence.is_first)
    assert seen == [True, True, True, False, False, False, True]
    assert machine.asked == [True, False, True]


def test_fronts_that_share_a_processor_go_first_with_less() -> None:
    machine = Machine()
    precedence = machine.precedence(most=0.1)
    machine.pass_by(0.05)
    precedence.look()
    assert precedence.is_first
    machine.pass_by(0.2)
    precedence.look()
    assert not precedence.is_first


def test_who_has_to_stand_back_again_and_again_does_so_for_longer() -> None:
    """A front that starves takes little; going first at once would let it take half of a processor after all."""
    machine = Machine()
    precedence = machine.precedence()
    waited = []
    for _ in range(6):
        machine.pass_by(0.0)
        precedence.look()
        assert precedence.is_first
        machine.pass_by(1.0)
        precedence.stand_back()
        began = machine.now
        while not precedence.is_first:
            machine.pass_by(0.1, 0.5)
            precedence.look()
        waited.append(machine.now - began)
    assert waited == pytest.approx([2.0, 4.0, 8.0, 16.0, 30.0, 30.0])
    machine.pass_by(0.1, 60.0)
    precedence.stand_back()
    machine.pass_by(0.1, 2.0)
    precedence.look()
    assert precedence.is_first


def test_without_the_right_it_serves_as_before(caplog: pytest.LogCaptureFixture) -> None:
    machine = Machine()
    machine.may = False
    precedence = machine.precedence()
    machine.pass_by(0.0)
    loop = asyncio.new_event_loop()
    with caplog.at_level("INFO", "stoppress.front"):
        precedence.watch(loop)
    loop.close()
    assert not precedence.is_first
    assert "no real time here" in caplog.text


SCRIPT = """
import asyncio, os, resource, time
from stoppress.pagestore.serve import precedence

def policy():
    return os.sched_getscheduler(0) & ~os.SCHED_RESET_ON_FORK

async def main(go_first):
    go_first()
    told = [policy() == os.SCHED_RR]
    began = time.thread_time()
    while policy() == os.SCHED_RR and time.thread_time() - began < 5:
        pass  # never rests: the kernel tells it
    told.append(policy() == os.SCHED_OTHER)
    for _ in range(200):
        await asyncio.sleep(0.05)  # rests, for two seconds at least
        if policy() == os.SCHED_RR:
            break
    told.append(policy() == os.SCHED_RR)
    print(*told, *resource.getrlimit(resource.RLIMIT_RTTIME))

with precedence.going_first() as go_first:
    asyncio.run(main(go_first))
print(policy() == os.SCHED_OTHER)
"""


@pytest.mark.skipif(not tree.may_run_in_real_time(), reason="no real time here")
def test_a_front_that_never_rests_is_told_to_and_goes_first_again_later() -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-c", textwrap.dedent(SCRIPT)],
        env=tree.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["True", "True", "True", "500000", "5000000", "True"]
