CREATE TABLE devices (
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

CREATE INDEX devices_by_mac on devices (site, mac);

CREATE INDEX devices_by_serial on devices (site, vendor, serial);

CREATE TABLE endpoints (
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

CREATE INDEX endpoints_by_address on endpoints (site, address);

CREATE TRIGGER findings_are_never_changed before update on findings
begin
  select raise(abort, 'the journal is append-only');
end;

CREATE TRIGGER findings_are_never_removed before delete on findings
begin
  select raise(abort, 'the journal is append-only');
end;

CREATE TRIGGER findings_are_never_replaced before insert on findings
when exists (select 1 from findings where seq = new.seq)
begin
  select raise(abort, 'the journal is append-only');
end;

CREATE TABLE findings (
  seq integer primary key autoincrement,
  device_id integer not null references devices (id),
  at integer not null,
  kind text not null,
  "before" text,
  "after" text
) strict;

CREATE INDEX findings_by_device on findings (device_id);

CREATE TABLE left_alone (
  site text not null,
  address text not null,
  until integer not null,
  because text not null,
  primary key (site, address)
) strict, without rowid;

CREATE TABLE migrations (
  number integer primary key,
  name text not null,
  hash text not null
) strict;

CREATE TABLE settings (
  key text primary key,
  value text not null
) strict, without rowid;

CREATE TABLE sightings (
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

CREATE INDEX sightings_by_device on sightings (device_id);

CREATE INDEX sightings_latest on sightings (endpoint_id, channel);

CREATE TABLE sweeps (
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
, seed integer not null default 0, plan text not null default '', position integer not null default 0, active_ms integer not null default 0) strict;
