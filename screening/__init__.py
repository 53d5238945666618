"""The pure core: subjects in, results and decisions out; no disk, network, clock, environment or logging."""
