"""The delivery kit: each bad channel fails on the test that is about what is bad in it."""

from __future__ import annotations


def deliver(body: str) -> str:
    """Return a channel whose deliver does this for each message."""
    lines = "".join(f"            {line}\n" for line in body.strip().splitlines())
    head = "class It(Good):\n    @hookimpl\n    def deliver(self, dispatch):\n"
    return f"{head}        for message in dispatch:\n{lines}"


CHECKED = "if not self.can_connect(message, dispatch): continue\n"

BAD = {
    "sends past a refused mark": (
        deliver(CHECKED + "dispatch.mark(message)\ndispatch.settle(message, self.send(message))"),
        "test_refused_mark_is_obeyed",
        "went out past a refused mark",
    ),
    "settles after a refused mark": (
        deliver(
            CHECKED + "granted = dispatch.mark(message)\n"
            "dispatch.settle(message, self.send(message) if granted else Receipt.failed('no'))"
        ),
        "test_refused_mark_is_obeyed",
        "after its mark was refused",
    ),
    "stops at a refused mark": (
        deliver(
            CHECKED + "if not dispatch.mark(message): return\n"
            "dispatch.settle(message, self.send(message))"
        ),
        "test_refused_mark_is_obeyed",
        "must be settled as sent",
    ),
    "says failed when the answer is lost": (
        "class It(Good):\n    def send(self, message):\n"
        "        receipt = super().send(message)\n"
        "        return Receipt.failed('time') if receipt.outcome == 'unknown' else receipt\n",
        "test_lost_answer_is_unknown",
        "settled as failed",
    ),
    "says later when the answer is lost": (
        "class It(Good):\n    def send(self, message):\n"
        "        receipt = super().send(message)\n"
        "        return Receipt.later('time') if receipt.outcome == 'unknown' else receipt\n",
        "test_lost_answer_is_unknown",
        "settled as later",
    ),
    "sends again when the answer is lost": (
        "class It(Good):\n    def send(self, message):\n"
        "        provider.knows_keys = False\n"
        "        receipt = super().send(message)\n"
        "        return super().send(message) if receipt.outcome == 'unknown' else receipt\n",
        "test_lost_answer_is_unknown",
        "was sent again because no answer came",
    ),
    "says nothing when the answer is lost": (
        deliver(
            CHECKED + "if dispatch.mark(message):\n"
            "    receipt = self.send(message)\n"
            "    if receipt.outcome != 'unknown': dispatch.settle(message, receipt)"
        ),
        "test_lost_answer_is_unknown",
        "settled as nothing",
    ),
    "marks everything first": (
        "class It(Good):\n    @hookimpl\n    def deliver(self, dispatch):\n"
        "        marked = [one for one in dispatch if self.can_connect(one, dispatch)\n"
        "                  and dispatch.mark(one)]\n"
        "        for one in marked: dispatch.settle(one, self.send(one))\n",
        "test_messages_are_not_marked_ahead",
        "5 messages were marked at the same time over 1 connection(s)",
    ),
    "marks after sending": (
        deliver(
            CHECKED + "receipt = self.send(message)\n"
            "if dispatch.mark(message): dispatch.settle(message, receipt)"
        ),
        "test_mark_comes_before_the_message_is_out",
        "was out before its mark",
    ),
    "never marks": (
        deliver(CHECKED + "dispatch.settle(message, self.send(message))"),
        "test_mark_comes_before_the_message_is_out",
        "went out without a mark",
    ),
    "settles as sent without a mark": (
        deliver(CHECKED + "dispatch.settle(message, self.send(message))"),
        "test_protocol_is_kept",
        "settled as sent without a mark",
    ),
    "swallows a mark that cannot be stored": (
        deliver(
            CHECKED + "try: granted = dispatch.mark(message)\n"
            "except Exception: granted = True\n"
            "if granted: dispatch.settle(message, self.send(message))"
        ),
        "test_nothing_goes_out_when_marks_cannot_be_stored",
        "went out without a mark",
    ),
    "marks before it knows that somebody is there": (
        deliver(
            "if dispatch.mark(message) and self.can_connect(message, dispatch):\n"
            "    dispatch.settle(message, self.send(message))"
        ),
        "test_unreachable_other_side_is_later_and_not_marked",
        "marked though nobody was there",
    ),
    "gives up when nobody is there": (
        deliver(
            "try: provider.connect()\n"
            "except OSError: return\n"
            "if dispatch.mark(message): dispatch.settle(message, self.send(message))"
        ),
        "test_protocol_is_kept",
        "claimed and forgotten",
    ),
    "takes a refusal for good for one for now": (
        "class It(Good):\n    def send(self, message):\n"
        "        receipt = super().send(message)\n"
        "        return Receipt.later('no') if receipt.outcome == 'failed' else receipt\n",
        "test_definite_refusal_is_failed",
        "must be settled as failed",
    ),
    "takes a refusal for now for one for good": (
        "class It(Good):\n    def send(self, message):\n"
        "        receipt = super().send(message)\n"
        "        return Receipt.failed('no') if receipt.outcome == 'later' else receipt\n",
        "test_definite_deferral_is_later",
        "must be settled as later",
    ),
    "raises at a refusal": (
        deliver(
            CHECKED + "if dispatch.mark(message):\n"
            "    receipt = self.send(message)\n"
            "    if receipt.outcome == 'failed': raise RuntimeError(receipt.detail)\n"
            "    dispatch.settle(message, receipt)"
        ),
        "test_trouble_with_one_message_does_not_stop_the_others",
        "raised RuntimeError",
    ),
    "stops at the first trouble": (
        deliver(
            CHECKED + "if not dispatch.mark(message): continue\n"
            "receipt = self.send(message)\n"
            "dispatch.settle(message, receipt)\n"
            "if receipt.outcome != 'sent': return"
        ),
        "test_trouble_with_one_message_does_not_stop_the_others",
        "of 5 messages only 0 were sent",
    ),
    "forgets every other message": (
        deliver(
            "if message.id % 2: continue\n"
            + CHECKED
            + "if dispatch.mark(message): dispatch.settle(message, self.send(message))"
        ),
        "test_each_message_arrives_once",
        "gave []",
    ),
    "sends everything twice": (
        "class It(Good):\n    def send(self, message):\n"
        "        provider.knows_keys = False\n"
        "        super().send(message)\n"
        "        return super().send(message)\n",
        "test_each_message_arrives_once",
        "gave ['sample-1-1', 'sample-1-1']",
    ),
    "says sent and sends nothing": (
        "class It(Good):\n    def send(self, message):\n        return Receipt.sent()\n",
        "test_each_message_arrives_once",
        "gave []",
    ),
    "settles twice": (
        deliver(
            CHECKED + "if dispatch.mark(message):\n"
            "    dispatch.settle(message, self.send(message))\n"
            "    dispatch.settle(message, Receipt.sent())"
        ),
        "test_protocol_is_kept",
        "settled twice",
    ),
    "settles with something else": (
        deliver(
            CHECKED + "if dispatch.mark(message):\n"
            "    self.send(message); dispatch.settle(message, 'sent')"
        ),
        "test_protocol_is_kept",
        "which is not a Receipt",
    ),
    "sends without a key": (
        "class It(Good):\n    def send(self, message):\n"
        "        provider.knows_keys = False\n"
        "        return super().send(message)\n",
        "test_message_delivered_again_does_not_arrive_twice",
        "arrived more often than 1 time(s)",
    ),
    "logs addresses": (
        "import logging\nclass It(Good):\n    def send(self, message):\n"
        "        logging.getLogger('x').debug('to %s', message.address)\n"
        "        return super().send(message)\n",
        "test_no_address_is_told",
        "stands in a log or receipt",
    ),
    "tells addresses in receipts": (
        "class It(Good):\n    def send(self, message):\n"
        "        receipt = super().send(message)\n"
        "        return Receipt(outcome=receipt.outcome, detail=f'{message.address}: no')\n",
        "test_no_address_is_told",
        "the address stands in a receipt",
    ),
    "is a coroutine": (
        "class It(Good):\n    @hookimpl\n    async def deliver(self, dispatch):\n        pass\n",
        "test_each_message_arrives_once",
        "deliver is a coroutine",
    ),
}


def test_each_bad_channel_fails_on_what_is_bad_about_it(expect_failures, pigeons):
    expect_failures(pigeons.good, BAD, pigeons.use)
