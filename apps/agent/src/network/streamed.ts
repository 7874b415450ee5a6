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

/** Asks over a connection that stands; the answer's body is still to come. */
export function begun({ server, method, path, headers = {} }: Ask, socket: NodeJS.ReadWriteStream) {
  return new Promise<IncomingMessage>((resolve, reject) => {
    const asked = request({
      createConnection: () => socket as never,
      method,
      path,
      headers: { host: server.host, connection: 'close', ...headers },
    });
    const late = setTimeout(() => asked.destroy(new Error('no answer in time')), EXCHANGE_MILLIS);
    asked.once('error', (error) => {
      clearTimeout(late);
      reject(networkError(error, server));
    });
    asked.once('response', (answer) => {
      clearTimeout(late);
      resolve(answer);
    });
    asked.end();
  });
}

/** The body as it comes; `end` is called when it ended, however it did. */
export async function* bodyOf(
  answer: IncomingMessage,
  server: URL,
  end: () => void = () => undefined,
): AsyncGenerator<Uint8Array> {
  const late = setTimeout(() => answer.destroy(new Error('nothing came any more')), EXCHANGE_MILLIS);
  try {
    for await (const piece of answer as AsyncIterable<Uint8Array>) {
      late.refresh();
      yield piece;
    }
  } catch (error) {
    throw networkError(error as Error, server);
  } finally {
    clearTimeout(late);
    answer.destroy();
    end();
  }
}
