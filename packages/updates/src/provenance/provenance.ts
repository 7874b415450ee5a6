import { UpdatesFault } from '../fault.ts';
import { PROVENANCE_SUBJECTS, PROVENANCE_TEXT } from '../limits.ts';
import { builderKeyOf, isObject, signedPayloads } from './dsse.ts';

/** Where an image comes from, as its builder signed it. */
export interface Provenance {
  /** The predicate's type. */
  predicate: string;
  /** Who built it: a URI. */
  builder: string;
  /** How: a URI. */
  buildType: string;
  /** From which source: a URI with its digest, as far as it was said. */
  source: { uri: string; digest: string } | null;
  /** When it was built, as the builder wrote it; empty where it did not. */
  finished: string;
  /** SHA-256 of all that was built, in hexadecimal. */
  subjects: readonly string[];
  /** SHA-256 of the builder's public key, in hexadecimal. */
  builderKey: string;
}

type Loose = Record<string, unknown>;

const STATEMENTS = ['https://in-toto.io/Statement/v1', 'https://in-toto.io/Statement/v0.1'];
const PAYLOAD = 'application/vnd.in-toto+json';
const malformed = (why: string): UpdatesFault => new UpdatesFault('malformed', `the provenance: ${why}`);

/**
 * Reads signed provenance: SLSA 1.x or 0.2 in an in-toto statement (v1, v0.1) in a DSSE envelope. The first that the key signed counts.
 * @param builderKey public key or certificate, in PEM
 * @throws UpdatesFault
 */
export function readProvenance(bytes: Uint8Array, builderKey: string): Provenance {
  const { key, sha256 } = builderKeyOf(builderKey);
  const statements = signedPayloads(bytes, key)
    .filter(({ type }) => type === PAYLOAD)
    .map(({ payload }) => statementOf(payload));
  const found = statements.find(({ predicateType }) => readers.some(([type]) => type.test(predicateType)));
  if (found === undefined) throw malformed('nothing in it is provenance of SLSA 1 or 0.2');
  const [, read] = readers.find(([type]) => type.test(found.predicateType))!;
  return {
    predicate: found.predicateType,
    ...read(found.predicate),
    subjects: found.subjects,
    builderKey: sha256,
  };
}

function statementOf(payload: Buffer) {
  let statement: unknown;
  try {
    statement = JSON.parse(payload.toString('utf8'));
  } catch {
    throw malformed('what was signed is no JSON');
  }
  const { _type: type, subject, predicateType, predicate } = isObject(statement) ? statement : {};
  if (!STATEMENTS.includes(String(type))) throw malformed('what was signed is no in-toto statement');
  if (!Array.isArray(subject) || subject.length === 0 || subject.length > PROVENANCE_SUBJECTS)
    throw malformed(`"subject" is no list of 1 to ${PROVENANCE_SUBJECTS}`);
  if (typeof predicateType !== 'string' || !isObject(predicate)) throw malformed('it has no predicate');
  return { predicateType, predicate, subjects: subject.flatMap(digestOf) };
}

function digestOf(subject: unknown): string[] {
  const sha256 = isObject(subject) && isObject(subject.digest) ? subject.digest.sha256 : undefined;
  return typeof sha256 === 'string' && /^[0-9a-f]{64}$/i.test(sha256) ? [sha256.toLowerCase()] : [];
}

type Said = Pick<Provenance, 'builder' | 'buildType' | 'source' | 'finished'>;

const readers: readonly (readonly [RegExp, (predicate: Loose) => Said])[] = [
  [/^https:\/\/slsa\.dev\/provenance\/v1(\.\d+)?$/, saidByV1],
  [/^https:\/\/slsa\.dev\/provenance\/v0\.[12]$/, saidByV0],
];

function saidByV1(predicate: Loose): Said {
  const [definition, run] = [within(predicate, 'buildDefinition'), within(predicate, 'runDetails')];
  return {
    builder: text(within(run, 'builder').id, 'runDetails.builder.id'),
    buildType: text(definition.buildType, 'buildDefinition.buildType'),
    source: firstSource(definition.resolvedDependencies),
    finished: optional(within(run, 'metadata').finishedOn),
  };
}

function saidByV0(predicate: Loose): Said {
  const configured = sourceOf(within(within(predicate, 'invocation'), 'configSource'));
  return {
    builder: text(within(predicate, 'builder').id, 'builder.id'),
    buildType: text(predicate.buildType, 'buildType'),
    source: configured ?? firstSource(predicate.materials),
    finished: optional(within(predicate, 'metadata').buildFinishedOn),
  };
}

const within = (object: Loose, name: string): Loose => (isObject(object[name]) ? object[name] : {});

function firstSource(list: unknown): Provenance['source'] {
  if (!Array.isArray(list)) return null;
  for (const one of list.slice(0, PROVENANCE_SUBJECTS)) {
    const source = isObject(one) ? sourceOf(one) : null;
    if (source !== null) return source;
  }
  return null;
}

function sourceOf({ uri, digest }: Loose): Provenance['source'] {
  const named = optional(uri);
  if (named === '') return null;
  const [first] = isObject(digest) ? Object.entries(digest) : [];
  return { uri: named, digest: first === undefined ? '' : optional(`${first[0]}:${String(first[1])}`) };
}

/** A text without signs that move a terminal, no longer than its bound; empty where there is none. */
const optional = (value: unknown): string =>
  typeof value === 'string' && value.length <= PROVENANCE_TEXT && !/\p{C}/u.test(value) ? value : '';

function text(value: unknown, place: string): string {
  const found = optional(value);
  if (found === '') throw malformed(`"${place}" is no text of 1 to ${PROVENANCE_TEXT} characters`);
  return found;
}
