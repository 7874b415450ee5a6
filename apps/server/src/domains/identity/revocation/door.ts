import type { IncomingMessage, ServerResponse } from 'node:http';
import { refusedAnswer } from '@wardline/pki';
import type { Context } from '../../../context.ts';
import { ASKED_AT_ONCE, KEPT_SECONDS, QUESTION_BYTES } from '../limits.ts';
import { answerTo } from './answers.ts';

const GET = /^\/pki\/ocsp\/([\w+/=%-]+)$/;

/**
 * Answers questions on certificates at the door where nothing else is asked: whoever asks is nobody, may know everything that is told
 * there, and is bounded by how many are answered at a time. False where it is no such question, for somebody else to answer.
 */
export function answersOf(context: Context): (request: IncomingMessage, response: ServerResponse) => boolean {
  let open = 0;
  return (request, response) => {
    const isPost = request.method === 'POST' && request.url === '/pki/ocsp';
    const encoded = request.method === 'GET' ? GET.exec(request.url ?? '')?.[1] : undefined;
    if (!isPost && encoded === undefined) return false;
    open += 1;
    response.once('close', () => {
      open -= 1;
    });
    if (open > ASKED_AT_ONCE) send(response, refusedAnswer('later'), false);
    else if (encoded === undefined)
      readQuestion(request, (question) => void answer(context, question, response));
    else void answer(context, questionIn(encoded), response);
    return true;
  };
}

/** RFC 6960 appendix A.1: in base64 behind the address. */
function questionIn(encoded: string): Uint8Array | null {
  try {
    return Buffer.from(decodeURIComponent(encoded), 'base64');
  } catch {
    return null;
  }
}

/** Null where it is larger than a question can be, or of another kind. */
function readQuestion(request: IncomingMessage, done: (question: Uint8Array | null) => void): void {
  const parts: Buffer[] = [];
  let length = 0;
  request.on('data', (part: Buffer) => {
    length += part.length;
    if (length <= QUESTION_BYTES) parts.push(part);
    else if (length > 16 * QUESTION_BYTES) request.destroy();
  });
  request.on('end', () => done(length > QUESTION_BYTES ? null : Buffer.concat(parts)));
  // Whoever hangs up in the middle is told nothing.
  request.on('error', () => {});
}

async function answer(
  context: Context,
  question: Uint8Array | null,
  response: ServerResponse,
): Promise<void> {
  try {
    const told =
      question === null
        ? { body: refusedAnswer('malformed'), isKept: false }
        : await answerTo(context, question);
    send(response, told.body, told.isKept);
  } catch (err) {
    context.log.error({ err }, 'whether a certificate holds could not be told');
    send(response, refusedAnswer('later'), false);
  }
}

function send(response: ServerResponse, body: Uint8Array, isKept: boolean): void {
  response.writeHead(200, {
    'content-type': 'application/ocsp-response',
    'content-length': body.length,
    'cache-control': isKept ? `public, max-age=${KEPT_SECONDS}` : 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}
