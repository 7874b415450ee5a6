import { type IncomingMessage, request } from 'node:http';
import { EXCHANGE_MILLIS } from '../limits.ts';
import type { Answer, Ask } from './exchange.ts';
import { networkError, secured, shownBy } from './tls-exchange.ts';

/** An answer whose body is taken as it comes. */
export type StreamedAnswer = Omit<Answer, 'body'> & { body: AsyncIterable<Uint8Array> };
/** One request over TLS 1.3 for more than fits into memory. @throws AgentError, also while the body is read */
export type Streaming = (ask: Ask) => Promise<StreamedAnswer>;

/** Over Node's own TLS, for keys in memory. */
export const streamed: Streaming = async (ask) => {
  const socket = await secured(ask);
  try {
    ask.judge(shownBy(socket));
    const answer = await begun(ask, socket);
    return { status: answer.statusCode ?? 0, headers: answer.headers, body: bodyOf(answer, ask.server) };
  } catch (error) {
    socket.destroy();
    throw error;
  }
};

function begun({ server, method, path, headers = {} }: Ask, socket: NodeJS.ReadWriteStream) {
  return new Promise<IncomingMessage>((resolve, reject) => {
    const asked = request({
      createConnection: () => socket as never,
      method,
      path,
      headers: { host: server.host, connection: 'close', ...headers },
    });
    asked.setTimeout(EXCHANGE_MILLIS, () => asked.destroy(new Error('no answer in time')));
    asked.once('error', (error) => reject(networkError(error, server)));
    asked.once('response', resolve);
    asked.end();
  });
}

async function* bodyOf(answer: IncomingMessage, server: URL): AsyncGenerator<Uint8Array> {
  try {
    yield* answer as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw networkError(error as Error, server);
  } finally {
    answer.destroy();
  }
}
