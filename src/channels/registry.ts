import type { Static } from 'typebox';
import { sipOptions } from './sip-options/index.ts';
import { dhcp } from './dhcp/index.ts';
import { http } from './http/index.ts';
import { mdns } from './mdns/index.ts';
import { neighbours } from './neighbours/index.ts';
import { sipPnp } from './sip-pnp/index.ts';
import { ssdp } from './ssdp/index.ts';

/** Every channel there is; a test compares this list with the folders. */
export const CHANNELS = {
  'sip-options': sipOptions,
  'sip-pnp': sipPnp,
  neighbours,
  mdns,
  ssdp,
  dhcp,
  http,
} as const;

export type ChannelName = keyof typeof CHANNELS;
export const CHANNEL_NAMES = Object.keys(CHANNELS) as readonly ChannelName[];

/** The settings of a channel, defaults filled in. */
export type SettingsOf<N extends ChannelName> = Static<(typeof CHANNELS)[N]['config']>;

/** Those that listen, whether they ask their group or not. */
export type ListenerName = {
  [N in ChannelName]: (typeof CHANNELS)[N]['mode'] extends 'active' ? never : N;
}[ChannelName];
export const LISTENER_NAMES = CHANNEL_NAMES.filter(
  (name): name is ListenerName => CHANNELS[name].mode !== 'active',
);

/** Those that are on where the configuration names none. */
export const CHANNELS_BY_DEFAULT = CHANNEL_NAMES.filter((name) => !('isOptIn' in CHANNELS[name]));
