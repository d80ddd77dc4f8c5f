-- Jobs that go on where they stopped, and submissions that are made once however often they are tried.

-- Where a job is, as its kind understands it: the next run goes on from there.
alter table jobs add column checkpoint jsonb;
-- Runs since the last checkpoint; one that always ends its worker must not do so for ever.
alter table jobs add column claims integer not null default 0;
create index jobs_owner on jobs (owner, id desc);

-- What made a submission where that was not a person, e.g. `job:01J…:3`.
alter table submissions add column origin text;
create unique index submissions_origin on submissions (origin) where origin is not null;
