-- The truth about work: who handed in what, what became of it, who may ask.

create sequence sample_revision;

create table keys (
  id          text primary key,
  name        text not null check (length(name) between 1 and 100),
  secret_hash bytea not null check (length(secret_hash) = 32),
  scopes      text[] not null,
  max_tlp     smallint not null check (max_tlp between 0 and 4),
  created     timestamptz not null default now(),
  expires     timestamptz,
  revoked     timestamptz,
  last_used   timestamptz
);

create table submissions (
  id         text primary key,
  owner      text not null references keys (id),
  owner_name text not null,
  tlp        smallint not null check (tlp between 0 and 4),
  tags       text[] not null default '{}',
  metadata   jsonb not null default '{}',
  priority   text not null check (priority in ('bulk', 'interactive')),
  rescan     text not null check (rescan in ('latest', 'changed', 'all')),
  -- Modules asked for; null for the enabled set.
  modules    text[],
  -- Archive password; forgotten once no task of the submission is left to run.
  password   text,
  created    timestamptz not null default now()
);
create index submissions_owner on submissions (owner, id desc);

create table samples (
  sha256     text primary key check (sha256 ~ '^[0-9a-f]{64}$'),
  size       bigint not null check (size >= 0),
  first_seen timestamptz not null default now(),
  -- Grows with every change that the document in Elasticsearch must show.
  revision   bigint not null default nextval('sample_revision')
);

create table tasks (
  id             text primary key,
  submission_id  text not null references submissions (id),
  sha256         text not null references samples (sha256),
  name           text,
  status         text not null check (status in ('pending', 'running', 'complete', 'failed', 'cancelled')),
  reason         text,
  dead           boolean not null default false,
  report_id      text,
  revision       integer,
  verdict        text check (verdict in ('malicious', 'suspicious', 'benign', 'unknown')),
  score          real,
  file_type      text,
  parent_task_id text,
  parent_sha256  text,
  depth          integer not null default 0,
  -- Grows with each queueing; a message and a worker name the attempt they mean.
  attempt        integer not null default 1,
  -- Tries that failed; compared with max_attempts.
  failures       integer not null default 0,
  max_attempts   integer not null,
  -- The unfinished task of the same sample that this one waits for.
  waits_for      text references tasks (id) on delete set null,
  cancel_asked   boolean not null default false,
  worker         text,
  lease_until    timestamptz,
  created        timestamptz not null default now(),
  queued         timestamptz not null default now(),
  started        timestamptz,
  finished       timestamptz,
  check (status <> 'running' or (lease_until is not null and waits_for is null)),
  check (status in ('pending', 'running') = (finished is null)),
  check (status <> 'complete' or report_id is not null)
);
-- A sample is never scanned twice at the same time.
create unique index tasks_one_active on tasks (sha256)
  where status in ('pending', 'running') and waits_for is null;
create index tasks_newest on tasks (id desc);
create index tasks_status on tasks (status, id desc);
create index tasks_submission on tasks (submission_id, id desc);
create index tasks_sample on tasks (sha256, id desc);
create index tasks_dead on tasks (id desc) where dead;
create index tasks_waiting on tasks (waits_for, id) where waits_for is not null;
create index tasks_leases on tasks (lease_until) where status = 'running';
create index tasks_pending on tasks (queued) where status = 'pending' and waits_for is null;
create index tasks_parent on tasks (parent_sha256) where parent_sha256 is not null;

create table module_runs (
  task_id     text not null references tasks (id) on delete cascade,
  module      text not null,
  status      text not null check (status in ('ok', 'nothing', 'skipped', 'error', 'timeout', 'cancelled')),
  reason      text,
  version     text,
  duration_ms real not null,
  cached      boolean not null,
  primary key (task_id, module)
);

create table outbox (
  id         bigint generated always as identity primary key,
  subject    text not null,
  message_id text not null,
  payload    jsonb not null,
  created    timestamptz not null default now()
);

create table audit (
  id       bigint generated always as identity primary key,
  at       timestamptz not null default now(),
  key_id   text,
  key_name text,
  action   text not null,
  target   text,
  address  text,
  detail   jsonb not null default '{}'
);
create index audit_action on audit (action, id desc);
create index audit_key on audit (key_id, id desc);

create table known_hashes (
  algorithm text not null check (algorithm in ('sha256', 'sha1', 'md5')),
  value     text not null,
  verdict   text not null check (verdict in ('good', 'bad')),
  source    text not null,
  note      text,
  added     timestamptz not null default now(),
  primary key (value, source)
);

create table jobs (
  id          text primary key,
  kind        text not null,
  status      text not null check (status in ('pending', 'running', 'complete', 'failed', 'cancelled')),
  done        bigint not null default 0,
  total       bigint,
  params      jsonb not null default '{}',
  result      jsonb,
  error       text,
  owner       text references keys (id),
  worker      text,
  lease_until timestamptz,
  created     timestamptz not null default now(),
  started     timestamptz,
  finished    timestamptz
);
create index jobs_waiting on jobs (kind, id) where status in ('pending', 'running');

-- What a worker says it can do, so that others can tell without asking it.
create table modules (
  name        text primary key,
  description jsonb not null,
  seen        timestamptz not null default now()
);
