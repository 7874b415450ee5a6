import { parseMicros, type spanQuery } from '@wardline/model';
import type { z } from 'zod';
import { Refusal } from '../../http/problems.ts';
import type { Span } from './evidence.ts';

/** @throws Refusal where a time is none */
export function spanOf({ from, to }: z.infer<typeof spanQuery>): Span {
  const instant = (name: string, text: string | undefined) => {
    if (text === undefined) return null;
    const micros = parseMicros(text);
    if (micros === null)
      throw new Refusal('invalid-request', `${name}: expected a time as 2026-11-23T21:46:14Z`);
    return micros;
  };
  return { from: instant('from', from), to: instant('to', to) };
}
