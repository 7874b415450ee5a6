import type { Mds2Answer } from '@wardline/formats';
import type { Assessed, Line, Verdict } from './assessed-product.ts';

export const find = (form: Assessed['form'], ids: readonly string[]): Mds2Answer | undefined =>
  form?.answers.find(({ id }) => ids.includes(id));

export const cite = (form: Assessed['form'], answer: Mds2Answer | undefined): string | null =>
  form === null || answer === undefined ? null : `${form.name}, ${answer.place}`;

const isLimited =
  /^(but|except|only|partial|partly|unless|if|when|aber|nur|außer|jedoch|teilweise|mais|sauf|seulement|pero|salvo|solo|ma|maar)\b/i;

function saidBy({ id, text, note, value }: Mds2Answer): string {
  if (value === 'blank') return `${id} is not answered.`;
  const more = note === null || text.includes(note) ? '' : `, ${note.slice(0, 160)}`;
  return `${id}: "${text.slice(0, 60)}"${more}`;
}

/** A line that rests on the maker's form. A note has to be read by a person: it counts as half, and what is blank as nothing. */
export function stated(
  form: Assessed['form'],
  id: string,
  title: string,
  ids: readonly string[],
  clause: string,
): Line {
  const answer = find(form, ids);
  const base = { id, title, source: cite(form, answer) };
  if (answer === undefined)
    return {
      ...base,
      verdict: 'unknown',
      reason: form === null ? 'No form was handed in.' : 'The form does not have the question.',
      clause,
    };
  const said = saidBy(answer);
  // "Yes, but …" holds in part.
  if (answer.value === 'yes' && answer.note !== null && isLimited.test(answer.note))
    return { ...base, verdict: 'partly', reason: said, clause };
  if (answer.value === 'yes') return { ...base, verdict: 'good', reason: said, clause: null };
  // What does not apply is neither good nor bad, and takes no part.
  if (answer.value === 'not-applicable')
    return { ...base, verdict: 'unknown', reason: said, clause: null, most: 0 };
  if (answer.value === 'no') return { ...base, verdict: 'bad', reason: said, clause };
  return { ...base, verdict: answer.value === 'see-note' ? 'partly' : 'unknown', reason: said, clause };
}

export function promised(
  id: string,
  title: string,
  value: number | null,
  judge: (value: number) => Verdict,
  unit: string,
  clause: string,
): Line {
  if (value === null)
    return {
      id,
      title,
      verdict: 'unknown',
      reason: 'The offer says nothing.',
      source: null,
      clause,
      most: 2,
    };
  const verdict = judge(value);
  return {
    id,
    title,
    verdict,
    reason: `${value} ${unit}, by the offer.`,
    source: 'offer',
    clause: verdict === 'good' ? null : clause,
    most: 2,
  };
}

/** By the offer, else by the form. */
export function chosen(
  id: string,
  title: string,
  value: 'yes' | 'no' | 'unknown',
  form: Assessed['form'],
  ids: readonly string[],
  clause: string,
): Line {
  if (value === 'unknown') return stated(form, id, title, ids, clause);
  const reason = value === 'yes' ? 'Yes, by the offer.' : 'No, by the offer.';
  return {
    id,
    title,
    verdict: value === 'yes' ? 'good' : 'bad',
    reason,
    source: 'offer',
    clause: value === 'yes' ? null : clause,
  };
}
