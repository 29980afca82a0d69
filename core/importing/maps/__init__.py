"""The maps that come with Ballyhoo: exports of shops and of other tools."""
