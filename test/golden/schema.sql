CREATE TABLE alert_groups (
  sink text not null,
  kind text not null,
  seq integer not null,
  due_at integer,
  sent_at integer,
  primary key (sink, kind)
) strict, without rowid;

CREATE TABLE alerts (
  key text primary key,
  kind text not null,
  about text,
  state text not null check (state in ('firing', 'resolved')),
  since integer not null,
  resolved_at integer,
  seq integer not null,
  because_en text not null,
  because_nl text not null,
  subject text check (subject is null or json_valid(subject))
) strict;

CREATE INDEX alerts_by_end on alerts (resolved_at) where resolved_at is not null;

CREATE INDEX alerts_by_kind on alerts (kind, seq);

CREATE INDEX alerts_by_seq on alerts (seq);

CREATE TABLE conditions (
  key text primary key,
  device_id integer,
  kind text not null,
  about text,
  since integer not null
) strict, without rowid;

CREATE INDEX conditions_by_device on conditions (device_id);

CREATE TABLE deliveries (
  number integer primary key autoincrement,
  sink text not null,
  state text not null check (state in ('waiting', 'delivered', 'given-up')),
  message text not null check (json_valid(message)),
  message_group text not null,
  reason text not null,
  at integer not null,
  attempts integer not null default 0,
  tried_at integer,
  ended_at integer,
  because text,
  fault text,
  detail text
) strict;

CREATE INDEX deliveries_by_state on deliveries (sink, state, number);

CREATE INDEX deliveries_in_order on deliveries (sink, message_group, number) where state = 'waiting';

CREATE TABLE "devices" (
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

CREATE INDEX devices_by_last_seen on devices (status, last_seen);

CREATE INDEX devices_by_merge on devices (merged_into) where merged_into is not null;

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
  last_seen integer not null, until integer,
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

CREATE TABLE "findings" (
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

CREATE INDEX findings_by_device on findings (device_id);

CREATE TABLE identifiers (
  site text not null,
  kind text not null,
  value text not null,
  device_id integer not null references devices (id),
  first_at integer not null,
  last_at integer not null,
  primary key (site, kind, value, device_id)
) strict, without rowid;

CREATE INDEX identifiers_by_device on identifiers (device_id);

CREATE TABLE identity_acts (
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

CREATE INDEX identity_acts_by_device on identity_acts (device_id);

CREATE INDEX identity_acts_by_other on identity_acts (other_id);

CREATE TABLE judgements (
  id integer primary key,
  made_at integer not null,
  -- Up to when this auditor had certainly heard.
  up_to integer not null
) strict;

CREATE TABLE left_alone (
  site text not null,
  address text not null,
  until integer not null,
  because text not null,
  primary key (site, address)
) strict, without rowid;

CREATE TABLE messages (
  id integer primary key,
  facts text not null check (json_valid(facts)),
  raw blob not null
) strict;

CREATE TABLE migrations (
  number integer primary key,
  name text not null,
  hash text not null
) strict;

CREATE TABLE outages (
  sink text primary key,
  since integer not null,
  failures integer not null,
  tried_at integer not null,
  wait_ms integer not null,
  given_up integer not null,
  fault text not null,
  detail text not null
) strict, without rowid;

CREATE TABLE readers (
  name text primary key,
  seq integer not null
) strict, without rowid;

CREATE TABLE reasons (
  device_id integer primary key references devices (id),
  evidence text not null check (json_valid(evidence)),
  conflicts text not null check (json_valid(conflicts))
) strict;

CREATE TABLE settings (
  key text primary key,
  value text not null
) strict, without rowid;

CREATE TABLE "sightings" (
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

CREATE INDEX sightings_by_device on sightings (device_id);

CREATE INDEX sightings_by_message on sightings (message_id);

CREATE INDEX sightings_by_place on sightings (endpoint_id, channel, said);

CREATE TABLE silences (
  id integer primary key autoincrement,
  matchers text not null check (json_valid(matchers)),
  author text not null,
  reason text not null,
  created_at integer not null,
  starts_at integer not null,
  expires_at integer not null,
  ended_at integer,
  ended_by text
) strict;

CREATE INDEX silences_by_expiry on silences (expires_at);

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
, seed integer not null default 0, plan text not null default '', position integer not null default 0, active_ms integer not null default 0, unsound text) strict;

CREATE TABLE tellings (
  sink text not null,
  kind text not null,
  key text not null,
  at integer not null,
  primary key (sink, kind, key)
) strict, without rowid;

CREATE TABLE told_apart (
  low_id integer not null references devices (id),
  high_id integer not null references devices (id),
  primary key (low_id, high_id)
) strict, without rowid;

CREATE TABLE verdicts (
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

CREATE TABLE versions (
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

CREATE INDEX versions_by_device on versions (device_id, recorded_at, valid_from);

CREATE TABLE watches (
  id integer primary key,
  from_at integer not null,
  to_at integer not null,
  ended_because text,
  noticed_at integer
) strict;
