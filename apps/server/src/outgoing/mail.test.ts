import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ownCertificate, type ServerCertificate } from '../config/certificate.ts';
import { parseDuty } from '../config/duty.ts';
import { sendMail } from './mail.ts';

let folder: string;
let certificate: ServerCertificate;
let relay: Server;
/** What the relay heard, each line with whether it came encrypted. */
let heard: [line: string, encrypted: boolean][] = [];
const habits = { offers: true, fromStart: false };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wardline-relay-'));
  certificate = await ownCertificate(folder, ['localhost'], Date.now());
  relay = createServer((socket) => (habits.fromStart ? talk(encrypted(socket)) : talk(socket)));
  await new Promise<void>((done) => relay.listen(0, 'localhost', done));
});
afterAll(() => {
  relay?.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  heard = [];
});

function encrypted(socket: Socket): TLSSocket {
  const { cert, key } = certificate;
  return new TLSSocket(socket, { isServer: true, cert, key }).on('error', () => socket.destroy());
}

/** A relay's part of RFC 5321 and RFC 3207. */
function talk(socket: Socket, greets = true): void {
  const isEncrypted = socket instanceof TLSSocket;
  let inBody = false;
  if (greets) socket.write('220 relay\r\n');
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes: Buffer) => {
    for (const line of bytes.toString().split('\r\n').slice(0, -1)) {
      heard.push([line, isEncrypted]);
      if (inBody && line !== '.') continue;
      inBody = line === 'DATA';
      socket.write(answerTo(line, isEncrypted));
      if (line !== 'STARTTLS') continue;
      socket.removeAllListeners('data');
      talk(encrypted(socket), false);
    }
  });
}

function answerTo(line: string, isEncrypted: boolean): string {
  if (line.startsWith('EHLO'))
    return habits.offers && !isEncrypted ? '250-relay\r\n250 STARTTLS\r\n' : '250 relay\r\n';
  if (line === 'STARTTLS') return '220 go ahead\r\n';
  if (line === 'DATA') return '354 go on\r\n';
  return line === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n';
}

const send = (scheme: string, query: string, mailCa?: string) => {
  const { port } = relay.address() as AddressInfo;
  const mail = `${scheme}://localhost:${port}/duty@hospital.example?from=wardline@hospital.example${query}`;
  const config = parseDuty({ webhook: undefined, syslog: undefined, mail, mailCa }).mail!;
  return sendMail(config, { subject: 'An emergency', text: 'name: Dr Ö' }, 10_000);
};
const authority = () => join(folder, 'tls/cert.pem');
/** Lines of the mail itself, which is what must not be read. */
const ofMail = () => heard.filter(([line]) => line !== 'EHLO wardline' && line !== 'STARTTLS');

it.each([
  ['required', 'smtp', '&tls=required', true, false, true],
  ['offered, by whoever it is', 'smtp', '', true, false, false],
  ['there from the start', 'smtps', '', false, true, true],
])('hands it over encrypted where that is %s', async (_name, scheme, query, offers, fromStart, proves) => {
  Object.assign(habits, { offers, fromStart });
  await send(scheme, query, proves ? authority() : undefined);
  expect(ofMail().map(([line]) => line)).toContain('RCPT TO:<duty@hospital.example>');
  expect(ofMail().filter(([, isEncrypted]) => !isEncrypted)).toEqual([]);
});

it('hands it over in clear where nothing else is there and nothing else was asked for', async () => {
  Object.assign(habits, { offers: false, fromStart: false });
  await send('smtp', '');
  expect(ofMail().map(([line]) => line)).toContain('RCPT TO:<duty@hospital.example>');
});

it.each([
  ['does not offer the encryption that is required', '&tls=required', false, /offers no encryption/],
  ['has a certificate of nobody’s', '&tls=required', true, /certificate/],
])('tells a relay nothing that %s', async (_name, query, offers, fault) => {
  Object.assign(habits, { offers, fromStart: false });
  await expect(send('smtp', query)).rejects.toThrow(fault);
  expect(ofMail()).toEqual([]);
});

it('is refused with what is wrong with a setting', () => {
  const mail = 'smtp://relay/duty@hospital.example?tls=perhaps';
  const none = { webhook: undefined, syslog: undefined };
  expect(() => parseDuty({ ...none, mail })).toThrow(/tls must be required/);
  const good = 'smtp://relay/duty@hospital.example';
  expect(() => parseDuty({ ...none, mail: good, mailCa: join(folder, 'none') })).toThrow(
    /WARDLINE_DUTY_MAIL_CA/,
  );
});
