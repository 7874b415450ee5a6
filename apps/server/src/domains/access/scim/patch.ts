import { refuse } from './error.ts';
import { type Filter, meets, type Path, parsePath } from './filter.ts';
import { SCIM_OPERATIONS } from './limits.ts';

type Resource = Record<string, unknown>;

interface Operation {
  op: 'add' | 'remove' | 'replace';
  path: string | null;
  value: unknown;
}

/**
 * Applies a PATCH (RFC 7644 §3.5.2) to a copy of the resource. Taken as real providers send it: operations in any case
 * (`Replace`), `value` as an object without a path whose keys are paths themselves (`name.givenName`), a single value where a list
 * is meant.
 * @throws ScimRefusal
 */
export function patched(resource: Resource, body: unknown): Resource {
  const copy = structuredClone(resource);
  for (const operation of operationsOf(body)) apply(copy, operation);
  return copy;
}

function operationsOf(body: unknown): Operation[] {
  const list = keyed(body, 'operations');
  const operations = Array.isArray(list) ? list : list === undefined ? [] : [list];
  if (operations.length === 0) throw refuse('invalidSyntax', 'Operations: expected at least one');
  if (operations.length > SCIM_OPERATIONS)
    throw refuse('tooMany', `Operations: more than ${SCIM_OPERATIONS}`);
  return operations.map((one, at) => {
    const named = keyed(one, 'op');
    const op = typeof named === 'string' ? named.toLowerCase() : null;
    if (op !== 'add' && op !== 'remove' && op !== 'replace')
      throw refuse('invalidSyntax', `Operations[${at}].op: expected add, remove or replace`);
    const path = keyed(one, 'path');
    if (path !== undefined && path !== null && typeof path !== 'string')
      throw refuse('invalidPath', `Operations[${at}].path: expected a text`);
    return { op, path: path ? path : null, value: keyed(one, 'value') };
  });
}

/** SCIM's names are not case-sensitive (RFC 7643 §2.1). */
export function keyed(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const key = Object.keys(value).find((one) => one.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : (value as Resource)[key];
}

function apply(resource: Resource, { op, path, value }: Operation): void {
  if (path !== null) {
    applyAt(resource, op, parsePath(path), value);
    return;
  }
  if (op === 'remove') throw refuse('noTarget', 'remove: needs a path');
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refuse('invalidValue', 'value: expected an object where there is no path');
  for (const [name, part] of Object.entries(value)) {
    if (/^(schemas|id|meta)$/i.test(name)) continue;
    // A schema of its own has its attributes below its URN.
    if (/^urn:/i.test(name) && typeof part === 'object' && part !== null && !Array.isArray(part))
      for (const [inner, one] of Object.entries(part)) applyAt(resource, op, parsePath(inner), one);
    else applyAt(resource, op, parsePath(name), part);
  }
}

function applyAt(resource: Resource, op: Operation['op'], path: Path, value: unknown): void {
  const key = Object.keys(resource).find((one) => one.toLowerCase() === path.attribute) ?? path.attribute;
  if (path.filter !== null) applyWhere(resource, key, op, { ...path, filter: path.filter }, value);
  else if (path.sub !== null) applySub(resource, key, op, path.sub, value);
  else applyWhole(resource, key, op, value);
}

function applyWhole(resource: Resource, key: string, op: Operation['op'], value: unknown): void {
  const present = resource[key];
  if (op === 'remove') resource[key] = removed(present, value);
  else if (op === 'add' && Array.isArray(present)) resource[key] = joined(present, value);
  else resource[key] = value;
  if (resource[key] === undefined) delete resource[key];
}

/** `remove` with a value takes those out of a list (as Entra asks for members); without one, all. */
function removed(present: unknown, value: unknown): unknown {
  if (!Array.isArray(present) || value === undefined || value === null) return undefined;
  const gone = new Set([value].flat().map(identityOf));
  return present.filter((one) => !gone.has(identityOf(one)));
}

function joined(present: readonly unknown[], value: unknown): unknown[] {
  const known = new Set(present.map(identityOf));
  return [...present, ...[value].flat().filter((one) => !known.has(identityOf(one)))];
}

const identityOf = (value: unknown): string => {
  const own = keyed(value, 'value');
  return typeof own === 'string' ? own : JSON.stringify(value);
};

function applySub(resource: Resource, key: string, op: Operation['op'], sub: string, value: unknown): void {
  const present = resource[key];
  const lists = Array.isArray(present) ? present : null;
  const targets = lists ?? [typeof present === 'object' && present !== null ? present : {}];
  for (const target of targets) setSub(target as Resource, op, sub, value);
  resource[key] = lists ?? targets[0];
}

function setSub(target: Resource, op: Operation['op'], sub: string, value: unknown): void {
  const key = Object.keys(target).find((one) => one.toLowerCase() === sub) ?? sub;
  if (op === 'remove') delete target[key];
  else target[key] = value;
}

function applyWhere(
  resource: Resource,
  key: string,
  op: Operation['op'],
  { filter, sub }: Path & { filter: Filter },
  value: unknown,
): void {
  const present = Array.isArray(resource[key]) ? (resource[key] as unknown[]) : [];
  const chosen = present.filter((one) => meets(filter, one));
  if (op === 'remove' && sub === null) resource[key] = present.filter((one) => !chosen.includes(one));
  else if (chosen.length > 0)
    resource[key] = present.map((one) => (chosen.includes(one) ? changed(one, op, sub, value) : one));
  else if (op === 'remove') throw refuse('noTarget', 'path: nothing meets its filter');
  else resource[key] = [...present, changed(startOf(filter), op, sub, value)];
}

function changed(one: unknown, op: Operation['op'], sub: string | null, value: unknown): unknown {
  const copy: Resource = typeof one === 'object' && one !== null ? { ...one } : { value: one };
  if (sub !== null) setSub(copy, op, sub, value);
  else if (typeof value === 'object' && value !== null) Object.assign(copy, value);
  else copy.value = value;
  return copy;
}

/** A value that is set where none meets `[type eq "work"]` is one of that type (as Entra expects). */
function startOf(filter: Filter): Resource {
  if (filter.kind === 'and') return { ...startOf(filter.left), ...startOf(filter.right) };
  if (filter.kind !== 'compare' || filter.operator !== 'eq' || filter.path.length !== 1)
    throw refuse('noTarget', 'path: nothing meets its filter');
  return { [filter.path[0]!]: filter.value };
}
