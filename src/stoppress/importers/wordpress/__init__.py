"""WordPress's own export file (WXR, Tools → Export) and a copy of its uploads folder."""
