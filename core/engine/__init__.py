"""The engine: runs a campaign over the ledger, in this process or on workers."""
