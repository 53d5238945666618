"""Forwarding: what a worker tells arrives in the other process, and never holds the worker up."""

from __future__ import annotations

import multiprocessing
import threading

from consumers import forwarding
from consumers.forwarding import Forwarding, Receiving
from consumers.happenings import Happened, Lost

PATIENCE = 60.0


class Listener:
    """Remembers what arrived, and who ended."""

    def __init__(self):
        self.heard, self.ended = [], []
        self.changed = threading.Event()

    def __call__(self, happening):
        self.heard.append(happening)

    def end(self, name):
        self.ended.append(name)
        self.changed.set()


def test_everything_arrives_in_order():
    """All that was told before the worker ended is heard, in its order, and then that it ended."""
    listener = Listener()
    receiving = Receiving(listener.end)
    sending = Forwarding(receiving.open("content-0", listener), "content")
    told = [Happened("content", "x", number) for number in range(5_000)]
    for one in told:
        sending(one)
    sending.close()
    assert listener.changed.wait(PATIENCE)
    receiving.close()
    assert listener.heard == told
    assert listener.ended == ["content-0"]


def _die_telling(connection):
    sending = Forwarding(connection, "content")
    sending(Happened("content", "last words"))
    while True:
        sending(Happened("content", "and more" * 100))


def test_a_worker_that_is_killed_has_ended():
    """The end of a killed process is noticed; what it told until then was heard whole."""
    listener = Listener()
    receiving = Receiving(listener.end)
    theirs = receiving.open("content-0", listener)
    process = multiprocessing.get_context("spawn").Process(target=_die_telling, args=(theirs,))
    process.start()
    theirs.close()
    while len(listener.heard) < 100:
        assert process.is_alive()
        listener.changed.wait(0.01)
    process.kill()
    process.join()
    assert listener.changed.wait(PATIENCE)
    receiving.close()
    assert listener.heard[0] == Happened("content", "last words")
    assert all(isinstance(one, Happened | Lost) for one in listener.heard)
    assert listener.ended == ["content-0"]


def test_nobody_listening_holds_nobody_up(monkeypatch):
    """Where nothing is taken off the pipe the worker goes on, and what was lost is counted once somebody listens."""
    monkeypatch.setattr(forwarding, "_MOST_KEPT", 100)
    ours, theirs = multiprocessing.Pipe(duplex=False)
    sending = Forwarding(theirs, "content")
    for number in range(50_000):
        sending(Happened("content", "x" * 100, number))
    heard = []
    while not any(isinstance(one, Lost) for one in heard):
        heard += ours.recv()
        sending(Happened("content", "y"))
    lost = sum(one.count for one in heard if isinstance(one, Lost))
    assert 0 < lost < 50_000 + len(heard)
    ours.close()
    sending(Happened("content", "nobody is there"))
    sending.close()
