-- Where a sweep has come to, and the order and the plan that it follows, so that it goes on after a restart.
alter table sweeps add column seed integer not null default 0;
alter table sweeps add column plan text not null default '';
alter table sweeps add column position integer not null default 0;
-- Milliseconds of sending, pauses left out.
alter table sweeps add column active_ms integer not null default 0;

-- Hosts that are sent nothing until a moment: they said so (Retry-After), or fell silent after a probe.
create table left_alone (
  site text not null,
  address text not null,
  until integer not null,
  because text not null,
  primary key (site, address)
) strict, without rowid;
