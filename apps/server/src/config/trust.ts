import { ConfigError } from './config-error.ts';

export interface TrustEnvironment {
  /** Where devices come for certificates. */
  devicePort: string | number | undefined;
  /** Where lists and answers of revocation are told in clear, as they are signed. */
  revocationPort: string | number | undefined;
  /** By which address certificates say that it can be reached. */
  revocationUrl: string | undefined;
}

export interface TrustConfig {
  devicePort: number | null;
  revocationPort: number | null;
  /** Without a slash at its end; null where certificates name no place. */
  revocationUrl: string | null;
}

/** @throws ConfigError that says which setting is wrong */
export function parseTrust(given: TrustEnvironment, hasTls: boolean): TrustConfig {
  const devicePort = portOf('WARDLINE_DEVICE_PORT', given.devicePort);
  if (devicePort !== null && !hasTls)
    throw new ConfigError('WARDLINE_DEVICE_PORT needs TLS: name --host, or --tls-cert and --tls-key');
  const revocationPort = portOf('WARDLINE_REVOCATION_PORT', given.revocationPort);
  return { devicePort, revocationPort, revocationUrl: urlOf(given.revocationUrl) };
}

function portOf(setting: string, given: string | number | undefined): number | null {
  if (given === undefined || given === '') return null;
  const port = Number(given);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new ConfigError(`${setting} must be a number from 0 to 65535, not ${given}`);
}

/** Plain HTTP: whoever checks a certificate cannot first check another one (RFC 6960 appendix A, RFC 5280 §8). */
function urlOf(given: string | undefined): string | null {
  if (given === undefined || given === '') return null;
  const url = URL.parse(given);
  if (url?.protocol !== 'http:' || url.search !== '' || url.hash !== '')
    throw new ConfigError(
      `WARDLINE_REVOCATION_URL must be an address as http://pki.hospital.example:7403, not ${given}`,
    );
  return url.href.replace(/\/$/, '');
}
