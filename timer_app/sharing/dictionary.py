"""The words that most sessions have, which a link therefore need not hold: the preset dictionary of its compression.

It belongs to the form of links: one byte changed here, and no link that was made before can be read. Another
dictionary needs another form, with a letter of its own in `link`.
"""

from __future__ import annotations

from typing import Final

# What is rare comes first: what is near the end costs fewer bits.
_TEXTS: Final = (
    "Dies ist allgemeine Information, kein ärztlicher Rat. Wenn du unsicher bist, frag zuerst eine Fachperson.",
    "Hör sofort auf, wenn etwas stechend schmerzt oder sich falsch anfühlt.",
    "Druck und Dehnung bleiben erträglich, nie so stark wie möglich.",
    "Langsam ausatmen und die Schultern tief lassen. Leg dich auf den Rücken, die Knie gebeugt. ",
    "Setz dich auf den Stuhl. ",
    "This is general information, not medical advice. If you are unsure, ask a health professional first.",
    "Stop at once if something hurts sharply or feels wrong.",
    "Pressure and stretch stay tolerable, never as hard as possible.",
    "Slowly breathe out and let your shoulders sink. Lie down on your back, knees bent. ",
    "Sit down on the chair. Stand up. ",
    "That was it. You need a mat, a chair, a wall, a ball, a foam roller. ",
    "Put it aside and turn onto your front. Rest. ",
)
_EXERCISES: Final = (
    *("ball-upper-trapezius", "ball-levator-scapulae", "ball-rhomboids", "ball-gentle-pressure"),
    *("posture-check-head", "posture-check-chest-back", "posture-check-shoulders", "posture-check-neck"),
    *("trigger-point-press-test", "spinal-balance-test", "cat-cow", "thoracic-rotation", "thoracic-side-bend"),
    *("foam-roller-extension", "back-extension", "spinal-extensors", "trap-raise-t", "trap-raise-y"),
    *("acupressure-mat-rest", "heat-rest", "slow-breathing", "shoulder-blade-retraction", "scapular-squeeze"),
    *("shoulder-blade-push-up", "shoulder-circles", "arm-circles", "upper-trapezius-stretch"),
    *("levator-scapulae-stretch", "rhomboid-stretch", "chest-stretch", "overhead-arm-stretch", "neck-release"),
    *("wall-squat", "wall-shoulder-stretch", "push-up", "plank", "squat", "lunge", "bridge", "row"),
)
_KEYS: Final = (
    *('"props":[{"kind":"arrow","line":[[', '"thick":2', '"kind":"muscle"', '"joint":"', '"close":true', '"mat":true'),
    *('"other_side":"mirror"', '"ball":[', '"roller":[', '"chair":', '"wall":20', '"shoulders":[', '"bow":', '"look":'),
    *('"left_leg":{"', '"right_leg":{"', '"left_arm":{"', '"right_arm":{"', '"flip":true', '"short":[', '"head":'),
    *('"curve":', '"toes":[', '"breath":1', '"knee":', '"angles":[-80,-50]}', '"arm":{"hand":[', '"leg":{"foot":['),
    *('"start":"standing"', '"view":"front"', '"keys":["', '"base":["feet"]', '"poses":{"', '":{"from":"standing"'),
    *(
        '","pelvis":[',
        '],"trunk":90',
    ),
    *('"variants":["', '"source":"', '"figure":{"', '"lexicon":{"', '"pitch":', '"rate":', '"voice":{"name":"'),
    *('"music_in_rests":"', '"music_volume":', '"music":["', '"sounds":{"', '"tempo_starts":"lower"', '"ask_for":"'),
    *('"ask":["load","rpe"]', '"heads_up":"', '"tell_time":"', '"company":"', '"settle":"', '"label":"'),
    *('"fit":"clock"', '"marks":"thirds"', '"level":', '"increment":"2.5 kg"', '"rir":', '"rpe":8', '"load":"20 kg"'),
    *(
        '"overrun":true',
        '"count":"up"',
        '"breath":"in"',
        '"within":"12m"',
        '"every":"60s"',
        '"pick":',
        '"shuffle":true',
    ),
    *('"then":[{"go":"end","answer":"', '"suggest":[{"session":"', '"because":"', '"answer":"', '"apart":'),
    *('"second_side":"', '"reminders":["', '"finish":"', '"begin":"', '"text":"', '"short":"', '"priority":'),
    *('"cues":[{"at":"halfway","say":"', '"at":"start","sound":"', '"recording":"', '"equipment":["', '"muscles":["'),
    *('"flow":[{"name":"', '","for":"3s","say":"', '"distance":"400 m"', '"tempo":"3-1-2"', '"tempo":"free"'),
    *('{"measure":"pain"},', '{"measure":"reach","name":"', '"range":"0-10"', '"unit":"cm"', '"session":"'),
    *('"exercises":{"en":{"', '"sessions":{"', '"between":"15s"', '"rounds":3,"rest":"60s"', '"sets":3,"rest":"30s"'),
    *('"sides":"each"', '"switch":"10s"', '"prepare":"10s"', '"hold":"30s"', '"hold":"20-30s"', '"reps":"8-12"'),
    *('"reps":10', '"name":"', '","steps":[{"exercise":"', '"},{"wait":"', '"},{"rest":"15s"},{"exercise":"'),
    *('"},{"say":"', '"},{"name":"', '"}]},{"say":"', '"},{"exercise":"', '"}]}}'),
)
_HEAD: Final = (
    '{"session":{"schema":1,"name":"","summary":"","language":"de","language":"en","cautions":["","',
    '"],"defaults":{"prepare":"6s","rest":"10s","switch":"8s","countdown":3},"sound":{"theme":"calm"},"steps":[{"say":"',
)

WORDS: Final = "".join((*_TEXTS, *_EXERCISES, *_KEYS, *_HEAD)).encode()
"""The dictionary."""
