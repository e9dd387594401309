/**
 * Ports that a stranger may name and at which a SIP request would do harm: printers print what they are sent (9100 to 9107), and H.323,
 * SCCP and the manager of a PBX hang on less.
 */
const HARMFUL: ReadonlySet<number> = new Set([
  1719,
  1720,
  2000,
  5038,
  ...Array.from({ length: 8 }, (_, index) => 9100 + index),
]);

/** Whether a port that a message told of may be asked for SIP. Ports below 1024 are never SIP's, unless a person says so. */
export const mayAskSip = (port: number): boolean => port >= 1024 && port <= 65_535 && !HARMFUL.has(port);
