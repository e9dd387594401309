/** One badly behaved host: `node host.ts BEHAVIOUR ADDRESS USER-AGENT`, in the namespace of that address. Runs until it is ended. */
import { BEHAVIOURS, type Behaviour } from './behaviours.ts';

const [name = '', address = '', userAgent = ''] = process.argv.slice(2);
BEHAVIOURS[name as Behaviour]({ address, userAgent });
