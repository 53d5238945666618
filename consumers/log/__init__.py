"""The event log: one port, two adapters (an embedded SQLite file, Apache Kafka)."""
