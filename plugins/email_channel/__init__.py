"""E-mail: the default channel.

Nothing is imported here: `ballyhoo --help` imports the commands of this package.
"""
