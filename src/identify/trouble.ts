import type { Path } from '../document/read-yaml.ts';
import type { Fault } from '../model/fault.ts';

/** What is wrong with a part of a rule, and what to do. */
export interface Trouble {
  message: string;
  hint: string;
}

/** Makes a fault of a trouble and the path, inside the rule, where it stands. */
export type FaultAt = (path: Path, trouble: Trouble, part?: 'key' | 'value') => Fault;
