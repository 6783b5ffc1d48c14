"""The ground floor: hooks, the Subject and the key recorder. No models; imports nothing of ours."""
