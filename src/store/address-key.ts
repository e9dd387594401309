/** Text that sorts as people sort addresses: 10.0.0.9 before 10.0.0.10, and IPv4 before IPv6. */
export const addressKey = (address: string): string =>
  address.includes(':')
    ? `:${address}`
    : address
        .split('.')
        .map((part) => part.padStart(3, '0'))
        .join('.');
