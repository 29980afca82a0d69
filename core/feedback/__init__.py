"""Tells plugins and endpoints what happened: in order, at least once, each at its own pace."""
