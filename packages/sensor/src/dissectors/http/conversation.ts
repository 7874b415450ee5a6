import type { Facts } from '@wardline/model';
import type { Reporter, Side } from '../../dissector.ts';
import { factsKey } from '../../report/sink.ts';
import { factText, present } from '../../text/wire-text.ts';
import { readPart10 } from '../dicom/part10.ts';
import { apiByTypes, isPublic } from './api.ts';
import { type Content, inspectContent } from './content.ts';
import { type CredentialSeed, credentialsInJson, credentialsInPairs, outcomeOf } from './credentials.ts';
import { equipmentInJson } from './dicom-objects.ts';
import { type Exchange, openExchange } from './exchange.ts';
import { fhirAccess, fhirServer } from './fhir.ts';
import type { Fields, Head, RequestHead, ResponseHead } from './head.ts';
import type { Leaf } from './json-scan.ts';
import { MAX_PENDING, MAX_STATED, MAX_TEXT } from './limits.ts';
import { patientDataInJson, patientDataInPairs, patientDataInTarget } from './patient-data.ts';
import { isOperation, type SoapContent } from './soap.ts';

type StatedOnce =
  | 'dicom.equipment'
  | 'dpws.device'
  | 'fhir.access'
  | 'fhir.server'
  | 'http.api'
  | 'http.client'
  | 'http.host'
  | 'http.server'
  | 'sdc.device'
  | 'service.unauthenticated';

/** What a waiting request costs beside its texts. */
const EXCHANGE_COST = 128;

/** What requests and responses together say: pairs them, and states each text of a connection once. */
export class HttpConversation {
  readonly #report: Reporter;
  readonly #pending: Exchange[] = [];
  readonly #stated = new Set<string>();
  #responder: Side = 'server';

  constructor(report: Reporter) {
    this.#report = report;
  }

  /** Of the requests that wait for their responses. */
  get heldBytes(): number {
    let sum = 0;
    for (const { path, seeds } of this.#pending) {
      sum += EXCHANGE_COST + path.length;
      for (const { user, secret } of seeds) sum += (user?.length ?? 0) + (secret?.length ?? 0);
    }
    return sum;
  }

  /** The exchange that a head belongs to; null where its request was missed. */
  head(from: Side, head: Head): Exchange | 'full' | null {
    if (head.kind === 'response') return this.#response(from, head);
    if (this.#pending.length >= MAX_PENDING) return 'full';
    const exchange = openExchange(head);
    this.#pending.push(exchange);
    this.#responder = otherSide(from);
    this.#request(from, head);
    return exchange;
  }

  /** The sampled start of a body. */
  content(from: Side, head: Head, exchange: Exchange | null, sample: Uint8Array): void {
    const content = inspectContent(sample, head.fields, exchange?.path ?? '');
    const { image, pairs, leaves, soap } = content;
    if (image !== null) this.#firmware(from, image, head.fields);
    const values = [...patientDataInPairs(pairs, 'form', false), ...patientDataInJson(leaves)];
    for (const { field, value } of values) this.#report.phi('http', field, from, value);
    this.#dicom(from, head, exchange, content);
    if (soap !== null) this.#soap(from, head, exchange, soap);
    if (head.kind === 'response') this.#resource(from, leaves, head, exchange);
    else this.#logins(from, exchange, [...credentialsInPairs(pairs, 'form'), ...credentialsInJson(leaves)]);
  }

  /** No more responses come. */
  end(): void {
    for (const exchange of this.#pending.splice(0)) this.#settle(this.#responder, exchange, null);
  }

  #request(from: Side, { method, target, fields }: RequestHead): void {
    const userAgent = factText(fields.get('user-agent') ?? '', MAX_TEXT);
    if (userAgent !== undefined) this.#once('http.client', from, { userAgent });
    const host = hostOf(fields.get('host') ?? '');
    const isProxied = method === 'CONNECT' || /^[a-z][a-z0-9+.-]*:\/\//i.test(target);
    if (host !== null && !isProxied) {
      this.#once('http.host', otherSide(from), { host });
      this.#report.note('host', host);
    }
    for (const { field, value } of patientDataInTarget(target)) this.#report.phi('http', field, from, value);
  }

  #response(from: Side, head: ResponseHead): Exchange | null {
    this.#server(from, head.fields);
    // Interim responses (RFC 9110 §15.2) leave the request open; 101 is final.
    const interim = head.status < 200 && head.status !== 101;
    const exchange = interim ? this.#pending[0] : this.#pending.shift();
    if (exchange === undefined || interim) return exchange ?? null;
    exchange.api ??= apiByTypes(head.fields);
    this.#settle(from, exchange, head.status);
    this.#refusal(from, head.status);
    this.#api(from, exchange, head.status);
    return exchange;
  }

  #server(from: Side, fields: Fields): void {
    const told = Date.parse(fields.get('date') ?? '');
    // A proxy's answer carries the time of whoever answered it, and that of long ago where it kept the answer.
    if (!Number.isNaN(told) && !fields.has('age') && !fields.has('via'))
      this.#report.clock('http', from, told * 1000);
    const challenge = fields.get('www-authenticate') ?? '';
    const facts = present<Facts['http.server']>({
      server: factText(fields.get('server') ?? '', MAX_TEXT),
      poweredBy: factText(fields.get('x-powered-by') ?? '', MAX_TEXT),
      realm: factText(/\brealm="?([^",]*)/i.exec(challenge)?.[1] ?? '', MAX_TEXT),
      scheme: /^[A-Za-z][A-Za-z0-9-]{0,31}(?=\s|,|$)/.exec(challenge)?.[0],
    });
    if (Object.keys(facts).length > 0) this.#once('http.server', from, facts);
  }

  #refusal(from: Side, status: number): void {
    if (status !== 401 && status !== 403 && status !== 404) return;
    this.#report.sight('http.refusal', from, { status }, { peer: otherSide(from) });
  }

  #api(from: Side, exchange: Exchange, status: number): void {
    const { api, method, path } = exchange;
    const served = status >= 200 && status < 300;
    if (api === null || !(served || status === 401 || status === 403)) return;
    this.#once('http.api', from, { api });
    const access = served && api === 'fhir' ? fhirAccess(method, path) : null;
    if (access !== null) this.#once('fhir.access', from, access);
    if (!served || exchange.proves || isPublic(path) || method === 'OPTIONS') return;
    const operation = `${api} ${method === 'GET' || method === 'HEAD' ? 'read' : 'write'}`;
    this.#once('service.unauthenticated', from, { protocol: 'http', operation });
  }

  /** FHIR shows itself in a resource too, where the server calls it plain JSON. */
  #resource(from: Side, leaves: readonly Leaf[], head: ResponseHead, exchange: Exchange | null): void {
    const type = leaves.find(({ keys }) => keys.length === 1 && keys[0] === 'resourceType')?.value;
    if (exchange === null || type === undefined || !/^[A-Z][A-Za-z]{2,40}$/.test(type)) return;
    if (exchange.api === null) {
      exchange.api = 'fhir';
      this.#api(from, exchange, head.status);
    }
    if (type !== 'CapabilityStatement') return;
    const software = ['name', 'version'].flatMap((member) => {
      const leaf = leaves.find(
        ({ keys }) => keys.length === 2 && keys[0] === 'software' && keys[1] === member,
      );
      return leaf === undefined ? [] : [leaf.value];
    });
    const text = factText(software.join(' '), MAX_TEXT);
    if (text !== undefined) this.#once('http.api', from, { api: 'fhir', software: text });
    const facts = fhirServer(leaves);
    if (Object.keys(facts).length > 0) this.#once('fhir.server', from, facts);
  }

  /** Who stores a file is its creator where nothing in the file says otherwise; who gives one out only keeps it. */
  #dicom(from: Side, head: Head, exchange: Exchange | null, { files, leaves }: Content): void {
    for (const file of files) {
      const read = readPart10(file, from, this.#report);
      if (read === null || Object.keys(read.equipment).length === 0) continue;
      const sentByCreator = head.kind === 'request' && !read.keptElsewhere;
      this.#once('dicom.equipment', from, { ...read.equipment, sentByCreator });
    }
    if (exchange?.api !== 'dicomweb') return;
    for (const equipment of equipmentInJson(leaves)) {
      this.#once('dicom.equipment', from, { ...equipment, sentByCreator: false });
    }
  }

  #soap(from: Side, head: Head, exchange: Exchange | null, soap: SoapContent): void {
    if (soap.dpws !== null) this.#once('dpws.device', from, soap.dpws);
    if (soap.device !== null) this.#once('sdc.device', from, soap.device);
    for (const { field, value } of soap.patient) this.#report.phi('sdc', field, from, value);
    if (soap.message === null) return;
    this.#report.application('sdc');
    if (head.kind === 'request') this.#sdcRequest(from, soap.message, soap.handle);
    else this.#sdcResponse(from, head, exchange, soap.message);
  }

  #sdcRequest(from: Side, operation: string, handle: string | undefined): void {
    if (!isOperation(operation)) return;
    const facts = present<Facts['sdc.operation']>({ operation, handle });
    this.#report.sight('sdc.operation', otherSide(from), facts, { peer: from });
  }

  /** In clear nothing below the message says who asked, and BICEPS itself has no login. */
  #sdcResponse(from: Side, head: ResponseHead, exchange: Exchange | null, message: string): void {
    const operation = /^(\w+)Response$/.exec(message)?.[1];
    if (operation === undefined || exchange === null || exchange.proves || head.status !== 200) return;
    this.#once('service.unauthenticated', from, { protocol: 'sdc', operation });
  }

  #logins(from: Side, exchange: Exchange | null, seeds: CredentialSeed[]): void {
    if (exchange === null || seeds.length === 0) return;
    exchange.proves = true;
    if (exchange.answered === null) exchange.seeds.push(...seeds);
    else for (const seed of seeds) this.#credential(otherSide(from), seed, exchange.answered);
  }

  #settle(acceptedBy: Side, exchange: Exchange, status: number | null): void {
    exchange.answered = status;
    for (const seed of exchange.seeds) this.#credential(acceptedBy, seed, status);
    exchange.seeds = [];
  }

  #credential(acceptedBy: Side, seed: CredentialSeed, status: number | null): void {
    const { field, user, secret } = seed;
    const outcome = outcomeOf(seed.outcome, status);
    if (!this.#isNew(`${field}|${outcome}|${this.#report.redact.mark(`${user}\u0000${secret}`)}`)) return;
    this.#report.credential({ protocol: 'http', field, user, secret, acceptedBy, outcome });
  }

  #firmware(from: Side, image: string, fields: Fields): void {
    const length = fields.get('content-length') ?? '';
    const total = /\/(\d{1,15})$/.exec(fields.get('content-range') ?? '')?.[1] ?? length;
    const bytes = /^\d{1,15}$/.test(total) ? { bytes: Number(total) } : {};
    this.#report.sight('firmware.cleartext', from, { protocol: 'http', image, ...bytes });
  }

  #once<K extends StatedOnce>(kind: K, about: Side, facts: Facts[K]): void {
    if (this.#isNew(`${kind} ${about} ${factsKey(facts)}`)) this.#report.sight(kind, about, facts);
  }

  /** Beyond the bound texts are stated again, which costs time and not truth. */
  #isNew(key: string): boolean {
    if (this.#stated.has(key)) return false;
    if (this.#stated.size < MAX_STATED) this.#stated.add(key);
    return true;
  }
}

/** A host name that the server is spoken to by; an address says nothing new. */
function hostOf(field: string): string | null {
  const name = field.replace(/:\d{1,5}$/, '').toLowerCase();
  if (!/^[a-z0-9_]([a-z0-9._-]{0,251}[a-z0-9_])?\.?$/.test(name)) return null;
  return /^([0-9.]+|localhost)$/.test(name) ? null : name;
}

function otherSide(side: Side): Side {
  return side === 'client' ? 'server' : 'client';
}
