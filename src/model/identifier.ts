/** By what a device is known again, the surest first. */
export const IDENTIFIER_KINDS = ['mac', 'serial', 'instance', 'usn'] as const;
export type IdentifierKind = (typeof IDENTIFIER_KINDS)[number];

/** `mac 001565aabbcc`; a serial number counts with its vendor: `serial Acme 12345`. */
export interface Identifier {
  kind: IdentifierKind;
  value: string;
}
