import Type from 'typebox';
import { failure, success, type Outcome } from '../model/outcome.ts';
import type { PostFault } from '../platform/post-fault.ts';
import { post, type Posted } from '../platform/post.ts';
import type { Delivery, DeliveryFault, SinkContext } from './sink.ts';

/** Settings of every sink that calls a web server. */
export const reach = {
  allow: Type.Array(
    Type.String({
      // An IPv4 or IPv6 address or network, or a name: a network that lacks a part is none of them.
      pattern:
        '^((\\d{1,3}\\.){3}\\d{1,3}(/\\d{1,2})?|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*(/\\d{1,3})?|(?=[^/]*[A-Za-z])[A-Za-z0-9._-]+)$',
      maxLength: 253,
    }),
    {
      default: [],
      maxItems: 64,
      description:
        'Hosts by name, address or network that may be called although they are not public: of this site, or of this machine. A name does for private and loopback addresses; link-local and other special ones must be named by address.',
    },
  ),
  caFile: Type.Optional(
    Type.String({
      minLength: 1,
      description: 'Certificate authorities (PEM) that are believed instead of those of the system.',
    }),
  ),
};

/** The place of a secret, as `SecretPlace`. */
export const secretPlace = (description: string) =>
  Type.Object(
    {
      file: Type.Optional(Type.String({ minLength: 1, description: 'File that holds it.' })),
      environment: Type.Optional(
        Type.String({ minLength: 1, description: 'Variable of the environment that holds it.' }),
      ),
    },
    { additionalProperties: false, description },
  );

interface Reach {
  allow: readonly string[];
  caFile?: string;
}

export interface Letter {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** Posts JSON to where a sink was told to, and judges the answer. */
export async function deliverByPost(letter: Letter, context: SinkContext<Reach>): Delivery {
  const { allow, caFile } = context.config;
  const posted = await post({ ...letter, allow, caFile, signal: context.signal });
  return posted.ok
    ? judge(posted.value)
    : failure({ ...JUDGEMENTS[posted.fault.kind], detail: posted.fault.detail });
}

type Judgement = Pick<DeliveryFault, 'reason' | 'retry'>;

/** A certificate may be renewed tonight, and a server be started; an address that may not be called needs a person. */
const JUDGEMENTS: Readonly<Record<PostFault['kind'], Judgement>> = {
  unsendable: { reason: 'rejected', retry: false },
  forbidden: { reason: 'rejected', retry: false },
  unreadable: { reason: 'auth', retry: false },
  unreachable: { reason: 'network', retry: true },
  untrusted: { reason: 'network', retry: true },
  broken: { reason: 'network', retry: true },
  timeout: { reason: 'timeout', retry: true },
  aborted: { reason: 'aborted', retry: true },
};

function judge({ status, retryAfterMs }: Posted): Outcome<void, DeliveryFault> {
  if (status >= 200 && status < 300) return success(undefined);
  const judgement = judgementOf(status);
  const wait = judgement.retry && retryAfterMs !== null ? { retryAfterMs } : {};
  return failure({ ...judgement, detail: `it answered with status ${status}`, ...wait });
}

/** Of RFC 9110 section 15 and RFC 6585; a redirect is not followed, so it is a refusal. */
function judgementOf(status: number): Judgement {
  if (status === 401 || status === 403) return { reason: 'auth', retry: false };
  if (status === 429 || status === 503) return { reason: 'rate-limited', retry: true };
  if (status === 408 || status === 504) return { reason: 'timeout', retry: true };
  return { reason: 'rejected', retry: status >= 500 };
}
