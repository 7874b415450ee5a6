import { type IncomingMessage, request } from 'node:http';
import { isIP } from 'node:net';
import { connect, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import { toPem } from '@wardline/pki';
import { AgentError } from '../agent-error.ts';
import { ANSWER_BYTES, EXCHANGE_MILLIS, SHOWN_CERTIFICATES } from '../limits.ts';
import type { Answer, Ask, Exchange, Identity } from './exchange.ts';

/** Over Node's own TLS, for keys in memory. */
export const tlsExchange: Exchange = async (ask) => {
  const socket = await secured(ask);
  try {
    ask.judge(shownBy(socket));
    return await answered(ask, socket);
  } finally {
    socket.destroy();
  }
};

/** What a server shows in a handshake in which nothing is said. */
export async function shownTo(ask: Ask): Promise<Buffer[]> {
  const socket = await secured(ask);
  const shown = shownBy(socket);
  socket.destroy();
  return shown;
}

export const networkError = (error: Error, { host }: URL): AgentError =>
  error instanceof AgentError ? error : new AgentError('network', `${host}: ${error.message}`);

export function secured({ server, as }: Ask): Promise<TLSSocket> {
  const host = server.hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port: Number(server.port || 443),
      ...(isIP(host) === 0 ? { servername: host } : {}),
      // Node would go by the device's clock, and knows no pins: judged by `judge`, before anything is said.
      rejectUnauthorized: false,
      minVersion: 'TLSv1.3',
      ...credentialsOf(as),
    });
    socket.setTimeout(EXCHANGE_MILLIS, () => socket.destroy(new Error('no answer in time')));
    socket.once('error', (error) => reject(networkError(error, server)));
    socket.once('secureConnect', () => resolve(socket));
  });
}

function credentialsOf(as: Identity | null): { cert?: string; key?: string } {
  if (as === null) return {};
  if (as.key.by !== 'memory') throw new AgentError('key', 'This key is not one that lies in memory');
  return { cert: as.chain.map((der) => toPem('CERTIFICATE', der)).join(''), key: as.key.pem };
}

export function shownBy(socket: TLSSocket): Buffer[] {
  const chain: Buffer[] = [];
  let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (
    next?.raw !== undefined &&
    chain.length < SHOWN_CERTIFICATES &&
    !chain.some((one) => one.equals(next!.raw))
  ) {
    chain.push(next.raw);
    next = next.issuerCertificate;
  }
  return chain;
}

/** HTTP/1.1 over a connection that stands. */
export function answered(ask: Ask, socket: NodeJS.ReadWriteStream): Promise<Answer> {
  const { server, method, path, headers = {}, body = '' } = ask;
  const length = body.length === 0 ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const asked = request({
      createConnection: () => socket as never,
      signal: AbortSignal.timeout(EXCHANGE_MILLIS),
      method,
      path,
      headers: { host: server.host, connection: 'close', ...headers, ...length },
    });
    asked.once('error', (error) => reject(networkError(error, server)));
    asked.once('response', (answer) => {
      wholeOf(answer).then(
        (bytes) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: bytes }),
        (error: Error) => reject(networkError(error, server)),
      );
    });
    asked.end(body);
  });
}

async function wholeOf(answer: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > ANSWER_BYTES) throw new Error(`an answer of more than ${ANSWER_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}
