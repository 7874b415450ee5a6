import type { ControlRow, EvidenceRow, ReportDocument } from '@wardline/model';
import { day, onNewPage, plain, section, soft, table } from './blocks.ts';

/** What of the evidence speaks of the report, as it stood when it was made. */
export interface Shown {
  controls: readonly ControlRow[];
  evidence: readonly EvidenceRow[];
}

const statusWords = {
  met: 'met',
  'not-met': 'NOT MET',
  unknown: 'unknown',
  'not-applicable': 'not applicable',
} as const;

/** Controls that the report bears on. Unknown is said as unknown. */
export const controlSection = (title: string, { controls }: Shown): ReportDocument['sections'][number] =>
  section(
    title,
    table(
      ['Control', 'Status', 'By', 'Why'],
      controls.map(({ id, title: name, status, basis, reason }) => [
        `${id} ${name}`,
        statusWords[status],
        basis === 'none' ? '' : basis,
        reason,
      ]),
      { none: 'No control of the catalogues bears on it.' },
    ),
  );

/** The appendix: each question with what it came back with, over how many, and how old the answer is. */
export const evidenceAppendix = ({ evidence }: Shown): ReportDocument['sections'][number] =>
  onNewPage(
    section(
      'Appendix: evidence',
      soft(
        'Each question is asked of everything there is. What fails stays failed until newer evidence shows otherwise; what is too old, or was never seen, is unknown.',
      ),
      evidence.length === 0
        ? plain('No question of the evidence bears on it.')
        : table(
            ['Question', 'Answer', '#Looked at', '#Fail', '#Open', 'Newest'],
            evidence.map(({ asks, query, outcome, reason, population, failing, undetermined, asOf }) => [
              `${asks} (${query})`,
              `${outcome}. ${reason}`,
              String(population),
              String(failing),
              String(undetermined),
              day(asOf) || 'never',
            ]),
            { none: '' },
          ),
    ),
  );
