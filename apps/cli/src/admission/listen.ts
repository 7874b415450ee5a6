import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AdmissionService } from './admission.ts';
import { restReply } from './answers.ts';
import { QUESTION_OCTETS } from './limits.ts';
import { questionOf } from './question.ts';

/** Answers rlm_rest on loopback: 200 with attributes, 401 where the device is refused, 400 where nothing was asked. */
export function listen(service: AdmissionService, port: number): Promise<Server> {
  const server = createServer((request, response) => void answer(service, request, response));
  server.requestTimeout = 5000;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

async function answer(
  service: AdmissionService,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = request.method === 'POST' && request.url === '/decision' ? await bodyOf(request) : null;
  const question = body === null ? null : questionOf(body);
  if (question === null) return end(response, 400, { error: 'no device asks' });
  try {
    const admission = service.decide(question);
    if (admission.verdict === 'accept') end(response, 200, restReply(admission));
    else end(response, 401, {});
  } catch (error) {
    // The authentication server then goes on as when nobody can be asked.
    process.stderr.write(`wardline admission: ${error instanceof Error ? error.message : String(error)}\n`);
    end(response, 500, { error: 'the answer could not be kept' });
  }
}

function end(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** Null where it is too long, breaks off or is no JSON. */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > QUESTION_OCTETS) return null;
      chunks.push(chunk);
    }
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch {
    return null;
  }
}
