import threading

from kiosk.app.inbox import Inbox, Message, ReaderStateChanged, TwoCardsTapped


def test_messages_come_out_in_the_order_in_which_they_were_put() -> None:
    inbox = Inbox(lambda: None)
    messages: list[Message] = [
        ReaderStateChanged(ready=True),
        TwoCardsTapped(),
        ReaderStateChanged(ready=False),
    ]
    for message in messages:
        inbox.put(message)
    assert list(inbox.take_all()) == messages
    assert list(inbox.take_all()) == []


def test_a_message_put_while_others_are_taken_comes_out_with_them() -> None:
    inbox = Inbox(lambda: None)
    inbox.put(TwoCardsTapped())
    messages: list[Message] = []
    for message in inbox.take_all():
        if not messages:
            inbox.put(ReaderStateChanged(ready=True))
        messages.append(message)
    assert messages == [TwoCardsTapped(), ReaderStateChanged(ready=True)]


def test_the_ui_thread_is_woken_for_a_message_from_another_thread() -> None:
    woken = threading.Event()
    inbox = Inbox(woken.set)
    thread = threading.Thread(target=inbox.put, args=(TwoCardsTapped(),))
    thread.start()
    assert woken.wait(10)
    thread.join()
    assert list(inbox.take_all()) == [TwoCardsTapped()]
