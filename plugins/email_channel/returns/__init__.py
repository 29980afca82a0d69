"""What comes back: bounces, complaints and automatic answers."""
