"""Diagrams as graphs: what they hold, how text says them, and what follows from their structure.

Pure values and rules, standard library only: this package opens no picture and no file. Pictures and
office files become diagrams in `media`; library pages and visitors' files share what is here.
"""
