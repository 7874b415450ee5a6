import type { AddressInfo } from 'node:net';
import type { Server } from 'node:tls';
import {
  givenCertificate,
  ownCertificate,
  type ServerCertificate,
  tlsSettings,
  writtenAt,
} from '../config/certificate.ts';
import type { Config } from '../config/config.ts';
import type { App } from './routes.ts';

const CERTIFICATE_MILLISECONDS = 60_000;
/** Where nobody asked for a port, so many above the usual one are tried. */
const PORTS = 100;

/** The certificate of the settings, made where it shall be the server's own; null without TLS. */
export async function certificateFor({ tls, dataDir, names }: Config): Promise<ServerCertificate | null> {
  if (tls === null) return null;
  return tls === 'own' ? ownCertificate(dataDir, names, Date.now()) : givenCertificate(tls.cert, tls.key);
}

/** A renewed certificate is taken up without a restart. */
export function followCertificate(
  app: App,
  { tls }: Config,
  renewed: (certificate: ServerCertificate) => void,
): NodeJS.Timeout | null {
  if (tls === null || tls === 'own') return null;
  let last = writtenAt(tls.cert);
  const timer = setInterval(() => {
    if (writtenAt(tls.cert) === last) return;
    last = writtenAt(tls.cert);
    try {
      const given = givenCertificate(tls.cert, tls.key);
      const { cert, key } = given;
      (app.server as unknown as Server).setSecureContext({ ...tlsSettings, cert, key });
      renewed(given);
      app.log.info('the renewed certificate is in use');
    } catch (error) {
      app.log.error({ err: error }, 'the new certificate cannot be used; the old one stays');
    }
  }, CERTIFICATE_MILLISECONDS);
  timer.unref();
  return timer;
}

/** Resolves to the server's own address. */
export async function listen(app: App, config: Config): Promise<string> {
  const { host, port, anyPort } = config;
  for (let candidate = port; ; candidate += 1) {
    try {
      await app.listen({ host, port: candidate });
      const bound = app.server.address() as AddressInfo;
      return `${config.tls === null ? 'http' : 'https'}://${config.names[0] ?? nameOf(host)}:${bound.port}`;
    } catch (error) {
      const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!taken || !anyPort || candidate >= port + PORTS) throw error;
    }
  }
}

/** By the name a browser makes passkeys; for an address of numbers it makes none. */
const nameOf = (host: string): string =>
  host === '::1' ? '[::1]' : host === '127.0.0.1' ? 'localhost' : host;
