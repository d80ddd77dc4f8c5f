-- What partners get by TAXII: collections, the versions of STIX objects that each holds, which reports they come from, and
-- what is still to be looked at.

create table taxii_collections (
  id         uuid primary key default gen_random_uuid(),
  alias      text unique,
  -- Who may read it, and what a reader cleared to just that level may see of findings is what it holds.
  tlp        smallint not null check (tlp between 0 and 4),
  -- The saved search whose hits it holds; null for all of its level.
  search_id  text unique references searches (id) on delete cascade,
  owner      text references keys (id),
  -- What the search asked when it was filled from, how far that is, and when it was done.
  asked      jsonb,
  place      jsonb,
  filled     timestamptz,
  -- Why nothing new comes any more.
  stopped    text,
  -- When the newest row was added: the next one is later, whatever the clock says.
  last_added timestamptz not null default to_timestamp(0),
  created    timestamptz not null default now(),
  check ((search_id is null) = (owner is null) and (search_id is null) = (alias is not null))
);
insert into taxii_collections (alias, tlp) values
  ('tlp-clear', 0), ('tlp-green', 1), ('tlp-amber', 2), ('tlp-amber-strict', 3), ('tlp-red', 4);

-- An object that many collections hold is kept once.
create table taxii_contents (
  digest  bytea primary key check (length(digest) = 32),
  content text not null
);

create table taxii_objects (
  collection   uuid not null references taxii_collections (id) on delete cascade,
  added        timestamptz not null,
  object_id    text not null,
  type         text not null,
  spec_version text not null,
  -- `modified`; of what has none, when it was added.
  version      timestamptz not null,
  first        boolean not null,
  latest       boolean not null,
  revoked      boolean not null,
  size         integer not null,
  digest       bytea not null references taxii_contents (digest),
  -- Pollers go on from the time of the last row they saw.
  primary key (collection, added)
);
create index taxii_objects_object on taxii_objects (collection, object_id, added);
create index taxii_objects_type on taxii_objects (collection, type, added) where latest;
create index taxii_objects_digest on taxii_objects (digest);

create function drop_taxii_contents() returns trigger language plpgsql as $$
begin
  delete from taxii_contents c using (select distinct digest from removed) r
  where c.digest = r.digest and not exists (select from taxii_objects o where o.digest = c.digest);
  return null;
end $$;
create trigger taxii_objects_removed after delete on taxii_objects
  referencing old table as removed for each statement execute function drop_taxii_contents();

-- A report as a collection holds it, with what it was made from.
create table taxii_reports (
  collection uuid not null references taxii_collections (id) on delete cascade,
  report_id  text not null,
  sha256     text not null,
  stamp      text not null,
  primary key (collection, report_id)
);
create index taxii_reports_sample on taxii_reports (sha256);

-- Which reports an object of a collection comes from: it goes with the last.
create table taxii_sources (
  collection uuid not null,
  object_id  text not null,
  report_id  text not null,
  primary key (collection, report_id, object_id),
  foreign key (collection, report_id) references taxii_reports (collection, report_id) on delete cascade
);
create index taxii_sources_object on taxii_sources (collection, object_id);

-- Samples whose reports collections must be compared with; what is new before what fills a collection.
create table taxii_due (
  sha256  text primary key,
  -- Grows with each change, so that one which comes while the sample is looked at isn't lost.
  touched bigint not null default 1,
  backlog boolean not null default false,
  place   bigint generated always as identity,
  -- Why it can't be published; looked at again when it changes.
  error   text
);
create index taxii_due_order on taxii_due (backlog, place) where error is null;

-- Reports that somebody deleted: partners are told so, unlike of those that merely went with age.
create table taxii_withdrawn (
  report_id text primary key,
  sha256    text not null,
  at        timestamptz not null default now()
);
create index taxii_withdrawn_sample on taxii_withdrawn (sha256);

insert into taxii_due (sha256, backlog)
select distinct sha256, true from tasks where status = 'complete' and report_id = id;
