/** `node mllp-listen.ts PORT [HOST PORT APPLICATION]`: acknowledges HL7 messages; passes them on under its own name. */
import { connect, createServer, type Socket } from 'node:net';
import { acknowledge, envelop, MllpReader } from './mllp.ts';

const [port = '2575', nextHost, nextPort, application = 'ENGINE'] = process.argv.slice(2);

createServer((socket) => {
  const reader = new MllpReader();
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    for (const message of reader.push(chunk)) {
      socket.write(envelop(acknowledge(message)));
      if (nextHost !== undefined) forward(message);
    }
  });
}).listen(Number(port));

/** An interface engine stays connected to the next system. */
let next: Socket | null = null;

function forward(message: string): void {
  if (next === null) {
    next = connect(Number(nextPort), nextHost);
    next.on('error', () => undefined);
    next.on('close', () => {
      next = null;
    });
  }
  const fields = message.split('|');
  fields[2] = application;
  next.write(envelop(fields.join('|')));
}
