import { judgeOf, type OwnRules, parseAnyRule, RULES } from '@wardline/watch';
import { sql } from 'kysely';
import type { Executor } from '../../../store/database.ts';
import { knownOf } from './known.ts';

/** What devices are changes by identification; a rule follows within this time. */
const KNOWN_MICROS = 60_000_000;

interface Kept {
  key: string;
  at: number;
  rules: OwnRules | null;
}

/** Rules that are switched on, by site, with what they ask; read anew when they change and now and then. */
export class RuleBook {
  readonly #kept = new Map<number, Kept>();

  /** Null where there are none. */
  async of(transaction: Executor, site: number, now: number): Promise<OwnRules | null> {
    const { rows } = await sql<{ name: string; text: string }>`
      select name, text from watch_rule where removed is null and enabled and (site is null or site = ${site})
      order by name limit ${RULES}`.execute(transaction);
    const key = JSON.stringify(rows);
    const kept = this.#kept.get(site);
    if (kept?.key === key && now - kept.at < KNOWN_MICROS) return kept.rules;
    const rules = rows.length === 0 ? null : await read(transaction, site, rows);
    this.#kept.set(site, { key, at: now, rules });
    return rules;
  }
}

async function read(
  transaction: Executor,
  site: number,
  rows: readonly { name: string; text: string }[],
): Promise<OwnRules> {
  const parsed = rows.flatMap(({ name, text }) => {
    const one = parseAnyRule(text);
    return one.ok ? [{ name, ...one.read }] : [];
  });
  const rules = parsed.flatMap((one) => (one.form === 'conversations' ? [judgeOf(one.name, one.rule)] : []));
  const logRules = parsed.flatMap((one) => (one.form === 'logs' ? [one] : []));
  const known = await knownOf(
    transaction,
    site,
    rules.map(({ rule }) => rule),
  );
  return { ...known, rules, logRules };
}
