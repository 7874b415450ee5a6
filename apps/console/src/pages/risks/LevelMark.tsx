import type { RiskRow } from '../../api/risks.ts';
import '../../marks/marks.css';
import './risks.css';

const levels = ['very low', 'low', 'moderate', 'high', 'very high'] as const;

/**
 * A level, or the span of levels that is possible: steps that are certain are full, steps that are only possible are hatched. Red
 * only for harm to patients.
 */
export function LevelMark({ value, patient = false }: { value: RiskRow['patient']; patient?: boolean }) {
  const [from, to] = [levels.indexOf(value.from), levels.indexOf(value.to)];
  const word = from === to ? value.from : `${value.from} to ${value.to}`;
  return (
    <span className={`severity${patient && to >= 3 ? ' severity-patient' : ''}`}>
      <span className="severity-steps" aria-hidden>
        {[1, 2, 3, 4].map((step) => (
          <i key={step} data-on={step <= from} data-possible={step > from && step <= to} />
        ))}
      </span>
      {word}
    </span>
  );
}
