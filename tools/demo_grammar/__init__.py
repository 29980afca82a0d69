"""The grammar of the demo model: prompts and true copy for them, in English and German.

`situation.py` invents what a campaign and a shop could say (a brief); `copywriter.py` writes copy
for it from the phrases below `phrases/` and the kinds of products below `kinds/`; `record.py` puts
both together as a text to train on, in the format that the plugin llm_copy writes.
"""
