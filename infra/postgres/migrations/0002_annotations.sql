-- What analysts add to samples: notes and tags, each with its own level and owner, and how they came to be.

create table notes (
  id      text primary key,
  sha256  text not null references samples (sha256),
  owner   text not null references keys (id),
  author  text not null,
  tlp     smallint not null check (tlp between 0 and 4),
  text    text not null check (octet_length(text) <= 16384),
  version integer not null default 1,
  created timestamptz not null default now(),
  edited  timestamptz,
  -- A deleted note stays for its history, which its author and administrators can read.
  deleted timestamptz
);
create index notes_sample on notes (sha256, id desc);

create table note_versions (
  note_id text not null references notes (id) on delete cascade,
  version integer not null,
  text    text,
  tlp     smallint not null check (tlp between 0 and 4),
  editor  text not null,
  at      timestamptz not null default now(),
  primary key (note_id, version)
);

create table sample_tags (
  sha256 text not null references samples (sha256),
  tag    text not null check (length(tag) between 1 and 64),
  owner  text not null references keys (id),
  author text not null,
  tlp    smallint not null check (tlp between 0 and 4),
  added  timestamptz not null default now(),
  primary key (sha256, tag, owner)
);
create index sample_tags_tag on sample_tags (tag collate "C", sha256);

create table tag_changes (
  id     bigint generated always as identity primary key,
  sha256 text not null references samples (sha256),
  tag    text not null,
  action text not null check (action in ('added', 'changed', 'removed')),
  tlp    smallint not null,
  owner  text not null references keys (id),
  editor text not null,
  at     timestamptz not null default now()
);
create index tag_changes_sample on tag_changes (sha256, id desc);
