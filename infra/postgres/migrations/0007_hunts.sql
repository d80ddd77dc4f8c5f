-- Saved searches that look at each new report, what they came upon, and what their owners are told.

create table hunts (
  search_id  text primary key references searches (id) on delete cascade,
  owner      text not null references keys (id),
  tags       text[] not null default '{}',
  -- Of the tags.
  tlp        smallint not null check (tlp between 0 and 4),
  -- Modules that samples are analysed again with; null: they are not.
  rescan     text[],
  notify     boolean not null,
  hits       bigint not null default 0,
  last_hit   timestamptz,
  last_error text,
  failed     timestamptz,
  -- Why it looks at nothing any more.
  stopped    text,
  created    timestamptz not null default now()
);

-- A report is a hit of a hunt once, however often its document is built.
create table hunt_hits (
  search_id text not null references hunts (search_id) on delete cascade,
  sha256    text not null,
  report_id text not null,
  at        timestamptz not null default now(),
  primary key (search_id, sha256, report_id)
);

create table notifications (
  id        text primary key,
  owner     text not null references keys (id),
  search_id text not null references searches (id) on delete cascade,
  sha256    text not null,
  report_id text not null,
  created   timestamptz not null default now(),
  read      timestamptz
);
create index notifications_owner on notifications (owner, id desc);
create index notifications_unread on notifications (owner, id desc) where read is null;
create index notifications_created on notifications (created);
create index notifications_search on notifications (search_id);
