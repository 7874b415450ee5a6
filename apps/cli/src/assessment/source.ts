import { createReadStream } from 'node:fs';
import type { InputError } from '@wardline/model';
import { type Capture, explainSystemError } from './captures.ts';
import { READ_BYTES } from './limits.ts';

/** The bytes of a capture; a failing disk ends them early and is kept in `errors`, so that what was read counts. */
export async function* readCapture(capture: Capture, errors: InputError[]): AsyncGenerator<Uint8Array> {
  let offset = 0;
  try {
    for await (const chunk of open(capture)) {
      offset += chunk.length;
      yield chunk;
    }
  } catch (error) {
    errors.push({ file: capture.name, record: null, offset, message: explainSystemError(error) });
  }
}

function open(capture: Capture): AsyncIterable<Buffer> {
  if (capture.path === null) return process.stdin;
  return createReadStream(capture.path, { highWaterMark: READ_BYTES });
}
