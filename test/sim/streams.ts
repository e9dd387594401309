import type { StreamSystem } from '../../src/engine/scoped-connect.ts';
import { failure, success } from '../../src/model/outcome.ts';
import type { Certificate, StreamEndpoint } from '../../src/platform/ports.ts';
import type { SimulatedClock } from './clock.ts';

/** What a simulated listener says when it has been asked: pieces, each some time after the one before; null is its FIN. */
export interface Listener {
  certificate?: Certificate;
  says(asked: Uint8Array): readonly (Uint8Array | null | { afterMs: number })[];
}

export interface SimulatedConnection {
  to: Pick<StreamEndpoint, 'transport' | 'address' | 'port'>;
  openedAt: number;
  sent: { at: number; bytes: Uint8Array }[];
  closedAt: number | null;
}

export interface SimulatedStreams extends StreamSystem {
  /** All that were tried, answered or not. */
  readonly tried: readonly SimulatedConnection[];
  /** Most that were open or being opened at the same time. */
  readonly mostOpen: number;
}

/** Listeners by `tcp 10.0.0.2:5060`; 'refused' for a port without one on a host that is there. Other hosts are silent. */
export function createSimulatedStreams(
  clock: SimulatedClock,
  listeners: ReadonlyMap<string, Listener | 'refused'>,
): SimulatedStreams {
  const tried: SimulatedConnection[] = [];
  let mostOpen = 0;
  const close = (connection: SimulatedConnection): void => {
    connection.closedAt ??= clock.monotonic();
  };
  return {
    tried,
    get mostOpen() {
      return mostOpen;
    },
    async openStream(to, timeoutMs, signal) {
      const connection: SimulatedConnection = { to, openedAt: clock.monotonic(), sent: [], closedAt: null };
      tried.push(connection);
      mostOpen = Math.max(mostOpen, tried.filter(({ closedAt }) => closedAt === null).length);
      const listener = listeners.get(`${to.transport} ${to.address}:${to.port}`);
      if (listener === undefined || listener === 'refused') {
        await clock.sleep(listener === undefined ? timeoutMs : 1, signal);
        close(connection);
        return failure('unreachable');
      }
      let hear: (bytes: Uint8Array | null) => void = () => undefined;
      const say = async (asked: Uint8Array): Promise<void> => {
        for (const piece of listener.says(asked)) {
          if (piece !== null && 'afterMs' in piece) await clock.sleep(piece.afterMs);
          else hear(piece);
        }
      };
      await clock.sleep(2, signal);
      return success({
        localAddress: '10.0.0.200',
        localPort: 41_000 + tried.length,
        certificate: listener.certificate ?? null,
        onBytes: (handler) => (hear = handler),
        send(bytes) {
          connection.sent.push({ at: clock.monotonic(), bytes });
          void clock.sleep(2).then(() => say(bytes));
        },
        close() {
          close(connection);
          return Promise.resolve();
        },
      });
    },
  };
}
