"""The graph: Kuzu database, LlamaIndex property-graph store, snapshots, vectors and word search."""
