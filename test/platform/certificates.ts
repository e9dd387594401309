import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SelfSigned {
  key: Buffer;
  cert: Buffer;
}

/**
 * Made by openssl, as Node makes no certificates. An old one has expired, and its key and signature are weaker than OpenSSL takes
 * by default.
 */
export function selfSigned(
  subject: string,
  options: { altNames?: string; isOld?: boolean } = {},
): SelfSigned {
  const folder = mkdtempSync(join(tmpdir(), 'sipcensus-certificate-'));
  const openssl = (...args: string[]): unknown =>
    execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const made = ['-nodes', '-keyout', 'key.pem', '-subj', subject];
  try {
    if (options.isOld === true) {
      openssl('req', '-new', '-newkey', 'rsa:1024', ...made, '-out', 'request.pem');
      openssl(
        ...['x509', '-req', '-in', 'request.pem', '-signkey', 'key.pem', '-days', '-1', '-sha1'],
        ...['-out', 'cert.pem'],
      );
    } else {
      const extension =
        options.altNames === undefined ? [] : ['-addext', `subjectAltName=${options.altNames}`];
      openssl('req', '-x509', '-newkey', 'rsa:2048', ...made, '-out', 'cert.pem', '-days', '2', ...extension);
    }
    return { key: readFileSync(join(folder, 'key.pem')), cert: readFileSync(join(folder, 'cert.pem')) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
