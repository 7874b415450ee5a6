import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createPlain } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { type ServerCertificate, tlsSettings } from '../config/certificate.ts';
import type { App } from './routes.ts';
import { closed, listening } from './sensor-door.ts';
import { chainOf } from './shown-chain.ts';

/** Sockets that came through the door of devices, with the certificates that they showed: their own first, none where they have none. */
const shown = new WeakMap<Socket, readonly Buffer[]>();
/** What is asked of the doors; anything else, ways around among it, never reaches the routes. */
const OPERATION =
  /^\/(\.well-known\/est\/[a-z]+|device\/v1\/(attestation|boot|element)\/[a-z]+|device\/v1\/firmware\/([a-z]+|metadata\/[\w.%~-]+|targets\/[\w/.%~-]+))$/;
const ASKED = /^\/pki\/(ocsp(\/[\w+/=%-]*)?|(lists|authorities|roots)\/[\w-]+\.(crl|cer)|authorities\.p7c)$/;

/** What a device showed; undefined where the connection came another way. The handshake proved that it holds the key of the first. */
export const shownBy = (socket: Socket): readonly Buffer[] | undefined => shown.get(socket);

export interface Door {
  port: number;
  renew: (certificate: ServerCertificate) => void;
  close: () => Promise<void>;
}

/**
 * A port of its own for devices that come for a certificate (RFC 7030) or for their firmware, which leads there and nowhere else. Apart from the console's, so
 * that no browser asks a person for a certificate. A device may come without one; whether what it shows is worth anything is judged
 * where it asks.
 */
export async function openDeviceDoor(
  app: App,
  { host, port }: { host: string; port: number },
  certificate: ServerCertificate,
): Promise<Door> {
  const secure = ({ cert, key }: ServerCertificate) => ({
    ...tlsSettings,
    cert,
    key,
    requestCert: true,
    rejectUnauthorized: false,
  });
  const door = createServer(
    secure(certificate),
    leadTo(app, OPERATION, 'Devices come here for a certificate (RFC 7030) and for their firmware.\n'),
  );
  door.on('secureConnection', (socket) => shown.set(socket, chainOf(socket)));
  await listening(door, host, port);
  return {
    port: (door.address() as AddressInfo).port,
    renew: (renewed) => door.setSecureContext(secure(renewed)),
    close: () => closed(door),
  };
}

/** Where everybody asks, in clear, whether a certificate holds: what is told is signed, and asking must not need another certificate. */
export async function openRevocationDoor(
  app: App,
  { host, port }: { host: string; port: number },
  answers: (request: IncomingMessage, response: ServerResponse) => boolean,
): Promise<Omit<Door, 'renew'>> {
  const others = leadTo(app, ASKED, 'Here it is told whether a certificate holds (RFC 5280, RFC 6960).\n');
  const door = createPlain((request, response) => {
    if (!answers(request, response)) others(request, response);
  });
  await listening(door, host, port);
  return { port: (door.address() as AddressInfo).port, close: () => closed(door) };
}

const leadTo =
  (app: App, path: RegExp, elsewhere: string) => (request: IncomingMessage, response: ServerResponse) => {
    if (path.test(request.url ?? '')) app.routing(request, response);
    else response.writeHead(404, { 'content-type': 'text/plain' }).end(elsewhere);
  };
