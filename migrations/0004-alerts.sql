-- Where each reader of the journal has come to.
create table readers (
  name text primary key,
  seq integer not null
) strict, without rowid;

-- What was found before there were alerts is history: nobody is told of it now.
insert into readers select 'alerts', coalesce(max(seq), 0) from findings;

-- One matter's life for people, by the key of its findings. `subject` is who it is about, as it was when the alert last changed.
create table alerts (
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

create index alerts_by_kind on alerts (kind, seq);
create index alerts_by_seq on alerts (seq);
create index alerts_by_end on alerts (resolved_at) where resolved_at is not null;

-- The alerts of one kind, as one sink is told of them. `due_at` is when they are looked at next; null while nothing fires and nothing is new.
-- What is up to `seq` in the journal has been looked at.
create table alert_groups (
  sink text not null,
  kind text not null,
  seq integer not null,
  due_at integer,
  sent_at integer,
  primary key (sink, kind)
) strict, without rowid;

-- Which sink has been told that an alert fires, and when it was told so last; gone once it has been told that it is over.
create table tellings (
  sink text not null,
  kind text not null,
  key text not null,
  at integer not null,
  primary key (sink, kind, key)
) strict, without rowid;

-- What is not to be told for a while, and who said so. An acknowledgement is one of a single alert.
create table silences (
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

create index silences_by_expiry on silences (expires_at);

-- Messages as they were when they were due, and what became of them. A number is a part of the message's id: it is never used twice.
create table deliveries (
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

create index deliveries_by_state on deliveries (sink, state, number);
create index deliveries_in_order on deliveries (sink, message_group, number) where state = 'waiting';

-- The sinks that refuse or cannot be reached, since when, and how long they are left alone after the last attempt.
create table outages (
  sink text primary key,
  since integer not null,
  failures integer not null,
  tried_at integer not null,
  wait_ms integer not null,
  given_up integer not null,
  fault text not null,
  detail text not null
) strict, without rowid;
