"""TikTok's Login Kit, Content Posting API and Display API as Postline uses them.

Written from TikTok's documentation as read on 2026-11-24 (https://developers.tiktok.com/doc/overview).
"""
