import { type ProductThreat, threatStandings } from '@wardline/model';
import { deviceThreats, gravestFirst, type WeighedThreat } from '@wardline/risk';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import { answersFor, readAnswers, type StoredAnswer, weighable } from './answers.ts';
import { readSubjects } from './subjects.ts';

/** What a manufacturer answers for holds in any network: where a device stands rules nothing out. */
const anywhere = { now: async () => ({ exposures: new Map(), dependents: new Map() }) };

/**
 * The threat model of a product: every threat to devices of its class, each by its gravest standing on any device of the product, and
 * where none is seen, by what persons verified for the class.
 */
export async function productThreats(
  context: Context,
  deviceClass: string,
  assets: readonly string[],
): Promise<ProductThreat[]> {
  if (deviceClass === '') return [];
  const { database, knowledge } = context;
  const at = context.now();
  const answers = await readAnswers(database);
  const seen = await readSubjects(context, anywhere, answers, [sql`a.id = any(${[...assets]}::text[])`]);
  const subjects = seen.length > 0 ? seen : [asDesigned(context, deviceClass, answers)];
  const gravest = new Map<string, WeighedThreat>();
  for (const subject of subjects)
    for (const one of deviceThreats({ ...subject, deviceClass }, knowledge, at).threats) {
      const known = gravest.get(one.threat.id);
      if (known === undefined || rank(one) < rank(known)) gravest.set(one.threat.id, one);
    }
  const names = new Map(answers.map(({ id, verifiedBy }) => [id, verifiedBy]));
  return [...gravest.values()].toSorted(gravestFirst).map((one) => faceOf(one, names));
}

const rank = ({ standing }: WeighedThreat): number => threatStandings.indexOf(standing);

/** A device that nobody has seen: nothing is shown and nothing is ruled out. */
function asDesigned({ knowledge }: Context, deviceClass: string, answers: readonly StoredAnswer[]) {
  return {
    deviceClass,
    dataSensitivity: 'unknown' as const,
    hazards: knowledge.hazards.of(deviceClass),
    services: [],
    facts: new Set<string>(),
    exposure: null,
    grounds: [],
    answers: answersFor(answers, null, deviceClass).map(weighable),
  };
}

function faceOf(
  { threat, standing, because, severity, harm, answers }: WeighedThreat,
  verifiedBy: ReadonlyMap<string, string | null>,
): ProductThreat {
  const { id, kind, title, how, emb3d, attack } = threat;
  return {
    id,
    kind,
    title,
    how,
    standing,
    because: because.join(' '),
    severity,
    harm,
    answers: answers.map((one) => ({ text: one.text, verifiedBy: verifiedBy.get(one.id) ?? null })),
    emb3d,
    attack,
  };
}
