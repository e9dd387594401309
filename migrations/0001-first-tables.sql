-- Times are milliseconds since the epoch, UTC. Columns that hold JSON say so by their check.

-- What is concluded of each device now. `vendor` to `serial` are null where nothing is known.
create table devices (
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
  clause text,
  because_en text not null,
  because_nl text not null,
  caveats text not null check (json_valid(caveats)),
  evidence text not null check (json_valid(evidence)),
  conflicts text not null check (json_valid(conflicts)),
  status text not null,
  solicited integer not null check (solicited in (0, 1)),
  first_seen integer not null,
  last_seen integer not null
) strict;

create index devices_by_mac on devices (site, mac);
create index devices_by_serial on devices (site, vendor, serial);

-- Where each device is or was heard. An address given to another phone is another row.
create table endpoints (
  id integer primary key,
  device_id integer not null references devices (id),
  site text not null,
  address text not null,
  port integer not null,
  transport text not null,
  user_agent text,
  server text,
  sip_status integer,
  solicited integer not null check (solicited in (0, 1)),
  channels text not null check (json_valid(channels)),
  first_seen integer not null,
  last_seen integer not null,
  unique (device_id, address, port, transport)
) strict;

create index endpoints_by_address on endpoints (site, address);

-- What was heard, as it was heard, and never edited: an answer like the one before only moves `last_at` and counts in `times`.
create table sightings (
  id integer primary key,
  device_id integer not null references devices (id),
  endpoint_id integer not null references endpoints (id),
  channel text not null,
  solicited integer not null check (solicited in (0, 1)),
  facts text not null check (json_valid(facts)),
  raw blob not null,
  first_at integer not null,
  last_at integer not null,
  times integer not null
) strict;

-- The row id is the last column of every index: this one finds the latest of an endpoint and channel.
create index sightings_latest on sightings (endpoint_id, channel);
create index sightings_by_device on sightings (device_id);

-- The journal. Readers keep the last `seq` that they have read, so it only grows and never reuses a number.
create table findings (
  seq integer primary key autoincrement,
  device_id integer not null references devices (id),
  at integer not null,
  kind text not null,
  "before" text,
  "after" text
) strict;

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

create table sweeps (
  id integer primary key,
  channel text not null,
  state text not null,
  started_at integer not null,
  ended_at integer,
  targets integer not null,
  sent integer not null,
  most_to_send integer not null,
  answered integer not null,
  refused text not null check (json_valid(refused))
) strict;

create table settings (
  key text primary key,
  value text not null
) strict, without rowid;
