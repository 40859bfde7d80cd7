"""How well questions are answered: question files, retrieval sets, scores, reports.

The engine is asked over `ports.Asker`; what ranks with a stage left out is handed in.
"""
