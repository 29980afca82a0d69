"""The delivery kit's part about `channel` and `render`: each bad one fails on what is bad."""

from __future__ import annotations

NORMALISER = """
def other(address):
    {body}

class It(Good):
    @hookimpl
    def channel(self):
        return Channel(
            name="pigeon", address_field="email", normalise=other,
            fields={{"body": FieldLimits()}}, required_fields={required},
        )
"""

BAD = {
    "renders into the world": (
        "class It(Good):\n    @hookimpl\n    def render(self, messages):\n"
        "        for message in messages: provider.take(message)\n"
        "        return super().render(messages)\n",
        "test_render_is_pure",
        "rendering sent a message",
    ),
    "renders into the workspace": (
        "class It(Good):\n    @hookimpl\n    def render(self, context, messages):\n"
        "        (context.folder / 'draft').write_text('x')\n"
        "        return Good.render(self, messages)\n",
        "test_render_is_pure",
        "rendering wrote into the workspace",
    ),
    "renders otherwise each time": (
        "import itertools\nnumbers = itertools.count()\n"
        "class It(Good):\n    @hookimpl\n    def render(self, messages):\n"
        "        return [b'%d' % next(numbers) for message in messages]\n",
        "test_same_bytes_twice",
        "other bytes each time",
    ),
    "renders what stands beside it": (
        "class It(Good):\n    @hookimpl\n    def render(self, messages):\n"
        "        return [messages[0].key.encode() for message in messages]\n",
        "test_same_bytes_twice",
        "other bytes when the batch is turned around",
    ),
    "renders text": (
        "class It(Good):\n    @hookimpl\n    def render(self, messages):\n"
        "        return [message.fields['body'] for message in messages]\n",
        "test_each_message_of_a_batch_is_rendered",
        "where bytes is due",
    ),
    "drops a message in rendering": (
        "class It(Good):\n    @hookimpl\n    def render(self, messages):\n"
        "        return super().render(messages)[1:]\n",
        "test_each_message_of_a_batch_is_rendered",
        "entries for a batch of",
    ),
    "normalises further each time": (
        NORMALISER.format(body="return address[1:]", required=("body",)),
        "test_normaliser_is_idempotent",
        "becomes 'eader-1@example.com', and that becomes",
    ),
    "takes any address": (
        NORMALISER.format(body="return address", required=("body",)),
        "test_bad_address_is_refused_without_being_named",
        "is taken for an address",
    ),
    "names the address that it refuses": (
        NORMALISER.format(body="raise ValueError(f'{address} is bad')", required=("body",)),
        "test_bad_address_is_refused_without_being_named",
        "the reason holds the address",
    ),
    "requires a field that it cannot carry": (
        NORMALISER.format(body="return normalise(address)", required=("body", "title")),
        "test_channel_is_declared_the_same_twice",
        "required_fields names what is not in fields: ['title']",
    ),
    "carries nothing": (
        "class It(Good):\n    @hookimpl\n    def channel(self):\n"
        "        return Channel(name='pigeon', address_field='email', normalise=normalise)\n",
        "test_channel_is_declared_the_same_twice",
        "a channel without fields has nothing to carry",
    ),
    "declares something else each time": (
        "import itertools\nnumbers = itertools.count()\n"
        "class It(Good):\n    @hookimpl\n    def channel(self):\n"
        "        return Channel(name=f'pigeon {next(numbers)}', address_field='email',\n"
        "                       normalise=normalise, fields={'body': FieldLimits()})\n",
        "test_channel_is_declared_the_same_twice",
        "declares another 'name' the second time",
    ),
}


def test_each_bad_channel_fails_on_what_is_bad_about_it(expect_failures, pigeons):
    expect_failures(pigeons.good, BAD, pigeons.use)
