-- True once its archive password was forgotten, so that who tries a task of it again is told.
alter table submissions add column password_forgotten boolean not null default false;

-- How many tasks are in which state, by what decides who may see them: a count is the sum of its rows. Each statement that
-- changes tasks adds its differences as new rows, so that no two transactions wait for each other; `foldCounts` sums them up.
create table task_counts (
  owner  text not null,
  tlp    smallint not null,
  status text not null,
  dead   boolean not null,
  count  bigint not null
);

insert into task_counts (owner, tlp, status, dead, count)
select s.owner, s.tlp, t.status, t.dead, count(*) from tasks t join submissions s on s.id = t.submission_id
group by s.owner, s.tlp, t.status, t.dead;

create function count_tasks() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into task_counts (owner, tlp, status, dead, count)
    select s.owner, s.tlp, a.status, a.dead, count(*) from added a join submissions s on s.id = a.submission_id
    group by s.owner, s.tlp, a.status, a.dead;
  elsif tg_op = 'DELETE' then
    insert into task_counts (owner, tlp, status, dead, count)
    select s.owner, s.tlp, r.status, r.dead, -count(*) from removed r join submissions s on s.id = r.submission_id
    group by s.owner, s.tlp, r.status, r.dead;
  else
    insert into task_counts (owner, tlp, status, dead, count)
    select s.owner, s.tlp, c.status, c.dead, sum(c.difference)
    from (
      select a.submission_id, a.status, a.dead, 1 as difference from added a
      union all
      select r.submission_id, r.status, r.dead, -1 from removed r
    ) c join submissions s on s.id = c.submission_id
    group by s.owner, s.tlp, c.status, c.dead having sum(c.difference) <> 0;
  end if;
  return null;
end $$;

create trigger tasks_counted_insert after insert on tasks
  referencing new table as added for each statement execute function count_tasks();
create trigger tasks_counted_update after update on tasks
  referencing new table as added old table as removed for each statement execute function count_tasks();
create trigger tasks_counted_delete after delete on tasks
  referencing old table as removed for each statement execute function count_tasks();
