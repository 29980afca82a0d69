"""The commands of workers: `ballyhoo worker` and `ballyhoo beat`."""
