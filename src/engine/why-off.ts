import type { LocalText } from '../model/text.ts';

/** By the UDP port that another program of this host holds: what that is, and why we do not listen beside it. */
const HELD: Readonly<Record<number, LocalText>> = {
  5060: {
    en: 'UDP 5060 is in use on this host, by a PBX it seems: listening here could get phones banned. Listen from another machine, or set channels.sip-pnp.besidePbx: true',
    nl: 'UDP 5060 is op deze machine in gebruik, zo te zien door een telefooncentrale: hier luisteren kan toestellen op een zwarte lijst brengen. Luister vanaf een andere machine, of zet channels.sip-pnp.besidePbx: true',
  },
  67: {
    en: 'UDP 67 is in use on this host, by a DHCP server it seems, which must not share it. Listen from another machine of that network, or leave out channels.dhcp',
    nl: 'UDP 67 is op deze machine in gebruik, zo te zien door een DHCP-server, die de poort niet mag delen. Luister vanaf een andere machine van dat netwerk, of laat channels.dhcp weg',
  },
};

/** Why a channel does nothing, and the way out: shown wherever the channel is. */
export const WHY_OFF = {
  switchedOff: { en: 'switched off in the configuration', nl: 'uitgezet in de configuratie' },
  noScope: {
    en: 'no scope: nothing is sent and nothing is joined until scope.include says what may be audited',
    nl: 'geen bereik: er wordt niets verstuurd en niets beluisterd tot scope.include zegt wat onderzocht mag worden',
  },
  portHeld: (port: number): LocalText =>
    HELD[port] ?? {
      en: `UDP ${port} is in use on this host: listen from another machine`,
      nl: `UDP ${port} is op deze machine in gebruik: luister vanaf een andere machine`,
    },
  noInterface: (channel: string): LocalText => ({
    en: `none of the interfaces of this machine is in the scope: name one in channels.${channel}.interfaces`,
    nl: `geen van de interfaces van deze machine ligt in het bereik: noem er een in channels.${channel}.interfaces`,
  }),
} as const satisfies Record<string, LocalText | ((what: never) => LocalText)>;
