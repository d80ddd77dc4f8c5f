-- What partners sent: hashes that they call good or bad, and what they wrote about samples that are here.

create table imports (
  id         text primary key,
  owner      text not null references keys (id),
  owner_name text not null,
  source     text not null check (length(source) between 1 and 100),
  name       text,
  format     text not null,
  -- The most restricted of all that it brought.
  tlp        smallint not null check (tlp between 0 and 4),
  -- SHA-256 of the file and of how it was read: the same again is no other import.
  digest     text not null,
  -- What it brought, and what of it was not taken.
  result     jsonb not null default '{}',
  -- The job that judges its samples anew.
  job_id     text,
  created    timestamptz not null default now(),
  removed    timestamptz
);
create unique index imports_same on imports (source, digest) where removed is null;

-- Samples that it spoke of, kept after its removal for the job that judges them anew.
create table import_samples (
  import_id text not null references imports (id) on delete cascade,
  sha256    text not null references samples (sha256) on delete cascade,
  primary key (import_id, sha256)
);
create index import_samples_sample on import_samples (sha256);

-- A note is there as long as one of the imports that brought it is.
create table import_notes (
  import_id text not null references imports (id) on delete cascade,
  note_id   text not null references notes (id) on delete cascade,
  primary key (import_id, note_id)
);
create index import_notes_note on import_notes (note_id);

-- Who may be told of an entry, and which import brought it: each brings its own, so that one can go without the others.
alter table known_hashes add column tlp smallint not null default 0 check (tlp between 0 and 4);
alter table known_hashes add column import_id text references imports (id) on delete cascade;
alter table known_hashes drop constraint known_hashes_pkey;
create unique index known_hashes_entry on known_hashes (value, source, coalesce(import_id, ''));
create index known_hashes_import on known_hashes (import_id) where import_id is not null;
