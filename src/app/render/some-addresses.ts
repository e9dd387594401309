/** A line of a terminal shows so many; the rest is counted. */
const MOST_SHOWN = 6;

/** `192.168.10.20, 192.168.10.21, +4` */
export function someAddresses(phones: readonly { address: string }[]): string {
  const rest = phones.length - MOST_SHOWN;
  const shown = phones.slice(0, MOST_SHOWN).map(({ address }) => address);
  return [...shown, ...(rest > 0 ? [`+${rest}`] : [])].join(', ');
}
