/** What a channel does right now; `off` and `failed` come with a reason. */
export const CHANNEL_STATES = ['waiting', 'running', 'listening', 'off', 'failed'] as const;
export type ChannelState = (typeof CHANNEL_STATES)[number];
