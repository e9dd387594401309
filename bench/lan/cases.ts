import type { Link } from './lan.ts';

/** Which programs take part: the product alone, or beside the references. */
export type Field = 'product' | 'with references';

export interface Case {
  name: string;
  what: string;
  network: string;
  /** The smaller network of `--quick`. */
  quick: string;
  link: Link;
  /** Phones of the network; a share where it is below 1. */
  phones: number;
  lossPercent: number;
  field: Field;
  isPolite: boolean;
  /** Sweeps of the product whose findings are added up. */
  sweeps: number;
  capSeconds: number;
}

const usual = {
  link: 'routed' as Link,
  phones: 0.1,
  lossPercent: 0,
  field: 'product' as Field,
  isPolite: false,
  sweeps: 1,
  capSeconds: 300,
};

/** Addresses of RFC 1918, as on a site; inside the bench's own namespaces they meet nothing else. */
export const CASES: readonly Case[] = [
  {
    ...usual,
    name: 'routed-16',
    what: 'a /16 behind a router, one address in ten answers',
    network: '10.0.0.0/16',
    quick: '10.0.0.0/21',
    field: 'with references',
    capSeconds: 900,
  },
  {
    ...usual,
    name: 'routed-12',
    what: 'a /12 behind a router, one address in ten answers',
    network: '10.16.0.0/12',
    quick: '10.16.0.0/17',
    capSeconds: 1200,
  },
  {
    ...usual,
    name: 'polite-24',
    what: 'a /24 with 100 phones, at the default politeness',
    network: '10.0.0.0/24',
    quick: '10.0.0.0/26',
    phones: 100,
    isPolite: true,
  },
  {
    ...usual,
    name: 'polite-24',
    what: 'the same, 20 % of the requests and of the answers lost, two sweeps together',
    network: '10.0.0.0/24',
    quick: '10.0.0.0/26',
    phones: 100,
    lossPercent: 20,
    isPolite: true,
    sweeps: 2,
  },
  {
    ...usual,
    name: 'on-link-20',
    what: 'a /20 on the own link, 30 phones, nobody at the other addresses',
    network: '10.0.0.0/20',
    quick: '10.0.0.0/23',
    link: 'on-link',
    phones: 30,
  },
  {
    ...usual,
    name: 'on-link-16',
    what: 'a /16 on the own link, 500 phones, nobody at the other addresses',
    network: '10.0.0.0/16',
    quick: '10.0.0.0/22',
    link: 'on-link',
    phones: 500,
    capSeconds: 420,
  },
  {
    ...usual,
    name: 'all-answering-16',
    what: 'a /16 behind a router in which every address answers',
    network: '10.0.0.0/16',
    quick: '10.0.0.0/21',
    phones: 1,
    capSeconds: 600,
  },
];

/** Phones of a case in a network of so many addresses. */
export const phonesIn = ({ phones }: Pick<Case, 'phones'>, size: number): number =>
  phones <= 1 ? Math.round(phones * size) : Math.min(phones, size >> 1);
