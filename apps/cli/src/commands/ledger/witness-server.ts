import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ADD_CHECKPOINT_BYTES, type Judgement, parseAddCheckpoint, type Verifier } from '@wardline/ledger';
import type { WitnessState } from './witness-state.ts';

/** C2SP tlog-witness: what is answered to each finding. */
const statuses = {
  continues: 200,
  malformed: 400,
  unsigned: 403,
  'unknown-log': 404,
  conflict: 409,
  unproved: 422,
} as const satisfies Record<Judgement['kind'], number>;

interface Answer {
  status: number;
  type: string;
  body: string;
}

/** Takes heads at `/add-checkpoint` and signs those that continue the last one. `heard` is told of each. */
export function listenAsWitness(
  { host, port }: { host: string; port: number },
  state: WitnessState,
  log: Verifier,
  heard: (judgement: Judgement) => void,
): Promise<{ server: Server; port: number }> {
  const server = createServer((request, response) => {
    const answered = answer(request, state, log, heard).catch(() => plain(500, 'nothing is signed'));
    void answered.then(({ status, type, body }) =>
      response.writeHead(status, { 'content-type': type }).end(body),
    );
  });
  server.requestTimeout = 10_000;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve({ server, port: (server.address() as AddressInfo).port }));
  });
}

async function answer(
  request: IncomingMessage,
  state: WitnessState,
  log: Verifier,
  heard: (judgement: Judgement) => void,
): Promise<Answer> {
  if (request.url !== '/add-checkpoint') return plain(404, 'there is /add-checkpoint only');
  if (request.method !== 'POST') return plain(405, 'expected POST');
  const text = await bodyOf(request);
  if (text === null) return plain(413, 'the request is too long');
  const asked = parseAddCheckpoint(text);
  if (asked === null) return plain(400, 'the request cannot be read');
  const { judgement, line } = state.sign(asked, log);
  heard(judgement);
  const status = statuses[judgement.kind];
  if (judgement.kind === 'conflict') return { status, type: 'text/x.tlog.size', body: `${judgement.size}\n` };
  return judgement.kind === 'continues' ? plain(status, line.trimEnd()) : plain(status, judgement.kind);
}

const plain = (status: number, text: string): Answer => ({
  status,
  type: 'text/plain; charset=utf-8',
  body: `${text}\n`,
});

/** Null where it is longer than a request can be. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > ADD_CHECKPOINT_BYTES) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
