-- The first layout. Written in what DuckDB and PostgreSQL share: text keys, BIGINT times in
-- milliseconds since 1970 UTC, JSON as TEXT, no foreign keys, no index on a column that changes.
-- BLOB is BYTEA in PostgreSQL; the driver says so.

CREATE TABLE users (
  id TEXT PRIMARY KEY,
  username TEXT NOT NULL,
  kind TEXT NOT NULL,              -- person | guest
  display_name TEXT NOT NULL,
  avatar_url TEXT,
  bio TEXT NOT NULL,
  email TEXT,
  site_role TEXT NOT NULL,         -- member | moderator | admin
  preferences TEXT NOT NULL,
  rev BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  deleted_at BIGINT
);
CREATE UNIQUE INDEX users_by_username ON users (username);

-- A piece is what is kept, shared and forked: a project with its song, or a loop of a library.
CREATE TABLE pieces (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,              -- project | loop
  owner_id TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  visibility TEXT NOT NULL,        -- private | unlisted | public
  licence TEXT NOT NULL,
  color TEXT NOT NULL,
  tags TEXT NOT NULL,
  embed_origins TEXT NOT NULL,
  archived BOOLEAN NOT NULL,
  tempo DOUBLE PRECISION NOT NULL, -- from here to digest: an index of the document
  meter TEXT NOT NULL,
  key TEXT NOT NULL,
  bars BIGINT NOT NULL,
  length_ms BIGINT NOT NULL,
  stems BIGINT NOT NULL,
  chords TEXT NOT NULL,
  digest TEXT NOT NULL,
  seq BIGINT NOT NULL,             -- of the journal, that the index speaks of
  forked_from TEXT,
  forked_seq BIGINT,
  views BIGINT NOT NULL,
  forks BIGINT NOT NULL,
  rev BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  accessed_at BIGINT NOT NULL,
  trashed_at BIGINT
);
CREATE INDEX pieces_by_owner ON pieces (owner_id);
CREATE INDEX pieces_by_source ON pieces (forked_from);

-- Stems and segments by id, so that an id alone finds its piece. Rebuilt from the document.
-- A fork keeps the ids of its source, so an id may be in several pieces.
CREATE TABLE parts (
  id TEXT NOT NULL,
  piece_id TEXT NOT NULL,
  kind TEXT NOT NULL,              -- stem | segment
  PRIMARY KEY (id, piece_id)
);
CREATE INDEX parts_by_piece ON parts (piece_id);

CREATE TABLE members (
  piece_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  role TEXT NOT NULL,              -- admin | contributor | viewer
  can_edit BOOLEAN NOT NULL,
  can_add_stems BOOLEAN NOT NULL,
  can_delete_stems BOOLEAN NOT NULL,
  can_invite_others BOOLEAN NOT NULL,
  can_export BOOLEAN NOT NULL,
  rev BIGINT NOT NULL,
  joined_at BIGINT NOT NULL,
  active_at BIGINT NOT NULL,
  PRIMARY KEY (piece_id, user_id)
);
CREATE INDEX members_by_user ON members (user_id);

CREATE TABLE invites (
  id TEXT PRIMARY KEY,
  piece_id TEXT NOT NULL,
  token_hash TEXT NOT NULL,
  username TEXT,                   -- NULL: whoever has the link
  role TEXT NOT NULL,
  flags TEXT NOT NULL,             -- JSON array
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  accepted_by TEXT,
  accepted_at BIGINT,
  revoked_at BIGINT
);
CREATE UNIQUE INDEX invites_by_token ON invites (token_hash);
CREATE INDEX invites_by_piece ON invites (piece_id);

CREATE TABLE shares (
  id TEXT PRIMARY KEY,
  piece_id TEXT NOT NULL,
  token_hash TEXT NOT NULL,
  rights TEXT NOT NULL,            -- JSON array of listen, comment, download, fork, edit
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  revoked_at BIGINT,
  last_used_at BIGINT,
  uses BIGINT NOT NULL
);
CREATE UNIQUE INDEX shares_by_token ON shares (token_hash);
CREATE INDEX shares_by_piece ON shares (piece_id);

-- The document's updates in their order; a piece's document has the piece's id.
CREATE TABLE journal (
  doc TEXT NOT NULL,
  seq BIGINT NOT NULL,
  author TEXT NOT NULL,
  session TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  bytes BLOB NOT NULL,
  crc BIGINT NOT NULL,
  PRIMARY KEY (doc, seq)
);

CREATE TABLE checkpoints (
  doc TEXT NOT NULL,
  seq BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  bytes BLOB NOT NULL,
  sha256 TEXT NOT NULL,
  verified BOOLEAN NOT NULL,       -- loaded again and found equal: older rows may go
  PRIMARY KEY (doc, seq)
);

-- Rows of the journal that did not read any more, and what came after them.
CREATE TABLE damaged (
  doc TEXT NOT NULL,
  seq BIGINT NOT NULL,
  found_at BIGINT NOT NULL,
  author TEXT NOT NULL,
  session TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  bytes BLOB NOT NULL,
  crc BIGINT NOT NULL,
  PRIMARY KEY (doc, seq, found_at)
);

CREATE TABLE versions (
  id TEXT PRIMARY KEY,
  piece_id TEXT NOT NULL,
  seq BIGINT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,              -- named | automatic
  author TEXT NOT NULL,
  made_at BIGINT NOT NULL
);
CREATE INDEX versions_by_piece ON versions (piece_id);

CREATE TABLE samples (
  id TEXT PRIMARY KEY,
  owner_id TEXT NOT NULL,
  piece_id TEXT,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,              -- sample | recording | original
  blob TEXT NOT NULL,              -- the canonical WAV that documents name
  original TEXT NOT NULL,          -- the bytes as they were uploaded
  peaks TEXT NOT NULL,             -- a blob too
  mime TEXT NOT NULL,
  size BIGINT NOT NULL,            -- of the original
  frames BIGINT NOT NULL,
  channels BIGINT NOT NULL,
  source_rate BIGINT NOT NULL,
  loudness DOUBLE PRECISION,
  true_peak DOUBLE PRECISION,
  licence TEXT NOT NULL,
  tags TEXT NOT NULL,
  rev BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  trashed_at BIGINT
);
CREATE INDEX samples_by_owner ON samples (owner_id);

CREATE TABLE blobs (
  name TEXT PRIMARY KEY,           -- sha256 of the bytes
  size BIGINT NOT NULL,
  mime TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  touched_at BIGINT NOT NULL,      -- when somebody last began to keep or to use it
  condemned_at BIGINT              -- since when its bytes are being deleted
);

-- Who needs a blob: nothing with a row here is ever collected.
CREATE TABLE blob_uses (
  blob TEXT NOT NULL,
  user_kind TEXT NOT NULL,         -- piece | sample | job | version
  user_id TEXT NOT NULL,
  PRIMARY KEY (blob, user_kind, user_id)
);
CREATE INDEX blob_uses_by_user ON blob_uses (user_id);

CREATE TABLE uploads (
  id TEXT PRIMARY KEY,
  owner_id TEXT NOT NULL,
  piece_id TEXT,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  size BIGINT NOT NULL,
  received BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX uploads_by_owner ON uploads (owner_id);

CREATE TABLE jobs (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  owner_id TEXT NOT NULL,
  piece_id TEXT,
  state TEXT NOT NULL,             -- waiting | running | done | failed | cancelled
  progress DOUBLE PRECISION NOT NULL,
  arguments TEXT NOT NULL,
  result TEXT,
  error TEXT,
  attempts BIGINT NOT NULL,
  rev BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  started_at BIGINT,
  finished_at BIGINT,
  hold_until BIGINT NOT NULL       -- runs under this lease, or waits for its next try
);
CREATE INDEX jobs_by_owner ON jobs (owner_id);

CREATE TABLE api_tokens (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  name TEXT NOT NULL,
  token_hash TEXT NOT NULL,
  scopes TEXT NOT NULL,            -- JSON array of read, write, upload, guest, kernel
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  last_used_at BIGINT,
  revoked_at BIGINT
);
CREATE UNIQUE INDEX api_tokens_by_token ON api_tokens (token_hash);
CREATE INDEX api_tokens_by_user ON api_tokens (user_id);

CREATE TABLE notifications (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  kind TEXT NOT NULL,              -- invite | comment | fork | offer | upload | report
  piece_id TEXT,
  actor_id TEXT,
  detail TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  read_at BIGINT
);
CREATE INDEX notifications_by_user ON notifications (user_id);

CREATE TABLE offers (
  id TEXT PRIMARY KEY,
  from_piece TEXT NOT NULL,
  to_piece TEXT NOT NULL,
  author TEXT NOT NULL,
  message TEXT NOT NULL,
  state TEXT NOT NULL,             -- open | accepted | partly | declined | withdrawn
  from_seq BIGINT NOT NULL,
  decision TEXT,
  decided_by TEXT,
  decided_at BIGINT,
  created_at BIGINT NOT NULL
);
CREATE INDEX offers_by_source ON offers (from_piece);
CREATE INDEX offers_by_target ON offers (to_piece);

CREATE TABLE reports (
  id TEXT PRIMARY KEY,
  piece_id TEXT NOT NULL,
  reporter_id TEXT,
  reason TEXT NOT NULL,
  message TEXT NOT NULL,
  state TEXT NOT NULL,             -- open | dismissed | upheld
  decision TEXT,
  decided_by TEXT,
  decided_at BIGINT,
  created_at BIGINT NOT NULL
);
CREATE INDEX reports_by_piece ON reports (piece_id);

CREATE TABLE audit (
  id TEXT PRIMARY KEY,
  made_at BIGINT NOT NULL,
  actor_id TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL
);

CREATE TABLE search_words (
  piece_id TEXT NOT NULL,
  word TEXT NOT NULL,
  weight BIGINT NOT NULL,
  PRIMARY KEY (piece_id, word)
);
CREATE INDEX search_words_by_word ON search_words (word);

CREATE TABLE piece_views (
  piece_id TEXT NOT NULL,
  day BIGINT NOT NULL,             -- days since 1970 UTC
  visitor TEXT NOT NULL,           -- a hash with that day's salt
  PRIMARY KEY (piece_id, day, visitor)
);

-- What came in under an id of somewhere else, so that coming again changes nothing.
CREATE TABLE imported (
  user_id TEXT NOT NULL,
  source_id TEXT NOT NULL,
  piece_id TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  PRIMARY KEY (user_id, source_id)
);
