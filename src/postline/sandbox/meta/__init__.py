"""Graph API as Postline uses it: Facebook Login, Pages, Instagram professional accounts, rupload.

Written from Meta's documentation as read on 2026-11-24 (https://developers.facebook.com/docs/graph-api).
"""
