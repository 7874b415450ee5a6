import type { EnforcementPoint } from '@wardline/model';
import { count } from '../../format/number.ts';
import { Unknown } from '../../marks/marks.tsx';

type Stages = EnforcementPoint['stages'];
const modes = ['observe', 'alert', 'enforce'] as const;
const words = { observe: 'observe', alert: 'alert', enforce: 'enforce' } as const;

/** How many declarations stand at each stage. */
export function StageMarks({ stages }: { stages: Stages }) {
  if (stages.length === 0) return <Unknown word="Not known" />;
  return (
    <span className="row">
      {modes.map((mode) => {
        const number = stages.filter((stage) => stage.mode === mode).length;
        return number === 0 ? null : (
          <span key={mode} className={`mark policy-mode-${mode}`}>
            {count(number)} {words[mode]}
          </span>
        );
      })}
    </span>
  );
}
