import type { Static } from 'typebox';
import { alertmanager } from './sinks/alertmanager/index.ts';
import { command } from './sinks/command/index.ts';
import { email } from './sinks/email/index.ts';
import { syslog } from './sinks/syslog/index.ts';
import { webhook } from './sinks/webhook/index.ts';

/** Every kind of sink there is; a test compares this list with the folders. */
export const SINKS = { email, webhook, alertmanager, syslog, command } as const;

export type SinkName = keyof typeof SINKS;
export const SINK_NAMES = Object.keys(SINKS) as readonly SinkName[];

/** The settings of a sink, defaults filled in. */
export type SettingsOf<N extends SinkName> = Static<(typeof SINKS)[N]['config']>;
