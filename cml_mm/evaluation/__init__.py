"""How well questions are answered: question sets, scores, reports. Works over `ports.Asker` only."""
