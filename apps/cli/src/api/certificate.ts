import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { explainSystemError } from '../assessment/captures.ts';
import { CommandError } from '../exit-codes.ts';
import { userPath } from '../working-directory.ts';

export interface CertificateFlags {
  clientCert?: string;
  clientKey?: string;
  ca?: string;
}

/** By what a sensor proves itself, and whom it takes for the server; all PEM. */
export interface ClientCertificate {
  cert: string;
  key: string;
  ca: string | undefined;
}

/** Null where none was named. @throws CommandError */
export async function clientCertificate(flags: CertificateFlags): Promise<ClientCertificate | null> {
  const { clientCert, clientKey, ca } = flags;
  if (clientCert === undefined && clientKey === undefined) return null;
  if (clientCert === undefined || clientKey === undefined)
    throw new CommandError('--client-cert and --client-key go together');
  return {
    cert: await read('--client-cert', clientCert),
    key: await read('--client-key', clientKey),
    ca: ca === undefined ? undefined : await read('--ca', ca),
  };
}

async function read(option: string, path: string): Promise<string> {
  try {
    return await readFile(userPath(path), 'utf8');
  } catch (error) {
    throw new CommandError(`${option} ${path} ${explainSystemError(error)}`);
  }
}

/** One request in which both sides prove themselves; `fetch` knows no certificates of clients. */
export function askWithCertificate(
  place: URL,
  { cert, key, ca }: ClientCertificate,
  init: { method: string; headers: Headers; body: string | Uint8Array | undefined; signal: AbortSignal },
): Promise<Response> {
  const { method, headers, body, signal } = init;
  const options = { cert, key, ca, method, headers: Object.fromEntries(headers), signal };
  return new Promise((resolve, reject) => {
    const asked = request(place, options, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('error', reject);
      answer.on('end', () =>
        resolve(new Response(Buffer.concat(parts), { status: answer.statusCode ?? 500 })),
      );
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
