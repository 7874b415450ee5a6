import { FLOW_FIELDS, FLOW_TEMPLATES } from '../limits.ts';
import type { ExportMessage, ExportSet } from './message.ts';

/** Length of a field that says its own length in each record (RFC 7011 §7). */
export const VARIABLE = 65_535;
const FIRST_TEMPLATE = 256;
const PAD = 4;

export interface FieldSpecifier {
  element: number;
  /** 0 is IANA's. */
  enterprise: number;
  /** Bytes, or {@link VARIABLE}. */
  length: number;
}

export interface Template {
  id: number;
  fields: readonly FieldSpecifier[];
  /** How many of the first fields tell what an options record is about; 0 in a template of flows. */
  scopes: number;
  /** The shortest that a record may be, in bytes; at least 1. */
  shortest: number;
}

/** What one set of templates says. */
export interface TemplateSet {
  templates: Template[];
  /** Ids that are withdrawn; the set's own id withdraws all of its kind (RFC 7011 §8.1). */
  withdrawn: number[];
  /** Templates that could not be read: what follows one in its set cannot be found either. */
  damaged: number;
}

/** True for the sets that hold templates, of flows or of options. */
export function isTemplateSet(id: number, version: 9 | 10): boolean {
  return version === 9 ? id === 0 || id === 1 : id === 2 || id === 3;
}

interface Head {
  id: number;
  fields: number;
  scopes: number;
  size: number;
}

/** Reads a set of templates (RFC 3954 §5.2 and §6.1, RFC 7011 §3.4.1 and §3.4.2). */
export function readTemplates(
  view: DataView,
  set: ExportSet,
  version: ExportMessage['version'],
): TemplateSet {
  const found: TemplateSet = { templates: [], withdrawn: [], damaged: 0 };
  for (let at = set.start; set.end - at >= PAD; ) {
    const head = headOf(view, at, set, version);
    // Zeros behind the last template fill the set up to a word.
    if (head === null) return { ...found, damaged: view.getUint16(at) === 0 ? 0 : 1 };
    if (head.fields === 0) {
      found.withdrawn.push(head.id);
      at += PAD;
      continue;
    }
    const body = bodyOf(view, at + head.size, set.end, head, version);
    if (body === null) return { ...found, damaged: 1 };
    found.templates.push(body.template);
    at = body.next;
  }
  return found;
}

function headOf(view: DataView, at: number, set: ExportSet, version: 9 | 10): Head | null {
  const id = view.getUint16(at);
  const isOptions = set.id === 1 || set.id === 3;
  const second = view.getUint16(at + 2);
  const withdrawsAll = version === 10 && id === set.id && second === 0;
  if (id < FIRST_TEMPLATE && !withdrawsAll) return null;
  if (!isOptions || second === 0) return { id, fields: second, scopes: 0, size: 4 };
  if (at + 6 > set.end) return null;
  const third = view.getUint16(at + 4);
  // Version 9 states the lengths of both lists in bytes, of four for each field; IPFIX the numbers of all and of the first.
  if (version === 9) return { id, fields: (second + third) / 4, scopes: second / 4, size: 6 };
  return { id, fields: second, scopes: third, size: 6 };
}

function bodyOf(
  view: DataView,
  from: number,
  end: number,
  { id, fields: count, scopes }: Head,
  version: 9 | 10,
): { template: Template; next: number } | null {
  const isSound =
    Number.isInteger(count) && Number.isInteger(scopes) && count <= FLOW_FIELDS && scopes <= count;
  if (!isSound) return null;
  const fields: FieldSpecifier[] = [];
  let at = from;
  for (let i = 0; i < count; i++) {
    if (at + 4 > end) return null;
    const word = view.getUint16(at);
    const isEnterprise = version === 10 && word >= 0x80_00;
    if (isEnterprise && at + 8 > end) return null;
    const element = isEnterprise ? word - 0x80_00 : word;
    fields.push({
      element,
      enterprise: isEnterprise ? view.getUint32(at + 4) : 0,
      length: view.getUint16(at + 2),
    });
    at += isEnterprise ? 8 : 4;
  }
  const shortest = fields.reduce((sum, { length }) => sum + (length === VARIABLE ? 1 : length), 0);
  return shortest === 0 ? null : { template: { id, fields, scopes, shortest }, next: at };
}

/** The templates of one exporter's domain, bounded; what was not used longest makes room. */
export class Templates {
  readonly #known = new Map<number, Template>();

  get(id: number): Template | undefined {
    return this.#known.get(id);
  }

  learn(template: Template): void {
    this.#known.delete(template.id);
    this.#known.set(template.id, template);
    if (this.#known.size <= FLOW_TEMPLATES) return;
    const [oldest] = this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
  }

  /** RFC 7011 §8.1: 2 withdraws all templates of flows, 3 all of options. */
  withdraw(id: number): void {
    if (id >= FIRST_TEMPLATE) this.#known.delete(id);
    else
      for (const [known, { scopes }] of this.#known) if (scopes > 0 === (id === 3)) this.#known.delete(known);
  }

  clear(): void {
    this.#known.clear();
  }
}
