"""From a question to ranked pages and their best sections."""
