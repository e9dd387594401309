/** Text that sorts as people sort addresses: 10.0.0.9 before 10.0.0.10, and IPv4 before IPv6. */
export function addressKey(address: string): string {
  if (address.includes(':')) return `:${address}`;
  let key = '';
  let part = '';
  // Of a hundred thousand addresses each is looked at: splitting and joining takes three times as long.
  for (const sign of address) {
    if (sign !== '.') part += sign;
    else {
      key += `${part.padStart(3, '0')}.`;
      part = '';
    }
  }
  return key + part.padStart(3, '0');
}
