import { type MetadataSource, type TargetSource, UpdatesFault } from '@wardline/updates';
import type { Link } from '../agent.ts';
import { AgentError } from '../agent-error.ts';
import type { Streaming } from '../network/streamed.ts';

const BASE = '/device/v1/firmware';

/** The hospital's repository behind the door of devices. What it tells is verified by its signatures, not by its certificate. */
export function repositoryOf(link: Link, stream: Streaming): MetadataSource & TargetSource {
  const ask = (path: string, headers = {}) =>
    stream({ ...link, method: 'GET', path: `${BASE}/${path}`, headers });
  return {
    async metadata(name, most) {
      const { status, body } = await ask(`metadata/${name}`);
      if (status === 404) return null;
      mustBe(status, [200], name);
      return wholeOf(name, body, most);
    },
    async *target(path, from) {
      const { status, body } = await ask(`targets/${path}`, from > 0 ? { range: `bytes=${from}-` } : {});
      if (status === 404) throw new UpdatesFault('missing', path);
      // A server that begins anew would be taken for one that goes on.
      mustBe(status, from > 0 ? [206] : [200], path);
      yield* body;
    },
  };
}

function mustBe(status: number, expected: readonly number[], what: string): void {
  if (!expected.includes(status))
    throw new AgentError('refused', `${what}: the server answered ${status}`, status);
}

async function wholeOf(name: string, body: AsyncIterable<Uint8Array>, most: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body) {
    length += piece.length;
    if (length > most) throw new UpdatesFault('too-long', `${name}: more than ${most} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
