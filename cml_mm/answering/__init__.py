"""From a ranking to an answer: intent, composing, verifying."""
