"""What plugin authors test with; import it from `ballyhoo.testing`."""
