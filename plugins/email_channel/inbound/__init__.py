"""Mail that somebody wrote to us: who it is from, what is asked, and what is not answered."""
