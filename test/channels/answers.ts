/** The head of an answer to a probe, echoed as a well-behaved element does (RFC 3261 8.2.6.2), and the lines that follow it. */
export function answerTo(
  probe: Uint8Array,
  statusLine: string,
  more: readonly string[] = [],
  change: (line: string) => string = (line) => line,
): Uint8Array {
  const lines = Buffer.from(probe).toString().split('\r\n');
  const echoed = ['Via', 'From', 'To', 'Call-ID', 'CSeq'].flatMap((name) =>
    lines.filter((line) => line.startsWith(`${name}:`)),
  );
  return Buffer.from(
    [
      statusLine,
      ...echoed.map((line) => change(line.startsWith('To:') ? `${line};tag=abc` : line)),
      ...more,
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n'),
  );
}
