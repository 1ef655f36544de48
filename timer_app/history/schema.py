"""The tables of the history, and the migrations from older versions.

`docs/history.md` explains them to whoever wants to read the file. A version that was ever released is never edited: a
change is a further script at the end of `MIGRATIONS`.
"""

from __future__ import annotations

_FIRST = """
CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE texts (
  sha256 TEXT PRIMARY KEY,
  text TEXT NOT NULL
) STRICT;

CREATE TABLE records (
  id TEXT PRIMARY KEY,
  device TEXT NOT NULL,
  session TEXT NOT NULL,
  name TEXT NOT NULL,
  path TEXT NOT NULL,
  text_sha256 TEXT NOT NULL REFERENCES texts (sha256),
  shape TEXT NOT NULL,
  language TEXT NOT NULL,
  options TEXT NOT NULL,
  started_ms INTEGER NOT NULL,
  zone_min INTEGER NOT NULL,
  day INTEGER NOT NULL,
  ended_ms INTEGER,
  ending TEXT NOT NULL CHECK (ending IN ('running', 'finished', 'finished early', 'given up', 'broken off')),
  planned_ms INTEGER NOT NULL,
  left_ms INTEGER NOT NULL,
  spent_ms INTEGER NOT NULL,
  paused_ms INTEGER NOT NULL,
  work_ms INTEGER NOT NULL,
  reps INTEGER NOT NULL,
  phase INTEGER NOT NULL,
  step INTEGER,
  counted INTEGER NOT NULL,
  changed_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX records_started ON records (started_ms);
CREATE INDEX records_session ON records (session, started_ms);
CREATE INDEX records_running ON records (started_ms) WHERE ending = 'running';

CREATE TABLE steps (
  record TEXT NOT NULL REFERENCES records (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  day INTEGER NOT NULL,
  exercise TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  dose TEXT NOT NULL,
  planned_hold_ms INTEGER,
  planned_reps INTEGER,
  planned_rounds INTEGER,
  planned_sets INTEGER NOT NULL,
  sides TEXT NOT NULL,
  held_ms INTEGER NOT NULL,
  reps INTEGER NOT NULL,
  sets INTEGER NOT NULL,
  skipped INTEGER NOT NULL,
  repeated INTEGER NOT NULL,
  added_ms INTEGER NOT NULL,
  PRIMARY KEY (record, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE sets (
  record TEXT NOT NULL REFERENCES records (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  step INTEGER NOT NULL,
  unit INTEGER NOT NULL,
  exercise TEXT NOT NULL,
  kind TEXT NOT NULL,
  "set" INTEGER NOT NULL,
  side TEXT NOT NULL,
  planned_hold_ms INTEGER,
  planned_reps INTEGER,
  day INTEGER NOT NULL,
  began_ms INTEGER NOT NULL,
  held_ms INTEGER NOT NULL,
  reps INTEGER NOT NULL,
  done INTEGER NOT NULL CHECK (done IN (0, 1)),
  repeated INTEGER NOT NULL CHECK (repeated IN (0, 1)),
  PRIMARY KEY (record, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX sets_best ON sets (exercise, kind, done, held_ms, day);
CREATE INDEX sets_most ON sets (exercise, kind, done, reps, day);

CREATE TABLE pauses (
  record TEXT NOT NULL REFERENCES records (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  began_ms INTEGER NOT NULL,
  ended_ms INTEGER,
  PRIMARY KEY (record, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE answers (
  record TEXT NOT NULL REFERENCES records (id) ON DELETE CASCADE,
  phase INTEGER NOT NULL,
  step INTEGER NOT NULL,
  key TEXT NOT NULL,
  name TEXT NOT NULL,
  side TEXT NOT NULL,
  value REAL NOT NULL,
  unit TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (record, phase)
) STRICT, WITHOUT ROWID;
CREATE INDEX answers_key ON answers (key, record);

-- Sums, so that the views stay quick however many records there are. Triggers keep them true.
CREATE TABLE day_sums (
  day INTEGER PRIMARY KEY,
  records INTEGER NOT NULL,
  active_ms INTEGER NOT NULL,
  work_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE exercise_sums (
  week INTEGER NOT NULL,
  exercise TEXT NOT NULL,
  name TEXT NOT NULL,
  held_ms INTEGER NOT NULL,
  reps INTEGER NOT NULL,
  sets INTEGER NOT NULL,
  PRIMARY KEY (week, exercise)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER record_added AFTER INSERT ON records BEGIN
  INSERT INTO day_sums VALUES (NEW.day, 1, NEW.spent_ms - NEW.paused_ms, NEW.work_ms)
  ON CONFLICT (day) DO UPDATE SET
    records = records + 1,
    active_ms = active_ms + excluded.active_ms,
    work_ms = work_ms + excluded.work_ms;
END;
CREATE TRIGGER record_changed AFTER UPDATE OF spent_ms, paused_ms, work_ms ON records BEGIN
  UPDATE day_sums SET
    active_ms = active_ms + (NEW.spent_ms - NEW.paused_ms) - (OLD.spent_ms - OLD.paused_ms),
    work_ms = work_ms + NEW.work_ms - OLD.work_ms
  WHERE day = NEW.day;
END;
CREATE TRIGGER record_gone AFTER DELETE ON records BEGIN
  UPDATE day_sums SET
    records = records - 1,
    active_ms = active_ms - (OLD.spent_ms - OLD.paused_ms),
    work_ms = work_ms - OLD.work_ms
  WHERE day = OLD.day;
  DELETE FROM day_sums WHERE day = OLD.day AND records = 0;
END;
-- Day 0 was a Thursday; week 0 began on the Monday before it.
CREATE TRIGGER step_added AFTER INSERT ON steps WHEN NEW.exercise <> '' BEGIN
  INSERT INTO exercise_sums VALUES ((NEW.day + 3) / 7, NEW.exercise, NEW.name, NEW.held_ms, NEW.reps, NEW.sets)
  ON CONFLICT (week, exercise) DO UPDATE SET
    name = excluded.name,
    held_ms = held_ms + excluded.held_ms,
    reps = reps + excluded.reps,
    sets = sets + excluded.sets;
END;
CREATE TRIGGER step_changed AFTER UPDATE OF held_ms, reps, sets ON steps WHEN NEW.exercise <> '' BEGIN
  UPDATE exercise_sums SET
    held_ms = held_ms + NEW.held_ms - OLD.held_ms,
    reps = reps + NEW.reps - OLD.reps,
    sets = sets + NEW.sets - OLD.sets
  WHERE week = (NEW.day + 3) / 7 AND exercise = NEW.exercise;
END;
CREATE TRIGGER step_gone AFTER DELETE ON steps WHEN OLD.exercise <> '' BEGIN
  UPDATE exercise_sums SET
    held_ms = held_ms - OLD.held_ms,
    reps = reps - OLD.reps,
    sets = sets - OLD.sets
  WHERE week = (OLD.day + 3) / 7 AND exercise = OLD.exercise;
END;
"""

# When each session was last done is answered by the index alone.
_SECOND = """
DROP INDEX records_session;
CREATE INDEX records_session ON records (session, started_ms, ending, zone_min);
"""

_THIRD = """
ALTER TABLE steps ADD COLUMN rounds INTEGER NOT NULL DEFAULT 0;
"""

_FILL_SUMS = """
-- SQLite takes a column beside max() from the row that has the maximum: the name as it was last.
INSERT INTO exercise_sums
SELECT exercise, week, name, steps, held_ms, reps, sets FROM (
  SELECT exercise, (steps.day + 3) / 7 AS week, steps.name, count(*) AS steps, sum(held_ms) AS held_ms,
    sum(steps.reps) AS reps, sum(sets) AS sets, max(started_ms)
  FROM steps JOIN records ON id = record WHERE exercise <> '' GROUP BY 1, 2
);
INSERT INTO session_sums
SELECT session, exercise, week, name, steps, held_ms, reps, sets FROM (
  SELECT session, exercise, (steps.day + 3) / 7 AS week, steps.name, count(*) AS steps, sum(held_ms) AS held_ms,
    sum(steps.reps) AS reps, sum(sets) AS sets, max(started_ms)
  FROM steps JOIN records ON id = record WHERE exercise <> '' GROUP BY 1, 2, 3
);
"""

# Sums for each session too. Both count the steps in a sum, so that nothing is left of one whose last step is forgotten.
_FOURTH = """
DROP TRIGGER step_added;
DROP TRIGGER step_changed;
DROP TRIGGER step_gone;
DROP TABLE exercise_sums;

CREATE TABLE exercise_sums (
  exercise TEXT NOT NULL,
  week INTEGER NOT NULL,
  name TEXT NOT NULL,
  steps INTEGER NOT NULL,
  held_ms INTEGER NOT NULL,
  reps INTEGER NOT NULL,
  sets INTEGER NOT NULL,
  PRIMARY KEY (exercise, week)
) STRICT, WITHOUT ROWID;

CREATE TABLE session_sums (
  session TEXT NOT NULL,
  exercise TEXT NOT NULL,
  week INTEGER NOT NULL,
  name TEXT NOT NULL,
  steps INTEGER NOT NULL,
  held_ms INTEGER NOT NULL,
  reps INTEGER NOT NULL,
  sets INTEGER NOT NULL,
  PRIMARY KEY (session, exercise, week)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER step_added AFTER INSERT ON steps WHEN NEW.exercise <> '' BEGIN
  INSERT INTO exercise_sums VALUES (NEW.exercise, (NEW.day + 3) / 7, NEW.name, 1, NEW.held_ms, NEW.reps, NEW.sets)
  ON CONFLICT (exercise, week) DO UPDATE SET
    name = excluded.name,
    steps = steps + 1,
    held_ms = held_ms + excluded.held_ms,
    reps = reps + excluded.reps,
    sets = sets + excluded.sets;
  INSERT INTO session_sums
  SELECT session, NEW.exercise, (NEW.day + 3) / 7, NEW.name, 1, NEW.held_ms, NEW.reps, NEW.sets
  FROM records WHERE id = NEW.record
  ON CONFLICT (session, exercise, week) DO UPDATE SET
    name = excluded.name,
    steps = steps + 1,
    held_ms = held_ms + excluded.held_ms,
    reps = reps + excluded.reps,
    sets = sets + excluded.sets;
END;
CREATE TRIGGER step_changed AFTER UPDATE OF held_ms, reps, sets ON steps WHEN NEW.exercise <> '' BEGIN
  UPDATE exercise_sums SET
    held_ms = held_ms + NEW.held_ms - OLD.held_ms,
    reps = reps + NEW.reps - OLD.reps,
    sets = sets + NEW.sets - OLD.sets
  WHERE exercise = NEW.exercise AND week = (NEW.day + 3) / 7;
  UPDATE session_sums SET
    held_ms = held_ms + NEW.held_ms - OLD.held_ms,
    reps = reps + NEW.reps - OLD.reps,
    sets = sets + NEW.sets - OLD.sets
  WHERE session = (SELECT session FROM records WHERE id = NEW.record)
    AND exercise = NEW.exercise AND week = (NEW.day + 3) / 7;
END;
-- Steps go before their record does, which knows the session.
CREATE TRIGGER record_going BEFORE DELETE ON records BEGIN
  DELETE FROM steps WHERE record = OLD.id;
END;
CREATE TRIGGER step_gone AFTER DELETE ON steps WHEN OLD.exercise <> '' BEGIN
  UPDATE exercise_sums SET
    steps = steps - 1,
    held_ms = held_ms - OLD.held_ms,
    reps = reps - OLD.reps,
    sets = sets - OLD.sets
  WHERE exercise = OLD.exercise AND week = (OLD.day + 3) / 7;
  DELETE FROM exercise_sums WHERE exercise = OLD.exercise AND week = (OLD.day + 3) / 7 AND steps = 0;
  UPDATE session_sums SET
    steps = steps - 1,
    held_ms = held_ms - OLD.held_ms,
    reps = reps - OLD.reps,
    sets = sets - OLD.sets
  WHERE session = (SELECT session FROM records WHERE id = OLD.record)
    AND exercise = OLD.exercise AND week = (OLD.day + 3) / 7;
  DELETE FROM session_sums
  WHERE session = (SELECT session FROM records WHERE id = OLD.record)
    AND exercise = OLD.exercise AND week = (OLD.day + 3) / 7 AND steps = 0;
END;

-- In which records a question was asked is told by the index alone.
DROP INDEX answers_key;
CREATE INDEX answers_key ON answers (key, record, name, side);
"""

# Whether a question had a name of its own is told by its words alone in older rows, and in those of an older export.
_AREA = """
CASE WHEN lower(name) = replace(key, '-', ' ') THEN ''
  WHEN key <> 'pain' THEN name
  WHEN name IN ('Ból', 'Dolor', 'Dolore', 'Dor', 'Douleur', 'Pijn', 'Schmerz', 'いたみ', '疼痛') THEN ''
  ELSE name END
"""

_FIFTH = f"""
-- The name that the session gives a question, which for pain is the area; empty where it gives none.
ALTER TABLE answers ADD COLUMN area TEXT;
UPDATE answers SET area = {_AREA};
CREATE TRIGGER answer_of_old AFTER INSERT ON answers WHEN NEW.area IS NULL BEGIN
  UPDATE answers SET area = {_AREA} WHERE record = NEW.record AND phase = NEW.phase;
END;
"""  # noqa: S608 - a part of ours

_LENGTH, _OFFSET, _COUNT = (0, 31_622_400_000), (-31_622_400_000, 31_622_400_000), (0, 10_000_000)
_MOMENT, _DAY = (0, 7_258_118_399_999), (0, 84_005)
_BOUNDS: dict[str, dict[str, tuple[int, int]]] = {
    "records": {
        **dict.fromkeys(("started_ms", "ended_ms", "changed_ms"), _MOMENT),
        "zone_min": (-1_439, 1_439),
        "day": _DAY,
        **dict.fromkeys(("planned_ms", "left_ms", "spent_ms", "paused_ms", "work_ms"), _LENGTH),
        **dict.fromkeys(("reps", "phase", "step", "counted"), _COUNT),
    },
    "steps": {
        "day": _DAY,
        **dict.fromkeys(("planned_hold_ms", "held_ms"), _LENGTH),
        **dict.fromkeys(("planned_reps", "planned_rounds", "planned_sets", "reps", "rounds", "sets"), _COUNT),
        **dict.fromkeys(("skipped", "repeated"), _COUNT),
        "added_ms": _OFFSET,
    },
    "sets": {
        "day": _DAY,
        **dict.fromkeys(("planned_hold_ms", "held_ms"), _LENGTH),
        **dict.fromkeys(("planned_reps", "reps"), _COUNT),
        "began_ms": _OFFSET,
    },
    "pauses": {"began_ms": _OFFSET, "ended_ms": _OFFSET},
    "answers": {"value": (-1_000_000_000, 1_000_000_000), "at_ms": _OFFSET},
}


def _within_bounds(table: str, columns: dict[str, tuple[int, int]]) -> str:
    """What gives each value of a table that is out of its bounds the nearest one within."""
    changes = ", ".join(f"{name} = min(max({name}, {least}), {most})" for name, (least, most) in columns.items())
    beyond = " OR ".join(f"{name} NOT BETWEEN {least} AND {most}" for name, (least, most) in columns.items())
    return f"UPDATE {table} SET {changes} WHERE {beyond};"  # noqa: S608 - parts of ours


# Imports were not checked once: a year or a sum that nobody can compute with stopped every view of the history, and the
# next run on the same day. Sums are emptied first, or the triggers would compute with the old values.
_SIXTH = "\n".join(
    [
        "DELETE FROM day_sums;",
        "DELETE FROM exercise_sums;",
        "DELETE FROM session_sums;",
        *(_within_bounds(table, columns) for table, columns in _BOUNDS.items()),
        "INSERT INTO day_sums SELECT day, count(*), sum(spent_ms - paused_ms), sum(work_ms) FROM records GROUP BY day;",
        _FILL_SUMS,
    ]
)

_SEVENTH = """
-- Versions before counted the work of a run that was cut off but not always the time it took. Work takes its time.
UPDATE records SET spent_ms = paused_ms + work_ms WHERE spent_ms - paused_ms < work_ms;

CREATE TRIGGER record_added_with_its_time BEFORE INSERT ON records
WHEN NEW.spent_ms - NEW.paused_ms < NEW.work_ms BEGIN
  SELECT RAISE(ABORT, 'it has more work_ms than spent_ms without paused_ms');
END;
CREATE TRIGGER record_changed_with_its_time BEFORE UPDATE OF spent_ms, paused_ms, work_ms ON records
WHEN NEW.spent_ms - NEW.paused_ms < NEW.work_ms BEGIN
  SELECT RAISE(ABORT, 'it has more work_ms than spent_ms without paused_ms');
END;
"""

_EIGHTH = """
-- What is lifted, how hard and how far: as planned, and as the user answered after the set (NULL: as planned).
ALTER TABLE steps ADD COLUMN planned_load TEXT NOT NULL DEFAULT '';
ALTER TABLE steps ADD COLUMN planned_effort TEXT NOT NULL DEFAULT '';
ALTER TABLE steps ADD COLUMN planned_distance_mm INTEGER;
ALTER TABLE sets ADD COLUMN planned_load TEXT NOT NULL DEFAULT '';
ALTER TABLE sets ADD COLUMN planned_distance_mm INTEGER;
ALTER TABLE sets ADD COLUMN load TEXT;
ALTER TABLE sets ADD COLUMN rpe REAL;
ALTER TABLE sets ADD COLUMN rir REAL;
"""

# Areas were words of the language of the run, and a curve of each; now they are keys, and records are searched by them.
_NINTH = """
UPDATE answers SET area = area_key(key, area) WHERE area <> '';
DROP INDEX answers_key;
CREATE INDEX answers_key ON answers (key, record, area, side);
"""

_TENTH = """
-- What the user wrote about the run.
ALTER TABLE records ADD COLUMN note TEXT NOT NULL DEFAULT '';
"""

MIGRATIONS: tuple[str, ...] = (
    _FIRST,
    _SECOND,
    _THIRD,
    _FOURTH + _FILL_SUMS,
    _FIFTH,
    _SIXTH,
    _SEVENTH,
    _EIGHTH,
    _NINTH,
    _TENTH,
)
"""Script number n, counted from 1, makes version n out of version n - 1."""
