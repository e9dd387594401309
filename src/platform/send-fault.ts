import { bounded, printable } from '../model/text.ts';
import type { ConversationFault } from './ports.ts';
import { faultOf } from './stream.ts';

/** Why bytes could not be handed over to a server that a person named, closed; `detail` is for people. */
export interface SendFault {
  kind:
    | ConversationFault['kind']
    | 'untrusted' // its certificate
    | 'unwelcome' // ours, or the lack of one
    | 'unreadable'; // a file of certificates or keys
  detail: string;
}

/** Longest text of a system or a TLS library that is shown. */
const MOST_DETAIL = 200;

/** What the system says, as a fault that can be shown to people. */
export function sendFaultOf(error: unknown): SendFault {
  const { kind, detail } = faultOf(error);
  return { kind, detail: printable(bounded(detail, MOST_DETAIL)) };
}
