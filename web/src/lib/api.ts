import type { DeviceDetailJson, DeviceListJson } from '../../../src/api/contract/device.ts';
import type { FindingListJson } from '../../../src/api/contract/finding.ts';
import type { ProblemJson } from '../../../src/api/contract/problem.ts';
import type { StatusJson } from '../../../src/api/contract/status.ts';
import type { SweepJson, SweepListJson } from '../../../src/api/contract/sweep.ts';

const BASE = '/api/v1';

/** Longest wait for an answer: the daemon is near, so silence means trouble. */
const TIMEOUT_MS = 20_000;

/** The API said no (`problem` says why), or could not be reached (`problem` is null). */
export class ApiError extends Error {
  readonly problem: ProblemJson | null;

  constructor(problem: ProblemJson | null, cause?: unknown) {
    super(problem?.title ?? 'no answer', { cause });
    this.name = 'ApiError';
    this.problem = problem;
  }
}

async function request<T>(path: string, init: RequestInit = {}): Promise<T> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
  try {
    const response = await fetch(`${BASE}${path}`, { ...init, signal });
    if (!response.ok) throw new ApiError(await problemOf(response));
    return (await response.json()) as T;
  } catch (error) {
    throw error instanceof ApiError ? error : new ApiError(null, error);
  }
}

/** What a proxy in between says is no problem document: then only its status is known. */
async function problemOf(response: Response): Promise<ProblemJson> {
  const bare: ProblemJson = {
    type: 'about:blank',
    status: response.status,
    title: `${response.status} ${response.statusText}`.trim(),
    code: 'HTTP',
  };
  if (!response.headers.get('content-type')?.includes('json')) return bare;
  return { ...bare, ...((await response.json()) as Partial<ProblemJson>) };
}

export const getStatus = (language: string, signal?: AbortSignal) =>
  request<StatusJson>(`/status?lang=${language}`, withSignal(signal));

export const getDevices = (language: string, signal?: AbortSignal) =>
  request<DeviceListJson>(`/devices?lang=${language}`, withSignal(signal));

export const getDevice = (id: string, language: string, signal?: AbortSignal) =>
  request<DeviceDetailJson>(`/devices/${encodeURIComponent(id)}?lang=${language}`, withSignal(signal));

export const getFindings = (limit: number, signal?: AbortSignal) =>
  request<FindingListJson>(`/findings?limit=${limit}`, withSignal(signal));

export const getSweeps = (signal?: AbortSignal) => request<SweepListJson>('/sweeps', withSignal(signal));

/** Starts a sweep of every active channel; answers with the sweeps that now run. */
export const startSweep = () =>
  request<SweepListJson>('/sweeps', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });

/** Pauses the sweep under way, goes on with it, or ends it; answers with what it is then. */
export const changeSweep = (state: 'paused' | 'running' | 'cancelled') =>
  request<SweepJson>('/sweeps/running', {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ state }),
  });

/** The address of the event stream; what it tells is in the contract's EventMap. */
export const eventsUrl = (language: string): string => `${BASE}/events?lang=${language}`;

const withSignal = (signal: AbortSignal | undefined): RequestInit => (signal === undefined ? {} : { signal });
