"""One file per engine: each heavy library has one home here, imported when first used."""
