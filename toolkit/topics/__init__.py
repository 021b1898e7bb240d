"""Own topics of contexts, as the only room that knows BERTopic; it hands out tables.

Importing it loads neither BERTopic nor scikit-learn; fitting does.
"""
