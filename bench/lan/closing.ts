const open = new Set<() => void>();

/** Has `close` run once: when the returned function is called, or when the bench ends, in whatever way it does. */
export function closeAtEnd(close: () => void): () => void {
  const closeOnce = (): void => {
    if (open.delete(closeOnce)) close();
  };
  open.add(closeOnce);
  return closeOnce;
}

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** From here on everything given to closeAtEnd is closed, newest first, on a fault and on Ctrl-C too. */
export function closeAllAtExit(): void {
  process.on('exit', () => {
    for (const close of [...open].reverse()) close();
  });
  for (const [signal, code] of Object.entries(SIGNALS)) process.on(signal, () => process.exit(code));
}
