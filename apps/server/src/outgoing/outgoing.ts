import { type LookupAddress, type LookupOptions, lookup as resolveName } from 'node:dns';
import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { addressKind } from './address.ts';
import { OUTGOING_BYTES, OUTGOING_MILLISECONDS, OUTGOING_REDIRECTS } from './limits.ts';

export type OutgoingFault = 'address-refused' | 'place-refused' | 'too-large' | 'redirected';

/** A request that was not sent, or whose answer was not taken. What the network says comes as Node's own error. */
export class OutgoingError extends Error {
  override readonly name = 'OutgoingError';
  readonly code: OutgoingFault;

  constructor(code: OutgoingFault, message: string) {
    super(message);
    this.code = code;
  }
}

export interface OutgoingRequest {
  method?: string;
  headers?: Readonly<Record<string, string>>;
  body?: string | Uint8Array;
  /** Bytes of the answer; more is refused. */
  most?: number;
  milliseconds?: number;
  /** Followed at the most; each is held against the same rules. None by default. */
  redirects?: number;
  signal?: AbortSignal;
  /** PEM of the authorities that the other side's certificate is held against; the system's own by default. */
  ca?: string;
}

/** Which places inside may be asked, beside what is public. */
export interface OutgoingRules {
  /** Names and addresses (with their port, or without for every port) that the machine's operator named. */
  hosts: ReadonlySet<string>;
  /** Nothing but this machine reaches the server, so that asking this machine tells nobody more. */
  loopback: boolean;
}

type Resolve = typeof resolveName;

/**
 * The one way out over HTTP. The name is resolved once, every address that it has is held against the rules, and the connection goes
 * to what was checked: a name that changes its address in between changes nothing. No password in an address, no redirect that
 * was not asked for, no cookie, and an answer within bounds.
 */
export class Outgoing {
  readonly #rules: OutgoingRules;
  readonly #resolve: Resolve;

  constructor(rules: OutgoingRules, resolve: Resolve = resolveName) {
    this.#rules = rules;
    this.#resolve = resolve;
  }

  /** @throws OutgoingError, or Node's error where the place cannot be reached */
  async request(address: string | URL, asked: OutgoingRequest = {}): Promise<Response> {
    const signal = AbortSignal.any([
      AbortSignal.timeout(asked.milliseconds ?? OUTGOING_MILLISECONDS),
      ...(asked.signal ? [asked.signal] : []),
    ]);
    let place = new URL(address);
    let headers = asked.headers ?? {};
    const most = Math.min(asked.redirects ?? 0, OUTGOING_REDIRECTS);
    for (let followed = 0; ; followed += 1) {
      const answer = await this.#once(place, { ...asked, headers, signal });
      const next = answer.headers.get('location');
      if (![301, 302, 303, 307, 308].includes(answer.status)) return answer;
      if (followed === most || next === null)
        throw new OutgoingError('redirected', 'it answered with another address');
      const onward = new URL(next, place);
      // RFC 9110 §15.4: a body is not handed to another place, and neither is what opened this one.
      if (onward.origin !== place.origin) headers = withoutCredentials(headers, asked);
      place = onward;
    }
  }

  /** In the form of `fetch`, for libraries that take one. */
  readonly fetch = async (
    input: string,
    init: { method?: string; headers?: Record<string, string>; body?: unknown; signal?: AbortSignal },
  ): Promise<Response> => {
    const { method, headers, body, signal } = init;
    const text = body === undefined || body === null ? undefined : bodyText(body);
    return await this.request(input, {
      ...(method === undefined ? {} : { method }),
      ...(headers === undefined ? {} : { headers }),
      ...(text === undefined ? {} : { body: text }),
      ...(signal === undefined ? {} : { signal }),
    });
  };

  /**
   * For connections in TLS that are not HTTP: resolves names, and holds every address against the rules.
   * @throws OutgoingError where the place itself is refused
   */
  lookupOf(host: string, port: number): LookupFunction {
    const place = new URL(`https://${isIP(host) === 6 ? `[${host}]` : host}:${port}`);
    this.#checkPlace(place);
    return this.#lookupFor(place) as LookupFunction;
  }

  #once(place: URL, asked: OutgoingRequest & { signal: AbortSignal }): Promise<Response> {
    this.#checkPlace(place);
    const send = place.protocol === 'https:' ? requestTls : requestPlain;
    return new Promise((resolve, reject) => {
      const options = {
        method: asked.method ?? 'GET',
        headers: { 'user-agent': 'wardline', ...asked.headers },
        signal: asked.signal,
        ...(asked.ca === undefined ? {} : { ca: asked.ca }),
        lookup: this.#lookupFor(place) as never,
        // No connection is kept: the next request resolves and checks again.
        agent: false as const,
      };
      const request = send(place, options, (answer) => {
        responseOf(answer, asked.most ?? OUTGOING_BYTES).then(resolve, (error: unknown) => {
          request.destroy();
          reject(error as Error);
        });
      });
      request.on('error', reject);
      request.end(asked.body);
    });
  }

  #checkPlace(place: URL): void {
    const host = hostOf(place);
    if (place.username !== '' || place.password !== '')
      throw new OutgoingError('place-refused', 'an address with a password in it is not asked');
    const named = this.#isNamed(place);
    const kind = isIP(host) === 0 ? null : addressKind(host);
    if (place.protocol !== 'https:' && !(place.protocol === 'http:' && (named || isThisMachine(host))))
      throw new OutgoingError('place-refused', `${place.protocol}//${place.host}: expected https`);
    if (kind !== null) this.#checkAddress(place, host);
  }

  #isNamed(place: URL): boolean {
    const host = hostOf(place);
    const port = place.port || (place.protocol === 'https:' ? '443' : '80');
    return this.#rules.hosts.has(host) || this.#rules.hosts.has(`${host}:${port}`);
  }

  #checkAddress(place: URL, address: string): void {
    const kind = addressKind(address);
    const isHere = kind === 'loopback';
    if (kind !== 'public' && !(kind !== 'never' && this.#isNamed(place)) && !(isHere && this.#rules.loopback))
      throw new OutgoingError(
        'address-refused',
        `${place.host} is at a ${kind === 'never' ? 'reserved' : kind} address; name it in WARDLINE_OUTGOING_ALLOW to let the server ask it`,
      );
    // What is said in clear stays on this machine, whatever the operator named.
    if (place.protocol === 'http:' && !isHere)
      throw new OutgoingError('place-refused', `http://${place.host}: expected https`);
  }

  /** Resolves for the connection itself, so that what was checked is what is connected to. */
  #lookupFor(place: URL) {
    return (
      host: string,
      options: LookupOptions,
      done: (error: Error | null, address?: string | LookupAddress[], family?: number) => void,
    ): void => {
      this.#resolve(host, { ...options, all: true }, (error, addresses) => {
        if (error) return done(error);
        try {
          for (const { address } of addresses) this.#checkAddress(place, address);
        } catch (refused) {
          return done(refused as Error);
        }
        const [first] = addresses;
        if (options.all) return done(null, addresses);
        return done(null, first?.address, first?.family);
      });
    };
  }
}

function withoutCredentials(
  headers: Readonly<Record<string, string>>,
  { body }: OutgoingRequest,
): Record<string, string> {
  if (body !== undefined) throw new OutgoingError('redirected', 'it wants the request sent to another place');
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/^(authorization|cookie|proxy-authorization)$/i.test(name)),
  );
}

const hostOf = ({ hostname }: URL): string =>
  hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
const isThisMachine = (host: string): boolean =>
  host === 'localhost' || (isIP(host) !== 0 && addressKind(host) === 'loopback');

function bodyText(body: unknown): string | Uint8Array {
  if (typeof body === 'string' || body instanceof Uint8Array) return body;
  if (body instanceof URLSearchParams) return body.toString();
  throw new OutgoingError('place-refused', 'a body of this kind is not sent');
}

async function responseOf(answer: IncomingMessage, most: number): Promise<Response> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > most)
      throw new OutgoingError('too-large', `its answer is too long: more than ${most} bytes`);
    parts.push(part);
  }
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers))
    for (const one of [value ?? []].flat()) headers.append(name, one);
  const status = answer.statusCode ?? 500;
  const empty = status === 204 || status === 205 || status === 304;
  return new Response(empty ? null : Buffer.concat(parts), { status, headers });
}
