"""Work outside requests: enqueued in the caller's transaction, done once by a worker."""
