"""What decides about crews: who can do what and when, who is proposed, in which order they drive.

Pure: tables live in `models`, repairs are told as plain values by whoever asks.
"""
