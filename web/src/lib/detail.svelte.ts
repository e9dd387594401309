import type { DeviceDetailJson } from '../../../src/api/contract/device.ts';
import { ApiError, getDevice } from './api.ts';

/** The details of one device, asked for again whenever it changes; what was known stays until the answer is there. */
export class Detail {
  value = $state.raw<DeviceDetailJson | null>(null);
  error = $state.raw<ApiError | null>(null);

  /** Returns the way to stop waiting for the answer. */
  ask(id: string, language: string): () => void {
    const asking = new AbortController();
    getDevice(id, language, asking.signal).then(
      (answer) => {
        this.value = answer;
        this.error = null;
      },
      (error: unknown) => {
        if (!asking.signal.aborted && error instanceof ApiError) this.error = error;
      },
    );
    return () => asking.abort();
  }
}
