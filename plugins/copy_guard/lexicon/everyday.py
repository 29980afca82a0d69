"""Words of every day, which claim nothing though a catalogue uses them as tags."""

from __future__ import annotations

EVERYDAY = """
    spring, summer, autumn, fall, winter, frühling, frühjahr, sommer, herbst, women, woman, men,
    kids, children, unisex, adult, baby, damen, herren, kinder, frauen, männer, outdoor, indoor,
    home, garden, sport, sports, travel, gift, gifts, present, holiday, christmas, birthday,
    everyday, daily, classic, modern, basic, basics, casual, regular, normal, standard, medium,
    large, small, other, none, true, false, featured, trending, accessories, zubehör, geschenk,
    geschenke, reise, alltag, klassisch, sonstiges, keine, haus, garten, schön, good, great,
    nice, warm, soft, light, fresh, easy, morning, evening, weekend, work, school, party, love,
    dogs, cats, running, hiking, walking, weich, leicht, frisch, einfach, morgen, abend, arbeit,
    schule, liebe, hund, katze, laufen, wandern, family, friends, familie, freunde, kitchen,
    küche, city, stadt, nature, natur, weather, wetter, sommerlich, sunday, breakfast, coffee,
    bestseller, kaffee, friendly
"""
