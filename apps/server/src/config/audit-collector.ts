import { readFileSync } from 'node:fs';

/** Where audit messages go: an audit record repository (IHE ITI-20) that takes syslog over TLS. */
export interface AuditCollector {
  host: string;
  port: number;
  /** PEM; without it the system's own authorities are trusted. */
  ca: string | undefined;
  /** PEM of this server's own certificate and key, which IHE ATNA asks for. */
  certificate: string | undefined;
  key: string | undefined;
}

export interface AuditEnvironment {
  collector: string | undefined;
  ca: string | undefined;
  certificate: string | undefined;
  key: string | undefined;
}

/** RFC 5425 §4.1 */
const SYSLOG_TLS = 6514;

/** Null where nobody asked for one, or what is wrong with which setting. */
export function auditCollector(environment: AuditEnvironment): AuditCollector | null | { problem: string } {
  const { collector, ca, certificate, key } = environment;
  if (collector === undefined || collector.trim() === '') return null;
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]]+))(?::(\d{1,5}))?$/.exec(collector.trim());
  const port = Number(match?.[3] ?? SYSLOG_TLS);
  if (match === null || port < 1 || port > 65_535)
    return { problem: `WARDLINE_AUDIT_COLLECTOR: expected host:port, not ${collector}` };
  if ((certificate === undefined) !== (key === undefined))
    return { problem: 'WARDLINE_AUDIT_CERT and WARDLINE_AUDIT_KEY: expected both or neither' };
  const files = { WARDLINE_AUDIT_CA: ca, WARDLINE_AUDIT_CERT: certificate, WARDLINE_AUDIT_KEY: key };
  for (const [setting, file] of Object.entries(files)) {
    const problem = file === undefined ? null : problemOf(file);
    if (problem !== null) return { problem: `${setting}: ${problem}` };
  }
  const [authority, own, secret] = [ca, certificate, key].map((file) =>
    file === undefined ? undefined : readFileSync(file, 'utf8'),
  );
  return { host: match[1] ?? match[2]!, port, ca: authority, certificate: own, key: secret };
}

function problemOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').includes('-----BEGIN ')
      ? null
      : `expected a file in PEM, which ${file} is not`;
  } catch (cause) {
    return `${file} cannot be read (${(cause as NodeJS.ErrnoException).code})`;
  }
}
