import Type from 'typebox';
import { reach, secretPlace } from '../../http-delivery.ts';

/** Settings of the sink; the descriptions are its documentation. */
export const config = Type.Object(
  {
    url: Type.String({
      pattern: '^https?://[^?#]+$',
      maxLength: 2048,
      description:
        'Address of the Alertmanager, such as http://127.0.0.1:9093; /api/v2/alerts is added to it.',
    }),
    user: Type.Optional(
      Type.String({
        pattern: '^[^:\\u0000-\\u001f\\u007f]+$',
        maxLength: 254,
        description: 'User of HTTP Basic authentication; its password is needed too.',
      }),
    ),
    password: Type.Optional(secretPlace('Where the password of the user stands.')),
    bearer: Type.Optional(secretPlace('Where a bearer token stands, instead of user and password.')),
    holdHours: Type.Number({
      minimum: 0.1,
      maximum: 8760,
      default: 25,
      description:
        'How long an alert fires when nothing more is heard of it: longer than alerts are repeated, or Alertmanager resolves them too early.',
    }),
    ...reach,
  },
  { additionalProperties: false, dependentRequired: { user: ['password'], password: ['user'] } },
);
