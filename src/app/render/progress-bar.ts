import type { Progress } from '../../channels/channel.ts';

const WIDTH = 30;

/** A progress bar with estimate on a terminal's stderr; silent anywhere else. */
export function createProgressBar(
  stream: NodeJS.WriteStream,
  now: () => number,
): { update(progress: Progress): void; clear(): void } {
  if (!stream.isTTY) return { update: () => undefined, clear: () => undefined };
  const startedAt = now();
  let shownAt = -Infinity;
  return {
    update(progress) {
      if (now() - shownAt < 100) return;
      shownAt = now();
      const share = progress.mostToSend === 0 ? 1 : Math.min(1, progress.sent / progress.mostToSend);
      const elapsedS = (now() - startedAt) / 1000;
      const leftS = share > 0.02 ? Math.ceil((elapsedS / share) * (1 - share)) : null;
      const bar = '━'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '─');
      stream.write(
        `\r\u001b[K${bar} ${String(Math.round(share * 100)).padStart(3)} %  ${progress.answered} found${leftS === null ? '' : `, at most ${leftS} s left`}`,
      );
    },
    clear: () => void stream.write('\r\u001b[K'),
  };
}
