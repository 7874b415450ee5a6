import type { AttackPathsAnswer } from '../../api/types.ts';
import { counted } from '../../format/number.ts';
import { gradeWords } from './words.ts';

/** The changes of least effort, in order, with what each buys. */
export function PlanSection({ answer }: { answer: AttackPathsAnswer }) {
  const { plan, level } = answer;
  return (
    <section className="card stack-tight" aria-labelledby="attack-plan">
      <h2 id="attack-plan">What to do first</h2>
      <p>{sentence(answer)}</p>
      {plan.steps.length > 0 && (
        <ol className="attack-plan">
          {plan.steps.map(({ id, text, freed, left }) => (
            <li key={id}>
              <span>{text}</span>
              <span className="dim small">
                {freed.length === 0
                  ? 'Needed by what follows'
                  : `Takes out of reach: ${freed.map(({ name }) => name).join(', ')}`}
              </span>
              <span className="attack-left small">{left} left</span>
            </li>
          ))}
        </ol>
      )}
      {plan.stubborn.length > 0 && (
        <p>
          No change that is known cuts every way up to “{gradeWords[level].word}” to{' '}
          {plan.stubborn.map(({ name }) => name).join(', ')}.
        </p>
      )}
    </section>
  );
}

function sentence({ plan, level }: AttackPathsAnswer): string {
  if (plan.before === 0)
    return `No life-critical device is within reach by ways up to “${gradeWords[level].word}”.`;
  const proof =
    plan.effort === plan.bound
      ? 'It is proved that no plan that does as much takes less effort.'
      : `It is proved that no plan that does as much takes less than ${Math.round((100 * plan.bound) / plan.effort)} % of its effort.`;
  const after = plan.after === 0 ? 'none' : String(plan.after);
  return `${counted(plan.steps.length, 'change')} ${plan.steps.length === 1 ? 'takes' : 'take'} what is within reach by ways up to “${gradeWords[level].word}” from ${counted(plan.before, 'life-critical device')} to ${after}. No conversation that was seen is cut. ${proof}`;
}
