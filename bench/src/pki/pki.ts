import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { Agent, request as plainRequest } from 'node:http';
import { request, Agent as SecureAgent } from 'node:https';
import { createServer } from 'node:net';
import { join } from 'node:path';
import {
  type Certificate,
  encodeQuestion,
  issueRoot,
  keySigner,
  parseCertificate,
  parseCertificatesOnly,
  signList,
  signRequest,
  toPem,
} from '@wardline/pki';
import { isInstalled } from '../measured.ts';
import { codeFor, HOST, type Hospital, openHospital } from './hospital.ts';

const DEVICES = 500;
const LISTED = 100_000;
const AT_ONCE = 8;
const ROUNDS = 3;
const ROUND_MS = 2000;

/** Prints enrolments a second, answers of revocation a second beside OpenSSL's responder in the same run, and what lists weigh. */
export async function run(args: string[]): Promise<void> {
  const [devices = DEVICES, listed = LISTED] = args.map(Number);
  const hospital = await openHospital(devices);
  try {
    const certificates = await measureEnrolment(hospital);
    await measureAnswers(hospital, certificates);
  } finally {
    await hospital.close();
  }
  await measureLists(listed);
}

/** Keys, requests and codes are made before: measured is what the server does, from the request to the certificate in its store. */
async function measureEnrolment(hospital: Hospital): Promise<Certificate[]> {
  const asked = await Promise.all(
    hospital.assets.map(async (asset) => {
      const signer = keySigner(generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey);
      const body = Buffer.from(await signRequest(signer)).toString('base64');
      return { code: await codeFor(hospital, asset), body };
    }),
  );
  const agent = new SecureAgent({ keepAlive: true, maxSockets: AT_ONCE });
  const certificates: Certificate[] = [];
  const start = performance.now();
  await atOnce(asked, async ({ code, body }) => {
    certificates.push(await enrolled(hospital, agent, code, body));
  });
  const seconds = (performance.now() - start) / 1000;
  agent.destroy();
  say(
    'enrolments by a code',
    asked.length / seconds,
    `${asked.length} devices, ${AT_ONCE} at once, kept connections`,
  );
  return certificates;
}

function enrolled(
  { server, ca }: Hospital,
  agent: SecureAgent,
  code: string,
  body: string,
): Promise<Certificate> {
  const headers = {
    'content-type': 'application/pkcs10',
    authorization: `Basic ${Buffer.from(`device:${code}`).toString('base64')}`,
  };
  const place = { host: HOST, port: server.devicePort!, ca, agent, method: 'POST', headers };
  return new Promise((resolve, reject) => {
    const asked = request({ ...place, path: '/.well-known/est/simpleenroll' }, (answer) => {
      let text = '';
      answer.on('data', (part: Buffer) => (text += part.toString()));
      answer.on('end', () => {
        const read = parseCertificatesOnly(Buffer.from(text, 'base64'));
        if (answer.statusCode === 200 && read.ok && read.value.length > 0) resolve(read.value[0]!);
        else reject(new Error(`${answer.statusCode}: ${text}`));
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

async function atOnce<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let item = rest.pop(); item !== undefined; item = rest.pop()) await work(item);
    }),
  );
}

/** The same questions, by the same client, in turns. */
async function measureAnswers(hospital: Hospital, certificates: readonly Certificate[]): Promise<void> {
  await signedAhead(hospital, certificates);
  const questions = certificates.map(({ serial }) => questionOf(hospital.zone, serial));
  const ours = { host: HOST, port: hospital.server.revocationPort!, path: '/pki/ocsp' };
  const peer = isInstalled('openssl') ? await opensslResponder(hospital, certificates) : null;
  const kept = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const rates: Record<'ours' | 'kept' | 'peer', number[]> = { ours: [], kept: [], peer: [] };
  try {
    for (let round = 0; round < ROUNDS; round++) {
      rates.ours.push(await answersPerSecond(ours, questions, null));
      rates.kept.push(await answersPerSecond(ours, questions, kept));
      if (peer !== null) rates.peer.push(await answersPerSecond(peer.place, questions, null));
    }
  } finally {
    kept.destroy();
    peer?.child.kill('SIGKILL');
  }
  const [own, fast] = [median(rates.ours), median(rates.kept)];
  say('answers', own, `a connection each, ${AT_ONCE} at once`);
  say('answers', fast, 'kept connections');
  if (peer === null) return;
  const theirs = median(rates.peer);
  say('answers of openssl ocsp', theirs, `a connection each; ratio ${(own / theirs).toFixed(2)}`);
}

const questionOf = (issuer: Certificate, serial: string): Buffer =>
  Buffer.from(encodeQuestion(issuer, serial, 'sha1'));

/** What is told is signed before; the last ones within a round of the server. */
async function signedAhead(hospital: Hospital, certificates: readonly Certificate[]): Promise<void> {
  const last = questionOf(hospital.zone, certificates.at(-1)!.serial);
  const place = { host: HOST, port: hospital.server.revocationPort!, path: '/pki/ocsp' };
  for (;;) {
    const { isKept } = await answerTo(place, last, null);
    if (isKept) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

interface Place {
  host: string;
  port: number;
  path: string;
}

async function answersPerSecond(
  place: Place,
  questions: readonly Buffer[],
  agent: Agent | null,
): Promise<number> {
  const end = performance.now() + ROUND_MS;
  const start = performance.now();
  let count = 0;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (performance.now() < end) {
        await answerTo(place, questions[count++ % questions.length]!, agent);
      }
    }),
  );
  return (count / (performance.now() - start)) * 1000;
}

/** A whole answer that says that it is one (RFC 6960 §4.2.1: `successful`). */
function answerTo(
  { host, port, path }: Place,
  question: Buffer,
  agent: Agent | null,
): Promise<{ isKept: boolean }> {
  const headers = { 'content-type': 'application/ocsp-request', 'content-length': question.length };
  const place = { host, port, path, method: 'POST', headers, agent: agent ?? false } as const;
  return new Promise((resolve, reject) => {
    const asked = plainRequest(place, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('error', reject);
      answer.on('end', () => {
        const status = /^30(82....|81..|..)0a01(..)/.exec(
          Buffer.concat(parts).subarray(0, 12).toString('hex'),
        );
        if (status?.[2] !== '00') reject(new Error(`no answer: ${answer.statusCode}`));
        else resolve({ isKept: answer.headers['cache-control']?.includes('public') === true });
      });
    });
    asked.on('error', reject);
    asked.end(question);
  });
}

/** OpenSSL's responder over an index of the same serial numbers, signing by a key of the same kind. */
async function opensslResponder(
  { folder, zone }: Hospital,
  certificates: readonly Certificate[],
): Promise<{ place: Place; child: ChildProcess }> {
  const at = (name: string) => join(folder, name);
  const index = certificates.map(
    ({ serial }) => `V\t991231235959Z\t\t${evenHex(serial)}\tunknown\t/CN=${serial.slice(0, 16)}`,
  );
  writeFileSync(at('index.txt'), `${index.join('\n')}\n`);
  writeFileSync(at('zone.pem'), toPem('CERTIFICATE', zone.der));
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  writeFileSync(at('answers.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const signer = keySigner(privateKey);
  const own = await issueRoot(signer, 'Answers', 1, { at: Date.now() * 1000, random: randomBytes(16) });
  writeFileSync(at('answers.pem'), toPem('CERTIFICATE', own));
  const port = await freePort();
  const from = ['-index', at('index.txt'), '-CA', at('zone.pem'), '-rsigner', at('answers.pem')];
  const child = spawn('openssl', ['ocsp', ...from, '-rkey', at('answers.key'), '-port', String(port)], {
    stdio: 'ignore',
  });
  const place = { host: '127.0.0.1', port, path: '/' };
  const question = questionOf(zone, certificates[0]!.serial);
  for (let tries = 0; ; tries++) {
    // A connection in which nothing is asked would hold it up for good.
    const answered = await answerTo(place, question, null).catch(() => null);
    if (answered !== null) return { place, child };
    if (tries > 100) throw new Error('openssl ocsp does not answer');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const evenHex = (serial: string): string =>
  serial.padStart(serial.length + (serial.length % 2), '0').toUpperCase();

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** What everybody who follows the list fetches after each revocation. */
async function measureLists(devices: number): Promise<void> {
  const signer = keySigner(generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey);
  const moment = { at: Date.now() * 1000, random: randomBytes(16) };
  const read = parseCertificate(await issueRoot(signer, 'Lists', 1, moment));
  if (!read.ok) throw new Error(read.refused.message);
  for (const share of [0, 0.01, 0.1, 1]) {
    const revoked = Array.from({ length: Math.round(devices * share) }, () => ({
      serial: `4${randomBytes(16).toString('hex').slice(1)}`,
      at: moment.at,
      reason: 'superseded' as const,
    }));
    const order = { number: 1, thisUpdate: moment.at, nextUpdate: moment.at + 86_400_000_000, revoked };
    const start = performance.now();
    const list = await signList({ certificate: read.value, signer }, order);
    const spent = performance.now() - start;
    const kibibytes = (list.length / 1024).toFixed(1).padStart(9);
    console.log(
      `list of ${devices.toLocaleString('en')} devices, ${(share * 100).toFixed(0).padStart(3)} % revoked ${kibibytes} KiB, signed in ${spent.toFixed(0)} ms`,
    );
  }
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;

const say = (what: string, rate: number, how: string): void =>
  console.log(`${what.padEnd(24)} ${Math.round(rate).toLocaleString('en').padStart(7)} /s   ${how}`);
