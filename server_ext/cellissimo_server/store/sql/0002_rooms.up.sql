-- What is said in rooms. A line or comment that was taken back keeps its row without its words, so
-- that the same command, sent again, does nothing, and answers keep their thread.

CREATE TABLE messages (
  id TEXT PRIMARY KEY,
  piece_id TEXT NOT NULL,
  number BIGINT NOT NULL,          -- 1, 2, 3 … in its room
  author_id TEXT NOT NULL,
  text TEXT NOT NULL,
  position TEXT,                   -- JSON: the tick and the notebook cell that it points to
  made_at BIGINT NOT NULL,
  removed_at BIGINT,
  removed_by TEXT
);
CREATE UNIQUE INDEX messages_by_piece ON messages (piece_id, number);

-- A comment on a place of a song begins a thread; answers to it name it.
CREATE TABLE comments (
  id TEXT PRIMARY KEY,
  piece_id TEXT NOT NULL,
  thread_id TEXT NOT NULL,         -- of the comment that began the thread: its own id
  number BIGINT NOT NULL,          -- 1, 2, 3 … in its room
  author_id TEXT NOT NULL,
  text TEXT NOT NULL,
  anchor TEXT,                     -- JSON: what it stands on; NULL for answers
  words TEXT NOT NULL,             -- what that was called when it was seen last
  made_seq BIGINT NOT NULL,        -- the revision of the song that it speaks of
  rev BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  touched_at BIGINT NOT NULL,      -- made, or changed in any way
  edited_at BIGINT,
  resolved_at BIGINT,
  resolved_by TEXT,
  removed_at BIGINT,
  removed_by TEXT
);
CREATE UNIQUE INDEX comments_by_piece ON comments (piece_id, number);

-- Changes that came through the JSON door under an id of the sender's, and the revision at which
-- they became true, so that sending them again changes nothing.
CREATE TABLE taken (
  piece_id TEXT NOT NULL,
  id TEXT NOT NULL,
  author_id TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  seq BIGINT NOT NULL,
  taken_at BIGINT NOT NULL,
  PRIMARY KEY (piece_id, id)
);

-- What this installation signs with: made once, and the same for all servers of the database.
CREATE TABLE signing_keys (
  name TEXT PRIMARY KEY,
  secret TEXT NOT NULL,
  made_at BIGINT NOT NULL
);
