import type { Knowledge } from '@wardline/knowledge';
import { ConversationJudge, parsePolicy, type Resolved, resolvePolicy } from '@wardline/policy';
import type { Governing } from '@wardline/watch';
import { sql } from 'kysely';
import { GOVERNED_MICROS } from '../../limits.ts';
import type { Executor } from '../../store/database.ts';
import { readAuthorisedAssets } from '../segmentation/index.ts';

/** The policy in force over the assets as they are, worked out again when another is in force, when devices changed, or after a while. */
export class Governor {
  readonly #knowledge: Knowledge;
  #kept: { version: number; at: number; governing: Governing | null } | null = null;

  constructor(knowledge: Knowledge) {
    this.#knowledge = knowledge;
  }

  async governing(database: Executor, now: number, isChanged: boolean): Promise<Governing | null> {
    const { rows } = await sql<{ version: number; since: number }>`
      select number as version, decided as since from policy_version where state = 'approved'`.execute(
      database,
    );
    const { version, since } = rows[0] ?? { version: 0, since: 0 };
    const kept = this.#kept;
    if (kept?.version === version && !isChanged && now - kept.at < GOVERNED_MICROS) return kept.governing;
    const governing = version === 0 ? null : await this.#workOut(database, version, since, now);
    this.#kept = { version, at: now, governing };
    return governing;
  }

  async #workOut(database: Executor, version: number, since: number, now: number): Promise<Governing | null> {
    const { rows } = await sql<{ text: string }>`
      select text from policy_version where number = ${version}`.execute(database);
    const { policy } = parsePolicy(rows[0]?.text ?? '');
    if (policy === null) return null;
    const { assets, criticality } = await readAuthorisedAssets(database, this.#knowledge);
    const lifeCritical = new Set(
      assets.filter(({ id }) => criticality.get(id) === 'life-critical').flatMap(({ ips }) => ips),
    );
    return governingOf(resolvePolicy(policy, assets, now), { version, since, lifeCritical });
  }
}

interface Given {
  version: number;
  since: number;
  lifeCritical: ReadonlySet<string>;
}

function governingOf(resolved: Resolved, { version, since, lifeCritical }: Given): Governing {
  const judge = new ConversationJudge(resolved);
  return {
    version,
    since,
    against: (client, server, transport, port) => {
      const verdict = judge.verdict({ client, server, transport, port });
      const mode = verdict.kind === 'cut' ? 'enforce' : alertingOf(verdict.kind, verdict.by, resolved);
      if (mode === null) return null;
      return {
        by: verdict.by,
        mustDeny: verdict.by.some((one) => one.startsWith('must-deny')),
        mode,
        lifeCritical: lifeCritical.has(client) || lifeCritical.has(server),
      };
    },
  };
}

/** What is let through undeclared is told where all that speak of it are to tell it; what is observed only is nothing to tell. */
function alertingOf(kind: string, by: readonly string[], { clauses, undeclared }: Resolved): 'alert' | null {
  if (kind !== 'watched') return null;
  const isAlerting = (name: string) =>
    name === 'undeclared alert' ||
    clauses.some((clause) => clause.mode === 'alert' && `${clause.kind} ${clause.name}` === name);
  return by.some(isAlerting) || (by.length === 0 && undeclared === 'alert') ? 'alert' : null;
}
