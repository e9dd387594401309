import type { Static } from 'typebox';
import type { Message } from '../../../model/alert.ts';
import { failure, success, type Outcome } from '../../../model/outcome.ts';
import { deliverByPost } from '../../http-delivery.ts';
import type { DeliveryFault, Sink, SinkContext } from '../../sink.ts';
import { config, type Preset } from './config.ts';
import { mattermostBody } from './mattermost.ts';
import { slackBody } from './slack.ts';
import { standardBody, standardHeaders } from './standard.ts';
import { teamsBody } from './teams.ts';

type Context = SinkContext<Static<typeof config>>;

const BODIES: Readonly<Record<Preset, (message: Message) => string>> = {
  standard: standardBody,
  slack: slackBody,
  teams: teamsBody,
  mattermost: mattermostBody,
};

/** Posts alerts to a web server: Standard Webhooks, or what a chat service takes. */
export const webhook: Sink<typeof config> = {
  name: 'webhook',
  config,
  async deliver(message, context) {
    const url = urlOf(context);
    if (!url.ok) return url;
    const { preset } = context.config;
    const body = BODIES[preset](message);
    const headers = preset === 'standard' ? headersOf(message, body, context) : success({});
    return headers.ok ? deliverByPost({ url: url.value, headers: headers.value, body }, context) : headers;
  },
};

function urlOf(context: Context): Outcome<string, DeliveryFault> {
  const { url, urlFrom } = context.config;
  if ((url === undefined) === (urlFrom === undefined))
    return failure({
      reason: 'rejected',
      retry: false,
      detail: 'exactly one of "url" and "urlFrom" is needed',
    });
  if (urlFrom === undefined) return success(url ?? '');
  const read = context.secret(urlFrom);
  return read.ok ? success(read.value.trim()) : read;
}

function headersOf(
  { id }: Message,
  body: string,
  context: Context,
): Outcome<Record<string, string>, DeliveryFault> {
  const { secret } = context.config;
  const secrets = secret === undefined ? success(null) : context.secret(secret);
  if (!secrets.ok) return secrets;
  // The time of this attempt, not of the message: receivers refuse what is older than five minutes, as a replay.
  return standardHeaders({ id, timestamp: Math.floor(context.clock.now() / 1000), body }, secrets.value);
}
