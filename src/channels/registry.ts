import { sipOptions } from './sip-options/index.ts';
import { sipPnp } from './sip-pnp/index.ts';

/** Every channel there is; a test compares this list with the folders. */
export const CHANNELS = { 'sip-options': sipOptions, 'sip-pnp': sipPnp } as const;

export type ChannelName = keyof typeof CHANNELS;
export const CHANNEL_NAMES = Object.keys(CHANNELS) as readonly ChannelName[];
