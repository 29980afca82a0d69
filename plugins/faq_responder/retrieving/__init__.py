"""Where it is answered: finds the articles that a question asks for, and says when none does."""
