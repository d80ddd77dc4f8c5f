-- A collection that has ended is shown to nobody; the publisher takes out what it held, a part at a time, since that may be millions of rows.

alter table taxii_collections add column ended boolean not null default false;
alter table taxii_collections drop constraint taxii_collections_check;
alter table taxii_collections add check (
  ended or ((search_id is null) = (owner is null) and (search_id is null) = (alias is not null)));
create index taxii_collections_ended on taxii_collections (id) where ended;
