/** Answers of phones to GET /, as nmap-service-probes, rapid7/recog and Greenbone describe them; bodies shortened. */
export const answerOf = (status: string, headers: readonly string[], body = '', lineEnd = '\r\n'): Buffer =>
  Buffer.from([`HTTP/1.1 ${status}`, ...headers, '', body].join(lineEnd));

export const page = (title: string): string =>
  `<html><head><TITLE>${title}</TITLE></head><body>x</body></html>`;

export const SAMPLES: readonly Buffer[] = [
  answerOf('200 OK', ['Server: snom embedded', 'Content-Type: text/html'], page('snom D715')),
  answerOf(
    '401 Unauthorized',
    ['Server: snom embedded', 'WWW-Authenticate: Basic realm="snom"', 'Content-Length: 0'],
    '',
  ),
  answerOf(
    '401 Unauthorized',
    [
      'Server: Polycom SoundPoint IP Telephone HTTPd',
      'WWW-Authenticate: Basic realm="SPIP Configuration", Digest realm="SPIP Configuration", nonce="a,b"',
    ],
    page('Polycom - Configuration Utility'),
  ),
  answerOf('200 OK', ['Server: Grandstream GXP2020 1.2.5.3'], page('Grandstream Device Configuration')),
  answerOf('302 Found', ['Server:', 'Location: /login.html?id=1'], ''),
  answerOf('401 Unauthorized', ['www-authenticate:Digest  realm="spa user"'], page('SPA504G'), '\n'),
];
