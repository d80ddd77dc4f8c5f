-- Partners that get what is published: how far each has got, what it refused, and what happened.

create table partners (
  name         text primary key,
  -- The collection that it follows, and the time of the last object of it that was pushed.
  collection   uuid,
  place        text,
  sent         bigint not null default 0,
  failures     integer not null default 0,
  -- Of them, since one went well: those in which the partner met what was sent. Less is sent each time, then it is given up.
  tries        integer not null default 0,
  next_try     timestamptz,
  last_success timestamptz,
  last_error   text,
  -- Asked for by somebody; the process that pushes does it.
  test_asked   boolean not null default false,
  -- The process that pushes, as long as its lease holds.
  holder       text,
  held_until   timestamptz
);

-- What a partner refused for good.
create table partner_dead (
  partner   text not null references partners (name) on delete cascade,
  object_id text not null,
  -- Of the object as it was published.
  added     text not null,
  reason    text not null,
  -- To be tried again, since somebody asked.
  again     boolean not null default false,
  at        timestamptz not null default now(),
  primary key (partner, object_id)
);

create table partner_events (
  id      bigint generated always as identity primary key,
  partner text not null references partners (name) on delete cascade,
  at      timestamptz not null default now(),
  event   text not null check (event in ('sent', 'failed', 'dead', 'tested', 'retried')),
  objects integer not null,
  detail  text not null
);
create index partner_events_partner on partner_events (partner, id desc);
