import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { disconnectRequest, isDone, type PortSession } from './radius-packet.ts';

/** RFC 5080 §2.2.1: said again after 2, 4 and 8 seconds; a switch that is silent then is away. */
const AGAIN_MILLIS = [2000, 4000, 8000];

/** Asks the switch to end the session, so that the device signs in anew and gets its new answer. */
export function endSession(
  session: PortSession,
  port: number,
  secret: string,
): Promise<'done' | 'refused' | 'silent'> {
  const request = disconnectRequest(randomInt(256), session, secret);
  const socket = createSocket('udp4');
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout;
    const end = (outcome: 'done' | 'refused' | 'silent') => {
      clearTimeout(timer);
      socket.close();
      resolve(outcome);
    };
    const send = (attempt: number) => {
      if (attempt === AGAIN_MILLIS.length) return end('silent');
      socket.send(request, port, session.nasAddress);
      timer = setTimeout(() => send(attempt + 1), AGAIN_MILLIS[attempt]);
    };
    socket.on('error', () => end('silent'));
    socket.on('message', (answer) => {
      const done = isDone(answer, request, secret);
      if (done !== null) end(done ? 'done' : 'refused');
    });
    send(0);
  });
}
