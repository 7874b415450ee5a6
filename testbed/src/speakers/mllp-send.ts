/** `node mllp-send.ts HOST PORT FILE`: sends the file's messages (separated by blank lines), each after the last one's acknowledgement. */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { envelop, MllpReader } from './mllp.ts';

const [host = '', port = '2575', file = ''] = process.argv.slice(2);
const messages = readFileSync(file, 'latin1').split('\n\n').filter(Boolean);
const reader = new MllpReader();
const socket = connect(Number(port), host);

function sendNext(): void {
  const message = messages.shift();
  if (message === undefined) socket.end();
  else socket.write(envelop(`${message.trimEnd().replaceAll('\n', '\r')}\r`));
}

socket.on('connect', sendNext);
socket.on('data', (chunk: Buffer) => {
  for (const _ of reader.push(chunk)) sendNext();
});
socket.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
