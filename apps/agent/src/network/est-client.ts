import {
  type Certificate,
  estBody,
  estText,
  type GeneralName,
  parseCertificatesOnly,
  parseRequestAttributes,
} from '@wardline/pki';
import { AgentError } from '../agent-error.ts';
import { RETRY_AFTER } from '../limits.ts';
import type { Answer, Ask, Exchange, Identity } from './exchange.ts';

/** What an EST server said to a request (RFC 7030 §4.2.3). */
export type Verdict =
  | { state: 'issued'; certificates: Certificate[] }
  | { state: 'waiting'; seconds: number }
  | { state: 'refused'; status: number; message: string };

type Operation = 'cacerts' | 'csrattrs' | 'simpleenroll' | 'simplereenroll';

export interface EstSettings {
  server: URL;
  exchange: Exchange;
  judge: Ask['judge'];
  /** Told the time of each answer, microseconds since the epoch. */
  learn: (at: number) => void;
}

/** Enrolment over Secure Transport, as a client (RFC 7030, RFC 8951, RFC 9908). */
export class EstClient {
  readonly #settings: EstSettings;

  constructor(settings: EstSettings) {
    this.#settings = settings;
  }

  async authorities(): Promise<Certificate[]> {
    return certificatesOf(mustBeDone(await this.#ask('cacerts', null)));
  }

  /** The names under which the server knows whoever shows itself; none where it does not know it. */
  async namesOf(as: Identity): Promise<readonly GeneralName[]> {
    const answer = await this.#ask('csrattrs', as);
    if (answer.status === 204 || answer.status === 404) return [];
    const read = parseRequestAttributes(derOf(mustBeDone(answer)));
    if (!read.ok)
      throw new AgentError('network', `What a request should hold cannot be read: ${read.refused.message}`);
    return read.value.names;
  }

  /** `as`: the maker's certificate; `code`: the one-time code. */
  async enrol(
    request: Uint8Array,
    { as, code }: { as: Identity | null; code: string | null },
  ): Promise<Verdict> {
    const basic =
      code === null ? {} : { authorization: `Basic ${Buffer.from(`device:${code}`).toString('base64')}` };
    return verdictOf(await this.#ask('simpleenroll', as, request, basic));
  }

  async renew(request: Uint8Array, as: Identity): Promise<Verdict> {
    return verdictOf(await this.#ask('simplereenroll', as, request));
  }

  async #ask(
    operation: Operation,
    as: Identity | null,
    request?: Uint8Array,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const { server, exchange, judge, learn } = this.#settings;
    const path = `/.well-known/est/${operation}`;
    const type = { 'content-type': 'application/pkcs10', 'content-transfer-encoding': 'base64' };
    const body = request === undefined ? {} : { body: estText(request), headers: { ...type, ...more } };
    const answer = await exchange({
      server,
      method: request === undefined ? 'GET' : 'POST',
      path,
      ...body,
      as,
      judge,
    });
    const at = Date.parse(String(answer.headers.date ?? ''));
    if (!Number.isNaN(at)) learn(at * 1000);
    if (answer.status >= 500 || answer.status === 429)
      throw new AgentError(
        'network',
        `The server answers ${answer.status}: ${saidBy(answer)}`,
        answer.status,
      );
    return answer;
  }
}

const saidBy = ({ body }: Answer): string =>
  body
    .toString('utf8')
    .replaceAll(/[^\x20-\x7e\u00a0-\uffff]+/g, ' ')
    .trim()
    .slice(0, 400);

function mustBeDone(answer: Answer): Answer {
  if (answer.status === 200) return answer;
  throw new AgentError('refused', `The server answers ${answer.status}: ${saidBy(answer)}`, answer.status);
}

function derOf({ body }: Answer): Uint8Array {
  const read = estBody(body.toString('latin1'));
  if (!read.ok) throw new AgentError('network', `An answer that cannot be read: ${read.refused.message}`);
  return read.value;
}

function certificatesOf(answer: Answer): Certificate[] {
  const read = parseCertificatesOnly(derOf(answer));
  if (!read.ok) throw new AgentError('network', `Certificates that cannot be read: ${read.refused.message}`);
  return read.value;
}

function verdictOf(answer: Answer): Verdict {
  if (answer.status === 200) return { state: 'issued', certificates: certificatesOf(answer) };
  if (answer.status === 202) return { state: 'waiting', seconds: retryAfter(answer) };
  return { state: 'refused', status: answer.status, message: saidBy(answer) };
}

function retryAfter({ headers }: Answer): number {
  const told = Number(headers['retry-after']);
  const seconds = Number.isFinite(told) && told > 0 ? told : 60;
  return Math.min(RETRY_AFTER.most, Math.max(RETRY_AFTER.least, seconds));
}
