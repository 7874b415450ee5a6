import type { PurchaseState, Score, ScoreLine } from '@wardline/model';
import { Unknown } from '../../marks/marks.tsx';
import './purchases.css';

export const stateWords: Readonly<Record<PurchaseState, string>> = {
  requested: 'Asked for',
  assessed: 'Assessed',
  approved: 'Approved',
  conditional: 'Approved under conditions',
  rejected: 'Rejected',
  commissioned: 'In the house',
};

const verdicts = { good: 'Good', partly: 'Partly', bad: 'Bad' } as const;

export function VerdictMark({ line: { verdict, most } }: { line: ScoreLine }) {
  if (most === 0) return <span className="dim">Does not apply</span>;
  if (verdict === 'unknown') return <Unknown />;
  return <span className={`mark ${verdict === 'bad' ? 'criticality-high' : ''}`}>{verdicts[verdict]}</span>;
}

/** What is known to be good is filled, what is unknown is hatched; the numbers say the same. */
export function ScoreBar({ score: { score, upTo } }: { score: Score }) {
  return (
    <span className="score">
      <span className="score-bar" aria-hidden>
        <span className="score-good" style={{ width: `${score}%` }} />
        <span className="score-unknown" style={{ width: `${Math.max(0, upTo - score)}%` }} />
      </span>
      <span className="score-text">
        {score === upTo ? `${score} of 100` : `${score}, up to ${upTo} of 100`}
      </span>
    </span>
  );
}
