"""The knowledge base (知识库): questions people ask and what they are told, kept right by owners.

Answers are copied into replies; nothing here points at a matter.
"""
