"""The patience of the tests: what is still being answered ends before the database is emptied."""

import threading
import time

import pytest
from django.core.signals import request_finished, request_started

from tests.waiting import Underway


@pytest.mark.django_db  # a request that ends looks after the connections
def test_waits_until_what_was_asked_last_is_answered() -> None:
    answered = []

    def answer() -> None:
        time.sleep(0.2)
        answered.append(True)
        request_finished.send(sender=None)

    with Underway() as underway:
        request_started.send(sender=None, environ={})
        thread = threading.Thread(target=answer)
        thread.start()
        underway.wait_for_the_last()
        assert answered == [True]
    thread.join()
