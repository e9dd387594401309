import type { DeviceKind } from './identity.ts';

interface PageSafety {
  /** Whether its web page may be asked for, and so a TCP connection be made to it at all. */
  mayAsk: boolean;
  because: string;
}

/**
 * Which kinds of devices may be asked for their web page. Everything new says no until somebody writes down why it may: a page is
 * never worth a device that hangs.
 */
export const PAGE_SAFETY: Readonly<Record<DeviceKind, PageSafety>> = {
  'desk-phone': { mayAsk: true, because: 'made to be set up through its web page' },
  'dect-base': { mayAsk: true, because: 'made to be set up through its web page' },
  'conference-phone': { mayAsk: true, because: 'made to be set up through its web page' },
  ata: { mayAsk: true, because: 'made to be set up through its web page' },
  gateway: { mayAsk: false, because: 'the lines of many people hang on it, and it is no phone' },
  'door-intercom': { mayAsk: false, because: 'a door or a lift depends on it' },
  'pager-speaker': { mayAsk: false, because: 'an alarm depends on it' },
  softphone: { mayAsk: false, because: 'the web server of that computer is not its own' },
  'mobile-softphone': { mayAsk: false, because: 'the web server of that computer is not its own' },
  pbx: { mayAsk: false, because: 'it watches who connects, and is no phone' },
  proxy: { mayAsk: false, because: 'it watches who connects, and is no phone' },
  scanner: { mayAsk: false, because: 'it is no phone' },
  other: { mayAsk: false, because: 'it may be anything, a door station too' },
};

/** Whether a device of this kind may be asked for its web page; one of unknown kind may be a door station. */
export const mayAskPage = (kind: DeviceKind | undefined): boolean =>
  kind !== undefined && PAGE_SAFETY[kind].mayAsk;
