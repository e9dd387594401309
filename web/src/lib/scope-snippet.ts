/** What goes into the configuration file so that this network may be audited; quoted, as IPv6 needs it in YAML. */
export const scopeSnippet = (network: string): string => `scope:\n  include:\n    - '${network}'`;

const WIDEST_IPV4_PREFIX = 16;

/** Whether the daemon would ask for a confirmation of such a scope (docs: wider than a /16). */
export const isWide = (network: string): boolean =>
  !network.includes(':') && Number(network.split('/')[1] ?? 32) < WIDEST_IPV4_PREFIX;
