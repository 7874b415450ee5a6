export interface Field {
  name: string;
  /** As tshark shows it; empty for a protocol. */
  value: string;
  fields: Field[];
}

/** One packet, dissected: who sent it to whom, innermost, and the fields of its protocols. */
export class PacketTree {
  readonly fields: readonly Field[];
  /** Counted from 1 in the file that tshark read. */
  readonly number: number;
  readonly source: string;
  readonly target: string;
  readonly sourceMac: string;

  constructor(fields: readonly Field[]) {
    this.fields = fields;
    const network = fields.findLast(({ name }) => name === 'ip' || name === 'ipv6');
    const link = fields.findLast(({ name }) => name === 'eth');
    this.number = Number(valuesIn(fields[0], 'num')[0]);
    this.source = valuesIn(network, `${network?.name}.src`)[0] ?? '';
    this.target = valuesIn(network, `${network?.name}.dst`)[0] ?? '';
    this.sourceMac = valuesIn(link, 'eth.src')[0] ?? '';
  }

  /** Every occurrence of a field or protocol, however deep, in order. */
  all(name: string): Field[] {
    return this.fields.flatMap((field) => allIn(field, name));
  }

  values(name: string): string[] {
    return this.all(name).map(({ value }) => value);
  }

  first(name: string): string | undefined {
    return this.values(name)[0];
  }

  has(name: string, value?: string): boolean {
    return this.values(name).some((found) => value === undefined || found === value);
  }
}

export function allIn(field: Field, name: string): Field[] {
  const below = field.fields.flatMap((child) => allIn(child, name));
  return field.name === name ? [field, ...below] : below;
}

export function valuesIn(field: Field | undefined, name: string): string[] {
  return field === undefined ? [] : allIn(field, name).map(({ value }) => value);
}

/** Reads tshark's PDML: an element a line, nested as the protocols are. */
export class PdmlReader {
  #open: Field[] = [];
  #begun = '';

  /** Takes a line; returns the packet that it ends, if it ends one. */
  line(text: string): PacketTree | null {
    const line = this.#begun + (this.#begun === '' ? text.trimStart() : text);
    // A text of several lines stands in its attribute as it is.
    const isWhole = line.endsWith('>') || !line.startsWith('<');
    this.#begun = isWhole ? '' : `${line} `;
    if (!isWhole) return null;
    if (line.startsWith('<packet>')) this.#open = [{ name: 'packet', value: '', fields: [] }];
    else if (line.startsWith('<proto') || line.startsWith('<field')) this.#element(line);
    else if (line.startsWith('</proto') || line.startsWith('</field')) this.#open.pop();
    else if (line.startsWith('</packet>')) return new PacketTree(this.#open[0]!.fields);
    return null;
  }

  #element(line: string): void {
    const value = line.startsWith('<proto') ? '' : attribute(line, 'show');
    const field: Field = { name: attribute(line, 'name'), value, fields: [] };
    this.#open.at(-1)!.fields.push(field);
    if (!line.endsWith('/>')) this.#open.push(field);
  }
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function attribute(line: string, name: string): string {
  const start = line.indexOf(` ${name}="`);
  if (start < 0) return '';
  const from = start + name.length + 3;
  const text = line.slice(from, line.indexOf('"', from));
  return text.includes('&')
    ? text.replace(/&(\w+);/g, (all, entity: string) => entities[entity] ?? all)
    : text;
}
