"""Dated, sourced rules over facts: packs of data files, an engine with three-valued logic, results that explain."""
