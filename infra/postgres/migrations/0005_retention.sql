-- What may go and what must stay: samples under legal hold, and samples whose bytes are gone while their reports stay.

create table legal_holds (
  -- Without cascade: a sample that is held can't be deleted by anything.
  sha256   text primary key references samples (sha256),
  reason   text not null check (length(reason) between 1 and 1000),
  key_id   text not null references keys (id),
  key_name text not null,
  at       timestamptz not null default now()
);

alter table samples add column bytes_removed timestamptz;
create index tasks_finished on tasks (finished) where finished is not null;
