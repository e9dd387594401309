import type { LocalText } from '../model/text.ts';

/** Why a channel does nothing, and the way out: shown wherever the channel is. */
export const WHY_OFF = {
  switchedOff: { en: 'switched off in the configuration', nl: 'uitgezet in de configuratie' },
  noScope: {
    en: 'no scope: nothing is sent and nothing is joined until scope.include says what may be audited',
    nl: 'geen bereik: er wordt niets verstuurd en niets beluisterd tot scope.include zegt wat onderzocht mag worden',
  },
  besidePbx: {
    en: 'UDP 5060 is in use on this host, by a PBX it seems: listening here could get phones banned. Listen from another machine, or set channels.sip-pnp.besidePbx: true',
    nl: 'UDP 5060 is op deze machine in gebruik, zo te zien door een telefooncentrale: hier luisteren kan toestellen op een zwarte lijst brengen. Luister vanaf een andere machine, of zet channels.sip-pnp.besidePbx: true',
  },
  noInterface: (channel: string): LocalText => ({
    en: `none of the interfaces of this machine is in the scope: name one in channels.${channel}.interfaces`,
    nl: `geen van de interfaces van deze machine ligt in het bereik: noem er een in channels.${channel}.interfaces`,
  }),
} as const satisfies Record<string, LocalText | ((channel: string) => LocalText)>;
