"""The core of Ballyhoo: recipes, campaigns, the plugin registry and the command line.

It knows no plugin and no task queue; plugins import `ballyhoo`, never this package.
"""
