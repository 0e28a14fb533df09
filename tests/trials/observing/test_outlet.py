import socket
import threading

from playbook.trials.observing.outlet import MOST_WAITING, Outlet
from playbook.trials.observing.spans import SpanRecord, span_of
from playbook.trials.socket_lock import only_guarded
from tests.trials.measured_runs import an_attempt
from tests.trials.observing.watched import Kept, a_trial


def a_span(number: int = 0) -> SpanRecord:
    return span_of(an_attempt(number), a_trial(), run="r")


def test_every_span_comes_out_in_order() -> None:
    kept = Kept()
    outlet = Outlet(kept)
    spans = [a_span(number) for number in range(600)]

    for one in spans:
        outlet.put(one)
    outlet.close()

    assert kept.spans == spans
    assert (outlet.dropped, outlet.failure) == (0, "")


def test_a_sink_that_fails_harms_nobody_and_what_it_lost_is_counted() -> None:
    outlet = Outlet(Kept(fails=True))

    outlet.put(a_span())
    outlet.close()

    assert (outlet.dropped, outlet.failure) == (1, "ConnectionRefusedError")


def test_a_sink_that_hangs_takes_a_bounded_number_of_spans_and_the_rest_is_dropped() -> None:
    kept = Kept(hangs=threading.Event())
    outlet = Outlet(kept, last_wait_s=0.05)

    for number in range(2 * MOST_WAITING):
        outlet.put(a_span(number))
    outlet.close()

    assert outlet.dropped >= MOST_WAITING
    assert outlet.failure == "it did not take them in time"
    assert kept.hangs is not None
    kept.hangs.set()


def test_spans_leave_on_a_thread_that_the_lock_of_a_call_does_not_bind() -> None:
    """Inside a call every other socket is refused; the outlet's thread began outside of it."""
    listening = socket.create_server(("127.0.0.1", 0))

    class Connects(Kept):
        def write(self, spans: object) -> None:
            socket.create_connection(listening.getsockname(), timeout=5).close()
            super().write(spans)  # type: ignore[arg-type]

    kept = Connects()
    with only_guarded(lambda *_: None):
        outlet = Outlet(kept)
        outlet.put(a_span())
        outlet.close()
    listening.close()

    assert outlet.failure == ""
    assert kept.threads == {"playbook-spans"}
