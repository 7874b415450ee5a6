import type { EvidenceQuery } from '@wardline/knowledge';
import type { EvidenceAnswer, EvidenceFact, EvidenceMember } from '@wardline/model';

const DAY_MICROS = 86_400_000_000;
/** Names that stand in a sentence; all of them stand beside it. */
const NAMED = 3;

type Judged = Omit<EvidenceAnswer, 'covers'>;

/**
 * How a question is answered at a moment. What fails stays failed however old it is, until something newer shows otherwise; what
 * holds counts only while it is fresh, and what nobody could look at is unknown.
 */
export function answerOf(query: EvidenceQuery, fact: EvidenceFact | undefined, at: number): Judged {
  const asOf = fact?.asOf ?? null;
  const say = (outcome: Judged['outcome'], reason: string): Judged => ({
    query: query.id,
    outcome,
    reason,
    asOf,
  });
  if (fact === undefined) return say('unknown', 'No part of Wardline answers this yet.');
  const { population, failing, undetermined } = fact;
  if (failing > 0)
    return say(
      'fails',
      `${failing} of ${population} ${failing === 1 ? 'fails' : 'fail'}${some(fact, 'fails')}.`,
    );
  if (fact.hindrance !== null) return say('unknown', fact.hindrance);
  if (asOf === null) return say('unknown', 'Nothing was ever observed that would answer it.');
  const age = at - asOf;
  if (age > query.days * DAY_MICROS)
    return say(
      'unknown',
      `The newest evidence is ${days(age)} old, and counts for ${days(query.days * DAY_MICROS)}.`,
    );
  if (population === 0)
    return fact.holdsOfNone
      ? say('holds', 'There is nothing that could be amiss.')
      : say('unknown', 'There is nothing to look at yet.');
  if (undetermined > 0)
    return say('unknown', `Of ${undetermined} of ${population} it is not known${some(fact, 'unknown')}.`);
  return say('holds', population === 1 ? 'It holds.' : `It holds of all ${population}.`);
}

function days(micros: number): string {
  const count = Math.floor(micros / DAY_MICROS);
  return count === 1 ? 'one day' : `${count} days`;
}

function some({ members, failing, undetermined }: EvidenceFact, answer: EvidenceMember['answer']): string {
  const names = members.filter((one) => one.answer === answer).map(({ name }) => name);
  if (names.length === 0) return '';
  const more = (answer === 'fails' ? failing : undetermined) - Math.min(names.length, NAMED);
  return `: ${names.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
