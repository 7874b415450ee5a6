import type { BootAppraisal } from '@wardline/model';
import { counted } from '../../format/number.ts';

export const statusWords: Readonly<Record<BootAppraisal['status'], string>> = {
  affirmed: 'known to be good',
  unknown: 'not known',
  contradicted: 'not what is known to be good',
};

const gradeWords: Readonly<Record<number, string>> = {
  0: 'nothing that is believed',
  1: 'its own word',
  2: 'a quote of its TPM',
  3: 'a quote, its log, and reference values',
};

/** What stands behind an appraisal. */
export const groundWords = (grade: number): string => gradeWords[grade] ?? String(grade);

/** Why it is not known to be good, in a sentence; null where it is. */
export function whyWords({ status, refused, differences, grade }: BootAppraisal): string | null {
  if (status === 'affirmed') return null;
  if (refused.length > 0)
    return refused.map(({ what, why }) => `Its ${what} is not believed: ${why}.`).join(' ');
  const pcrs = [...new Set(differences.map(({ pcr }) => pcr))].join(', ');
  if (status === 'contradicted') return `${counted(differences.length, 'difference')} in PCR ${pcrs}.`;
  if (differences.length > 0) return `PCR ${pcrs} cannot be judged without a log that holds.`;
  return grade < 3 ? 'Nobody has said yet what a good boot of this version measures.' : null;
}
