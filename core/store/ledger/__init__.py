"""The queries that move the ledger: each move is one statement, fenced by state and token."""
