import { UpdatesFault } from '../fault.ts';
import { JSON_DEPTH } from '../limits.ts';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

const malformed = (why: string): UpdatesFault => new UpdatesFault('malformed', why);

/** Reads bytes as JSON of which a canonical form exists. @throws UpdatesFault where there is none */
export function parseJson(bytes: Uint8Array): Json {
  let value: Json;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)) as Json;
  } catch {
    throw malformed('it is no JSON in UTF-8');
  }
  checkValue(value, JSON_DEPTH);
  return value;
}

function checkValue(value: Json, depth: number): void {
  if (depth === 0) throw malformed('its values lie too deep in one another');
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw malformed('a number is no safe integer');
  if (typeof value === 'string' && !value.isWellFormed()) throw malformed('a text is no Unicode');
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    if (!name.isWellFormed()) throw malformed('a name is no Unicode');
    checkValue(inner as Json, depth - 1);
  }
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A member of an object, absent where it is inherited only. */
export const member = (object: JsonObject, name: string): Json | undefined =>
  Object.hasOwn(object, name) ? object[name] : undefined;

export function objectAt(object: JsonObject, name: string): JsonObject {
  const value = member(object, name);
  if (!isObject(value)) throw malformed(`"${name}" is no object`);
  return value;
}

export function textAt(object: JsonObject, name: string): string {
  const value = member(object, name);
  if (typeof value !== 'string') throw malformed(`"${name}" is no text`);
  return value;
}

/** An integer of at least `least`. */
export function integerAt(object: JsonObject, name: string, least: number): number {
  const value = member(object, name);
  if (typeof value !== 'number' || value < least) throw malformed(`"${name}" is no integer from ${least}`);
  return value;
}

export function flagAt(object: JsonObject, name: string): boolean {
  const value = member(object, name);
  if (typeof value !== 'boolean') throw malformed(`"${name}" is neither true nor false`);
  return value;
}

export function textsAt(object: JsonObject, name: string): readonly string[] {
  const value = member(object, name);
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
    throw malformed(`"${name}" is no list of texts`);
  return value as readonly string[];
}
