import { hostname } from 'node:os';

/** Name of this machine, as the system has it. */
export const hostName = (): string => hostname();

/** The number that the system knows this process by. */
export const processId = (): number => process.pid;
