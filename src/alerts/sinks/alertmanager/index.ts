import type { Static } from 'typebox';
import { failure, success, type Outcome } from '../../../model/outcome.ts';
import { deliverByPost } from '../../http-delivery.ts';
import type { DeliveryFault, Sink, SinkContext } from '../../sink.ts';
import { config } from './config.ts';
import { postableAlerts } from './post-alerts.ts';

type Context = SinkContext<Static<typeof config>>;

const HOUR_MS = 60 * 60 * 1000;

/** Hands alerts over to a Prometheus Alertmanager, which groups, silences and routes them by its own configuration. */
export const alertmanager: Sink<typeof config> = {
  name: 'alertmanager',
  config,
  async deliver(message, context) {
    const authorization = authorizationOf(context);
    if (!authorization.ok) return authorization;
    const { url, holdHours } = context.config;
    const alerts = postableAlerts(message, holdHours * HOUR_MS, context.clock.now());
    return deliverByPost(
      {
        url: `${url.replace(/\/+$/, '')}/api/v2/alerts`,
        headers: authorization.value,
        body: JSON.stringify(alerts),
      },
      context,
    );
  },
};

function authorizationOf(context: Context): Outcome<Record<string, string>, DeliveryFault> {
  const { user, password, bearer } = context.config;
  if (bearer !== undefined) {
    const token = context.secret(bearer);
    return token.ok ? success({ Authorization: `Bearer ${token.value.trim()}` }) : token;
  }
  if (user === undefined && password === undefined) return success({});
  if (user === undefined || password === undefined)
    return failure({ reason: 'auth', retry: false, detail: '"user" and "password" are needed both' });
  const read = context.secret(password);
  if (!read.ok) return read;
  // RFC 7617 2.1: a server that says nothing else reads UTF-8.
  return success({ Authorization: `Basic ${Buffer.from(`${user}:${read.value}`).toString('base64')}` });
}
