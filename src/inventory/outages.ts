import type { Sweep } from '../model/sweep.ts';
import { event, type FindingDraft } from './advance.ts';
import { cleared } from './standing.ts';

/** What of this auditor's own trouble a finding is about. */
const [NETWORK, SWEEP, STORAGE] = ['network', 'sip-options', 'storage'] as const;

/** This machine has lost its network of the scope, or has it again. */
export const networkFindings = (at: number, isBack: boolean): FindingDraft[] => [
  isBack
    ? cleared(at, 'discovery-impaired', NETWORK)
    : event(at, { kind: 'discovery-impaired', about: NETWORK, after: 'network-down' }),
];

/** A sweep found most of those silent who answered before, or finds them again. */
export const sweepFindings = ({ unsound, startedAt, endedAt }: Sweep): FindingDraft[] => {
  const at = endedAt ?? startedAt;
  return [
    unsound === null
      ? cleared(at, 'discovery-impaired', SWEEP)
      : event(at, { kind: 'discovery-impaired', about: SWEEP, after: unsound }),
  ];
};

/** While nothing could be written nothing could be told either: it is told afterwards, with its end. */
export const storageFindings = (since: number, until: number, because: string): FindingDraft[] => [
  event(since, { kind: 'discovery-impaired', about: STORAGE, after: because }),
  cleared(until, 'discovery-impaired', STORAGE),
];
