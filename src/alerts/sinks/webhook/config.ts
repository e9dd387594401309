import Type from 'typebox';
import { reach, secretPlace } from '../../http-delivery.ts';

export const PRESETS = ['standard', 'slack', 'teams', 'mattermost'] as const;
export type Preset = (typeof PRESETS)[number];

/** Settings of the sink; the descriptions are its documentation. */
export const config = Type.Object(
  {
    url: Type.Optional(
      Type.String({
        pattern: '^https?://',
        maxLength: 2048,
        description:
          'Where to post to. One that is a secret itself, as those of chat services are, belongs in urlFrom.',
      }),
    ),
    urlFrom: Type.Optional(secretPlace('Where the URL stands, instead of url.')),
    preset: Type.Enum([...PRESETS], {
      default: 'standard',
      description:
        'How it is written: standard is Standard Webhooks with the whole message as JSON; the others are for the incoming webhooks of those services.',
    }),
    secret: Type.Optional(
      secretPlace(
        'Where the signing secret of the standard preset stands (`whsec_` and base64). While it is being replaced several may stand there, parted by spaces.',
      ),
    ),
    ...reach,
  },
  { additionalProperties: false, oneOf: [{ required: ['url'] }, { required: ['urlFrom'] }] },
);
