"""Who writes in the sample. All invented."""

PEOPLE: dict[str, tuple[str, str]] = {
    "world-desk": ("World desk", "Reports from elsewhere, put together by the Gazette’s editors."),
    "orla-nesset": ("Orla Nesset", "Covers the harbour, the council and the wind."),
    "tomas-dvoracek": ("Tomáš Dvořáček", "Writes about schools, shops and whatever the bus was talking about."),
    "sian-pryce-hallow": ("Siân Pryce-Hallow", "Sports editor. Once saved a penalty."),
    "kwabena-lunn": ("Kwabena Ødegård-Lunn", "Reports on the sea and those who live from it."),
    "hidaka-misaki": ("日高 みさき", "Correspondent in the north."),
}
