/** Builds TLS handshakes for tests. */
import { bytes, u16 } from './frames.ts';

export interface HelloFields {
  version?: number;
  ciphers?: readonly number[];
  extensions?: readonly [type: number, data: Uint8Array][];
}

function vector(prefix: 1 | 2 | 3, content: Uint8Array): Uint8Array {
  const length = bytes(content.length >>> 16, content.length >>> 8, content.length & 255);
  return bytes(length.subarray(3 - prefix), content);
}

export function numbers(prefix: 1 | 2, values: readonly number[]): Uint8Array {
  return vector(prefix, bytes(...values.map(u16)));
}

export function serverNames(name: string): Uint8Array {
  return vector(2, bytes(0, vector(2, bytes(name))));
}

export function alpn(...names: (string | Uint8Array)[]): Uint8Array {
  return vector(2, bytes(...names.map((name) => vector(1, bytes(name)))));
}

export function handshake(type: number, body: Uint8Array): Uint8Array {
  return bytes(type, vector(3, body));
}

export function record(type: number, content: Uint8Array): Uint8Array {
  return bytes(type, 3, 1, vector(2, content));
}

export function clientHello({
  version = 0x0303,
  ciphers = [0xc02f],
  extensions = [],
}: HelloFields): Uint8Array {
  const tail = bytes(...extensions.flatMap(([type, data]) => [u16(type), vector(2, data)]));
  return handshake(1, bytes(u16(version), new Uint8Array(32), 0, numbers(2, ciphers), 1, 0, vector(2, tail)));
}

export function serverHello({
  version = 0x0303,
  ciphers = [0xc02f],
  extensions = [],
}: HelloFields): Uint8Array {
  const tail = bytes(...extensions.flatMap(([type, data]) => [u16(type), vector(2, data)]));
  return handshake(2, bytes(u16(version), new Uint8Array(32), 0, u16(ciphers[0]!), 0, vector(2, tail)));
}

export function certificates(...ders: Uint8Array[]): Uint8Array {
  return handshake(11, vector(3, bytes(...ders.map((der) => vector(3, der)))));
}

/** The two hellos as a connection's records, for protocols that go on as TLS. */
export const tlsHellos = {
  client: () => record(22, clientHello({})),
  server: () => record(22, serverHello({})),
};
