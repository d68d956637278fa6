"""How long does it take to read this?"""
