import { isIP } from 'node:net';
import { ConfigError } from './config-error.ts';

const NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

/**
 * Places inside that the server may ask: `witness.hospital.example, 10.20.30.5:8443, [fd00::5]:443`.
 * @throws ConfigError
 */
export function outgoingHosts(text: string | undefined): ReadonlySet<string> {
  const items = (text ?? '')
    .split(',')
    .map((item) => item.trim().toLowerCase())
    .filter((item) => item !== '');
  return new Set(items.map(hostOf));
}

function hostOf(item: string): string {
  const [, host = '', port] = /^(\[[^\]]*\]|[^:]*|[^[\]]*:[^[\]]*:[^[\]]*?)(?::(\d{1,5}))?$/.exec(item) ?? [];
  const bare = host.replace(/^\[|\]$/g, '');
  if ((isIP(bare) === 0 && !NAME.test(bare)) || (port !== undefined && Number(port) > 65_535))
    throw new ConfigError(
      `WARDLINE_OUTGOING_ALLOW: ${item} is neither a name nor an address, with or without a port`,
    );
  return port === undefined ? bare : `${bare}:${port}`;
}

/** The place of an address that the operator configured: named by that. */
export function placeOf(address: string | URL): string {
  const { hostname, port, protocol } = new URL(address);
  return `${hostname.replace(/^\[|\]$/g, '').toLowerCase()}:${port || (protocol === 'https:' ? '443' : '80')}`;
}
