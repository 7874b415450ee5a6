import { createConnection, isIP, type LookupFunction, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';

/** The hospital's relay, and between whom mails go. */
export interface Relay {
  host: string;
  port: number;
  /** `always`: from the start; `required`: by STARTTLS or not at all; `offered`: by STARTTLS where the relay has it. */
  tls: 'always' | 'required' | 'offered';
  /** PEM; without it the system's own authorities are trusted. */
  ca: string | undefined;
  from: string;
  to: string;
  /** Told over TLS only. */
  login?: { user: string; password: string };
  /** Resolves the name, where it is held against rules. */
  lookup?: LookupFunction;
}

export interface Mail {
  subject: string;
  text: string;
}

/** A relay's answer to one command is a few lines (RFC 5321 §4.5.3.1.5: 512 octets each). */
const ANSWER_BYTES = 16 * 1024;

/**
 * Hands one mail to the hospital's relay (RFC 5321), in TLS from the start or by STARTTLS (RFC 3207). A relay inside often takes it from
 * this machine without a login; where there is one, it is told once the line is encrypted (RFC 4954).
 */
export async function sendMail(config: Relay, mail: Mail, timeout: number): Promise<void> {
  const { host, port, tls, login, lookup } = config;
  const place = { host, port, ...(lookup === undefined ? {} : { lookup }) };
  const line = new Line(
    tls === 'always' ? connectTls({ ...place, ...checks(config) }) : createConnection(place),
    timeout,
  );
  try {
    await line.expect(220);
    const offers = await line.say('EHLO wardline', 250);
    const isOffered = /^250[- ]STARTTLS/im.test(offers);
    if (tls === 'required' && !isOffered)
      throw new Error('the relay offers no encryption, which is required');
    if (tls !== 'always' && isOffered) {
      await line.say('STARTTLS', 220);
      await line.secure(checks(config));
      await line.say('EHLO wardline', 250);
    }
    if (login !== undefined) await signIn(line, tls === 'always' || isOffered, login);
    await line.say(`MAIL FROM:<${config.from}>`, 250);
    await line.say(`RCPT TO:<${config.to}>`, 250);
    await line.say('DATA', 354);
    await line.say(`${messageText(config, mail)}\r\n.`, 250);
    await line.say('QUIT', 221);
  } finally {
    line.close();
  }
}

/** RFC 4616. @throws where anybody could read it */
async function signIn(
  line: Line,
  encrypted: boolean,
  { user, password }: NonNullable<Relay['login']>,
): Promise<void> {
  if (!encrypted) throw new Error('the relay offers no encryption, which a login needs');
  const plain = Buffer.from(`\0${user}\0${password}`, 'utf8').toString('base64');
  await line.say(`AUTH PLAIN ${plain}`, 235);
}

/**
 * Encryption that was only offered is taken from whoever answers: somebody in between could have hidden the offer as well, and an
 * alarm that does not come is worse (RFC 7435 §3). Where it is required, the relay proves its name.
 */
const checks = ({ host, tls, ca }: Relay): ConnectionOptions => ({
  ...(isIP(host) === 0 ? { servername: host } : {}),
  ...(ca === undefined ? {} : { ca }),
  rejectUnauthorized: tls !== 'offered',
  minVersion: 'TLSv1.2',
});

/** RFC 5322, with the words in base 64, so that no text of theirs is a header or the end. */
function messageText({ from, to }: Relay, { subject, text }: Mail): string {
  const encoded = Buffer.from(text, 'utf8').toString('base64');
  const wrapped = encoded.match(/.{1,76}/g) ?? [];
  return [
    `From: Wardline <${from}>`,
    `To: <${to}>`,
    `Subject: ${encodedWords(subject)}`,
    'Importance: high',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    ...wrapped,
  ].join('\r\n');
}

/** RFC 2047 §2: at most 75 characters each; 45 bytes are 60 of base 64. */
function encodedWords(text: string): string {
  const words: string[] = [];
  let word = '';
  for (const character of text) {
    if (Buffer.byteLength(word + character) > 42) {
      words.push(word);
      word = '';
    }
    word += character;
  }
  return [...words, word].map((one) => `=?utf-8?B?${Buffer.from(one).toString('base64')}?=`).join('\r\n ');
}

/** One conversation with a relay, answer by answer. */
class Line {
  #socket: Socket | TLSSocket;
  readonly #timeout: number;
  #received = '';
  #wake: () => void = () => {};
  #fault: Error | null = null;

  constructor(socket: Socket | TLSSocket, timeout: number) {
    this.#socket = socket;
    this.#timeout = timeout;
    this.#listen();
  }

  async say(text: string, code: number): Promise<string> {
    this.#socket.write(`${text}\r\n`);
    return this.expect(code);
  }

  /** A whole answer: its last line has a blank behind the code (RFC 5321 §4.2.1). @throws where it is another */
  async expect(code: number): Promise<string> {
    for (;;) {
      if (this.#fault !== null) throw this.#fault;
      const end = this.#endOfAnswer();
      if (end !== null) return this.#take(end, code);
      if (this.#received.length > ANSWER_BYTES) throw new Error('the relay answers without an end');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #endOfAnswer(): number | null {
    let start = 0;
    for (;;) {
      const end = this.#received.indexOf('\n', start);
      if (end === -1) return null;
      if (this.#received[start + 3] !== '-') return end + 1;
      start = end + 1;
    }
  }

  #take(end: number, code: number): string {
    const answer = this.#received.slice(0, end);
    this.#received = this.#received.slice(end);
    if (!answer.startsWith(String(code)))
      throw new Error(`the relay answered ${answer.slice(0, 100).trim()}`);
    return answer;
  }

  async secure(checked: ConnectionOptions): Promise<void> {
    this.#socket.removeAllListeners('data');
    // What came in clear behind the answer could be anybody's (CVE-2011-0411).
    this.#received = '';
    const socket = connectTls({ socket: this.#socket, ...checked });
    await new Promise<void>((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
    this.#socket = socket;
    this.#listen();
  }

  close(): void {
    this.#socket.destroy();
  }

  #listen(): void {
    const fail = (error: Error) => {
      this.#fault ??= error;
      this.#wake();
    };
    this.#socket.setTimeout(this.#timeout, () => fail(new Error('the relay does not answer')));
    this.#socket.on('error', fail).on('close', () => fail(new Error('the relay hung up')));
    this.#socket.on('data', (bytes: Buffer) => {
      this.#received += bytes.toString('latin1');
      this.#wake();
    });
  }
}
