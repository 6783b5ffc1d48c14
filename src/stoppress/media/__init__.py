"""Images, documents and their renditions. Originals are never public; rendition names carry a content hash."""
