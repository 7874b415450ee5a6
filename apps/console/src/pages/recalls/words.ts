import type { RecallMatchRow, RecallRow, RecallState } from '@wardline/model';

export const certaintyWords: Record<RecallMatchRow['certainty'], string> = {
  certain: 'Certain',
  likely: 'Likely',
  possible: 'Possible',
  unlikely: 'Unlikely',
};
export const stateWords: Record<RecallState, string> = {
  undecided: 'Nobody has said',
  ours: 'Is meant, to be done',
  'not-ours': 'Is not meant',
  done: 'Done',
};
export const sourceWords: Record<RecallRow['source'], string> = {
  'fda-recall': 'FDA, recall',
  'fda-enforcement': 'FDA, enforcement report',
  notice: 'Field safety notice',
};
