import { LOG_LIST_ITEMS, LOG_TEXT_CHARS } from '../limits.ts';
import { normalIp } from './addresses.ts';

/** A value that is not what its field must hold. What it holds instead may be a person's or a secret: it is not said. */
export class FieldFault extends Error {
  constructor(field: string, expected: string) {
    super(`field ${field}: expected ${expected}`);
  }
}

/** The fields of one record, by their dotted names, whatever its format. Absent and unset are undefined. */
export class Row {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }

  /** `a.b` is a field of that name (Zeek), or `b` inside `a` (Suricata). */
  value(name: string): unknown {
    const direct = this.#values[name];
    if (direct !== undefined || !name.includes('.')) return direct ?? undefined;
    let found: unknown = this.#values;
    for (const part of name.split('.')) {
      if (typeof found !== 'object' || found === null || !Object.hasOwn(found, part)) return undefined;
      found = (found as Record<string, unknown>)[part];
    }
    return found ?? undefined;
  }

  text(name: string): string | undefined {
    const value = this.value(name);
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
      return undefined;
    // Control characters have no place in a fact.
    const text = String(value)
      .slice(0, LOG_TEXT_CHARS * 4)
      .replaceAll(/[\p{Cc}\ufffd\s]+/gu, ' ');
    const clean = text.trim().slice(0, LOG_TEXT_CHARS);
    return clean === '' || clean === '-' ? undefined : clean;
  }

  /** As it stands, for values that are only hashed. */
  secret(name: string): string | undefined {
    const value = this.value(name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  number(name: string): number | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const number = typeof value === 'number' ? value : Number(value);
    if (!Number.isFinite(number) || value === '') throw new FieldFault(name, 'a number');
    return number;
  }

  count(name: string): number {
    const number = this.number(name) ?? 0;
    if (!Number.isSafeInteger(number) || number < 0) throw new FieldFault(name, 'a whole number');
    return number;
  }

  port(name: string): number | undefined {
    const number = this.number(name);
    if (number === undefined) return undefined;
    if (!Number.isInteger(number) || number < 0 || number > 65_535) throw new FieldFault(name, 'a port');
    return number;
  }

  ip(name: string): string | undefined {
    const value = this.text(name);
    const ip = value === undefined ? undefined : normalIp(value);
    if (ip === null) throw new FieldFault(name, 'an IP address');
    return ip;
  }

  mac(name: string): string | null {
    const value = this.text(name)?.toLowerCase();
    return value !== undefined && /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(value) ? value : null;
  }

  flag(name: string): boolean {
    const value = this.value(name);
    return value === true || value === 'T' || value === 'true';
  }

  list(name: string): unknown[] {
    const value = this.value(name);
    if (value === undefined) return [];
    return Array.isArray(value) ? value.slice(0, LOG_LIST_ITEMS) : [value];
  }

  texts(name: string): string[] {
    return this.list(name).flatMap((item) =>
      typeof item === 'string' ? [item.slice(0, LOG_TEXT_CHARS)] : [],
    );
  }

  /** A list of records inside this one. */
  rows(name: string): Row[] {
    return this.list(name).flatMap((item) =>
      typeof item === 'object' && item !== null && !Array.isArray(item)
        ? [new Row(item as Record<string, unknown>)]
        : [],
    );
  }
}
