import { addressKind } from '../outgoing/address.ts';
import { addressesOf } from '../store/primary.ts';
import { ConfigError } from './config-error.ts';

/** Ways of libpq that end where the other side proves nothing. */
const PROVES: ReadonlySet<string> = new Set(['require', 'verify-ca', 'verify-full']);

/**
 * The address of a database where nobody on the way can read along: sockets and this machine as they are, every other one in TLS with a
 * certificate that is checked. @throws ConfigError
 */
export function encryptedUrl(url: string | undefined): string | null {
  if (url === undefined || url.trim() === '') return null;
  for (const address of addressesOf(url)) {
    const parts = /^postgres(?:ql)?:\/\/(?:[^@/]*@)?(\[[^\]]*\]|[^:/?]*)[^?]*(?:\?(.*))?$/.exec(address);
    const settings = new URLSearchParams(parts?.[2]);
    const host = settings.get('host') ?? (parts?.[1] ?? '').replace(/^\[|\]$/g, '');
    const isHere =
      host === '' || host.startsWith('/') || host === 'localhost' || addressKind(host) === 'loopback';
    if (!isHere && !PROVES.has(settings.get('sslmode') ?? ''))
      throw new ConfigError(
        `DATABASE_URL: sslmode=verify-full is needed for ${host}, with sslrootcert=FILE for an authority of your own`,
      );
  }
  return url;
}
