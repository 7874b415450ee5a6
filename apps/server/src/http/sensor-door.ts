import { createHash, X509Certificate } from 'node:crypto';
import type { IncomingMessage, Server as PlainServer, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { type ServerCertificate, tlsSettings } from '../config/certificate.ts';
import { API, type App } from './routes.ts';
import { chainOf } from './shown-chain.ts';

/** Who came through the door: the digest of the key that they proved, and the certificates that they showed. */
export interface Proved {
  key: string;
  shown: readonly Buffer[];
}

/** What is asked of the door; anything else never reaches the routes. */
const OPERATION = new RegExp(`^${API}/(intake|enforcement/(reports|news|ground|outcomes))/`);

const proved = new WeakMap<Socket, Proved>();

/**
 * The digest of a certificate's public key (SPKI), by which it is known: a certificate that is renewed for the same key stays the
 * same. Null where the text is no certificate.
 */
export function keyDigest(certificate: string | X509Certificate): string | null {
  try {
    const parsed = typeof certificate === 'string' ? new X509Certificate(certificate) : certificate;
    const spki = parsed.publicKey.export({ type: 'spki', format: 'der' });
    return `x509:${createHash('sha256').update(spki).digest('hex')}`;
  } catch {
    return null;
  }
}

/** What a connection through the sensors' door proved; undefined where it came another way. */
export const provedBySensor = (socket: Socket): Proved | undefined => proved.get(socket);

export interface SensorDoor {
  port: number;
  renew: (certificate: ServerCertificate) => void;
  close: () => Promise<void>;
}

/**
 * A port of its own for sensors and gateways, where both sides prove themselves (TLS with a client's certificate), and which leads to intake, to what gateways tell, and
 * nowhere else. Apart from the console's, so that no browser asks a person for a certificate. Who may come is judged at each request: a sensor
 * whose key an administrator registered, or one that was enrolled here, for as long as its certificate holds.
 */
export async function openSensorDoor(
  app: App,
  { host, port, now }: { host: string; port: number; now: () => number },
  certificate: ServerCertificate,
): Promise<SensorDoor> {
  const secure = ({ cert, key }: ServerCertificate) => ({
    ...tlsSettings,
    // Sensors are of this house, and speak nothing older.
    minVersion: 'TLSv1.3' as const,
    cert,
    key,
    requestCert: true,
    rejectUnauthorized: false,
  });
  const door = createServer(secure(certificate), (request, response) => lead(app, request, response));
  door.on('secureConnection', (socket) => {
    const digest = provenBy(socket, now());
    if (digest === null) socket.destroy();
    else proved.set(socket, { key: digest, shown: chainOf(socket) });
  });
  await listening(door, host, port);
  return {
    port: (door.address() as AddressInfo).port,
    renew: (renewed) => door.setSecureContext(secure(renewed)),
    close: () => closed(door),
  };
}

/** The handshake has proved that the peer holds the key; what is left is whether its certificate holds now. */
function provenBy(socket: TLSSocket, micros: number): string | null {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return null;
  const millis = micros / 1000;
  if (Date.parse(certificate.validFrom) > millis || Date.parse(certificate.validTo) < millis) return null;
  return keyDigest(certificate);
}

function lead(app: App, request: IncomingMessage, response: ServerResponse): void {
  if (OPERATION.test(request.url ?? '') && request.socket instanceof TLSSocket)
    app.routing(request, response);
  else
    response
      .writeHead(404, { 'content-type': 'text/plain' })
      .end('Sensors hand over batches here, gateways tell what they run, and nothing else.\n');
}

export function listening(door: Server | PlainServer, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    door.once('error', reject);
    door.listen(port, host, () => {
      door.off('error', reject);
      resolve();
    });
  });
}

export function closed(door: Server | PlainServer): Promise<void> {
  return new Promise((resolve) => {
    door.close(() => resolve());
    door.closeAllConnections();
  });
}
