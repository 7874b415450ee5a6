import { MAX_JSON_DEPTH, MAX_LEAVES } from './limits.ts';

/** An open object; FHIR resources and logins are told by what stands beside a value. */
export interface JsonObject {
  /** Its own `resourceType`, when it comes. */
  resourceType: string | null;
}

/** A string or number with where it stands: array positions are left out of the keys. */
export interface Leaf {
  keys: readonly string[];
  value: string;
  /** The objects around it, outermost first; `depths` says how many keys lead to each. */
  objects: readonly JsonObject[];
  depths: readonly number[];
}

interface Frame {
  object: JsonObject | null;
  keysBefore: number;
}

const token = /\s*(?:([{}[\],:])|"((?:[^"\\]|\\.)*)"|(-?\d[\d.eE+-]*|true|false|null))/y;

/** The strings and numbers of a JSON text that may be cut off anywhere; stops quietly at what is not JSON. */
export function scanJson(text: string): Leaf[] {
  const leaves: Leaf[] = [];
  const frames: Frame[] = [];
  const keys: string[] = [];
  let pendingKey: string | null = null;
  token.lastIndex = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [, mark, quoted, literal] = match;
    if (mark === '{' || mark === '[') {
      if (frames.length >= MAX_JSON_DEPTH) break;
      frames.push({ object: mark === '{' ? { resourceType: null } : null, keysBefore: keys.length });
      pendingKey = null;
    } else if (mark === '}' || mark === ']') {
      keys.length = frames.pop()?.keysBefore ?? 0;
      dropKey(frames, keys);
    } else if (mark === ',') dropKey(frames, keys);
    else if (mark === ':') {
      if (pendingKey !== null) keys.push(pendingKey);
      pendingKey = null;
    } else if (quoted !== undefined && expectsKey(frames, keys, pendingKey)) pendingKey = unescaped(quoted);
    else if (!takeLeaf(leaves, frames, keys, quoted === undefined ? (literal ?? '') : unescaped(quoted)))
      break;
  }
  return leaves;
}

/** Within an object a string is a key as long as no key is open in it. */
function expectsKey(frames: readonly Frame[], keys: readonly string[], pending: string | null): boolean {
  const frame = frames.at(-1);
  return frame?.object != null && pending === null && keys.length === frame.keysBefore;
}

function dropKey(frames: readonly Frame[], keys: string[]): void {
  const frame = frames.at(-1);
  if (frame?.object != null) keys.length = frame.keysBefore;
}

function takeLeaf(leaves: Leaf[], frames: readonly Frame[], keys: readonly string[], value: string): boolean {
  const around = frames.filter((frame) => frame.object !== null);
  const innermost = around.at(-1)?.object;
  if (innermost && keys.at(-1) === 'resourceType') innermost.resourceType = value;
  leaves.push({
    keys: [...keys],
    value,
    objects: around.map((frame) => frame.object as JsonObject),
    depths: around.map((frame) => frame.keysBefore),
  });
  return leaves.length < MAX_LEAVES;
}

function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text
    .replace(/\\u([0-9A-Fa-f]{4})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
    .replace(/\\(["\\/])/g, '$1');
}
