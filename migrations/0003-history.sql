-- What the policy said, shared by all devices of which it said the same.
create table verdicts (
  id integer primary key,
  hash text not null unique,
  level text not null,
  sla_eligible integer not null check (sla_eligible in (0, 1)),
  clause text,
  because_en text not null,
  because_nl text not null,
  caveats text not null check (json_valid(caveats)),
  -- The firmware from which on a row of a better level would hold, and whether a transfer is a deflect; null where neither is said.
  firmware_from text,
  call_deflect text
) strict;

insert into verdicts (id, hash, level, sla_eligible, clause, because_en, because_nl, caveats)
select min(id), 'of device ' || min(id), level, sla_eligible, clause, because_en, because_nl, caveats
from devices
group by level, sla_eligible, clause, because_en, because_nl, caveats;

-- What is concluded of each device now. `merged_into` is the device that it turned out to be; null for a device of its own.
create table devices_new (
  id integer primary key,
  site text not null,
  vendor text,
  family text,
  model text,
  firmware text,
  kind text,
  mac text,
  serial text,
  confidence real not null,
  level text not null,
  sla_eligible integer not null check (sla_eligible in (0, 1)),
  verdict_id integer not null references verdicts (id),
  status text not null,
  solicited integer not null check (solicited in (0, 1)),
  first_seen integer not null,
  last_seen integer not null,
  merged_into integer references devices (id)
) strict;

insert into devices_new
select
  devices.id, site, vendor, family, model, firmware, kind, mac, serial, confidence, devices.level, devices.sla_eligible, verdicts.id,
  status, solicited, first_seen, last_seen, null
from devices
join verdicts on
  verdicts.level = devices.level and verdicts.sla_eligible = devices.sla_eligible and verdicts.clause is devices.clause
  and verdicts.because_en = devices.because_en and verdicts.because_nl = devices.because_nl and verdicts.caveats = devices.caveats;

-- Why each device is what it is said to be now: long, and read for one device at a time.
create table reasons (
  device_id integer primary key references devices (id),
  evidence text not null check (json_valid(evidence)),
  conflicts text not null check (json_valid(conflicts))
) strict;

insert into reasons select id, evidence, conflicts from devices;

drop table devices;
alter table devices_new rename to devices;

create index devices_by_merge on devices (merged_into) where merged_into is not null;
-- Who may have fallen silent.
create index devices_by_last_seen on devices (status, last_seen);

-- Where each device is or was heard. `until` is when it turned out to be a place of another device; null for a place of its own.
alter table endpoints add column until integer;

-- A message as it was heard: long, and read for one device at a time.
create table messages (
  id integer primary key,
  facts text not null check (json_valid(facts)),
  raw blob not null
) strict;

insert into messages select id, facts, raw from sightings;

-- What was heard, and when. `said` is a hash of the facts but for what changes with every answer; an answer that says the same moves `last_at`
-- and counts in `times`, unless something has happened: then it is a row of its own that shares the message. A row is closed when its device
-- falls silent: from its first to its last time the device was there.
create table sightings_new (
  id integer primary key,
  device_id integer not null references devices (id),
  endpoint_id integer not null references endpoints (id),
  message_id integer not null references messages (id),
  channel text not null,
  solicited integer not null check (solicited in (0, 1)),
  said text not null,
  user_agent text,
  server text,
  sip_status integer,
  first_at integer not null,
  last_at integer not null,
  times integer not null,
  is_open integer not null default 1 check (is_open in (0, 1))
) strict;

insert into sightings_new
select
  id, device_id, endpoint_id, id, channel, solicited, '',
  (select value ->> 'value' from json_each(facts) where value ->> 'field' = 'sip.user_agent'),
  (select value ->> 'value' from json_each(facts) where value ->> 'field' = 'sip.server'),
  (select cast(value ->> 'value' as integer) from json_each(facts) where value ->> 'field' = 'sip.status'),
  first_at, last_at, times, 1
from sightings;
drop table sightings;
alter table sightings_new rename to sightings;

create index sightings_by_place on sightings (endpoint_id, channel, said);
create index sightings_by_device on sightings (device_id);
create index sightings_by_message on sightings (message_id);

-- By what devices are known again: MAC addresses, serial numbers, SIP instances, UPnP names; and who was heard with each.
create table identifiers (
  site text not null,
  kind text not null,
  value text not null,
  device_id integer not null references devices (id),
  first_at integer not null,
  last_at integer not null,
  primary key (site, kind, value, device_id)
) strict, without rowid;

create index identifiers_by_device on identifiers (device_id);

insert into identifiers select site, 'mac', mac, id, first_seen, last_seen from devices where mac is not null;
insert into identifiers
select site, 'serial', vendor || ' ' || serial, id, first_seen, last_seen from devices where serial is not null and vendor is not null;

-- What was concluded of each device, and when: true from `valid_from` to `valid_to` (null: still), known since `recorded_at`. The last row of a
-- device that was recorded by a moment is what was known then. Of one that was present, `seen_until` is as long as it was heard again and again,
-- null while it is; of one that was silent, `last_seen` is when it had been heard last.
create table versions (
  id integer primary key,
  device_id integer not null references devices (id),
  valid_from integer not null,
  valid_to integer,
  recorded_at integer not null,
  last_seen integer not null,
  seen_until integer,
  cause text not null,
  sighting_id integer,
  vendor text,
  family text,
  model text,
  firmware text,
  kind text,
  mac text,
  serial text,
  confidence real not null,
  verdict_id integer not null references verdicts (id),
  status text not null,
  solicited integer not null check (solicited in (0, 1)),
  first_seen integer not null,
  merged_into integer
) strict;

create index versions_by_device on versions (device_id, recorded_at, valid_from);

insert into versions
select
  id, id, first_seen, null, first_seen, first_seen, null, 'sighting', null, vendor, family, model, firmware, kind, mac, serial, confidence, verdict_id,
  status, solicited, first_seen, null
from devices;

-- Records that turned out to be one device, or one that turned out to be two. `author` is null where the program found out by itself.
create table identity_acts (
  id integer primary key,
  act text not null check (act in ('merge', 'split')),
  device_id integer not null references devices (id),
  other_id integer not null references devices (id),
  at integer not null,
  because text not null,
  author text,
  undone_at integer,
  undone_by text
) strict;

create index identity_acts_by_device on identity_acts (device_id);
create index identity_acts_by_other on identity_acts (other_id);

-- Devices that a person has told apart: they are never merged by the program.
create table told_apart (
  low_id integer not null references devices (id),
  high_id integer not null references devices (id),
  primary key (low_id, high_id)
) strict, without rowid;

-- The spans of time in which this auditor could hear: awake, its clock even, its network there. `ended_because` is null while it lasts, and
-- where the program was killed.
create table watches (
  id integer primary key,
  from_at integer not null,
  to_at integer not null,
  ended_because text,
  noticed_at integer
) strict;

-- When it was judged who has fallen silent: beside what was heard, and the sweeps and watches, all that the inventory follows from.
create table judgements (
  id integer primary key,
  made_at integer not null,
  -- Up to when this auditor had certainly heard.
  up_to integer not null
) strict;

-- Why a sweep says nothing of absence, as silent/known hosts: it met a fault of our own. Null for a sound one.
alter table sweeps add column unsound text;

-- The journal, now also of what is about no one device. Readers keep the last `seq` that they have read: it only grows.
create table findings_new (
  seq integer primary key autoincrement,
  device_id integer references devices (id),
  about text,
  at integer not null,
  kind text not null,
  state text not null default 'raised' check (state in ('raised', 'cleared')),
  cause text,
  "before" text,
  "after" text,
  sighting_id integer
) strict;

insert into findings_new (seq, device_id, at, kind, "before", "after")
select seq, device_id, at, kind, "before", "after" from findings order by seq;
drop table findings;
alter table findings_new rename to findings;

create index findings_by_device on findings (device_id);

create trigger findings_are_never_changed before update on findings
begin
  select raise(abort, 'the journal is append-only');
end;

create trigger findings_are_never_removed before delete on findings
begin
  select raise(abort, 'the journal is append-only');
end;

-- `insert or replace` removes a row without asking the trigger above.
create trigger findings_are_never_replaced before insert on findings
when exists (select 1 from findings where seq = new.seq)
begin
  select raise(abort, 'the journal is append-only');
end;

-- The conditions that hold now, by their key: what has been raised and not been cleared.
create table conditions (
  key text primary key,
  device_id integer,
  kind text not null,
  about text,
  since integer not null
) strict, without rowid;

create index conditions_by_device on conditions (device_id);
