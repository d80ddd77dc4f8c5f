-- What analysts keep for themselves or for others: named lists of samples, and saved searches.

create table lists (
  id          text primary key,
  name        text not null check (length(name) between 1 and 100),
  description text,
  owner       text not null references keys (id),
  author      text not null,
  -- Who may see it; null for the owner alone.
  tlp         smallint check (tlp between 0 and 4),
  created     timestamptz not null default now(),
  unique (owner, name)
);

create table list_samples (
  list_id text not null references lists (id) on delete cascade,
  sha256  text not null references samples (sha256),
  author  text not null,
  added   timestamptz not null default now(),
  primary key (list_id, sha256)
);
create index list_samples_sample on list_samples (sha256);

create table searches (
  id          text primary key,
  name        text not null check (length(name) between 1 and 100),
  description text,
  q           text not null,
  scope       text not null check (scope in ('samples', 'reports')),
  mode        text,
  sort        text,
  owner       text not null references keys (id),
  author      text not null,
  tlp         smallint check (tlp between 0 and 4),
  created     timestamptz not null default now(),
  changed     timestamptz not null default now(),
  unique (owner, name)
);
