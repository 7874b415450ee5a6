import type { Rollout } from '@wardline/model';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { WaveBars } from './WaveBars.tsx';
import { stateWords } from './words.ts';

/** Rollouts, newest first, each with how its waves stand. */
export function RolloutsCard({ rollouts }: { rollouts: readonly Rollout[] }) {
  return (
    <section className="card stack" aria-labelledby="firmware-rollouts">
      <h2 id="firmware-rollouts">Rollouts</h2>
      {rollouts.length === 0 && <p className="dim">None was begun yet. A release below can be rolled out.</p>}
      {rollouts.map((rollout) => (
        <div key={rollout.id} className="stack-tight">
          <div className="spread">
            <AppLink href={`/firmware/rollouts/${rollout.id}`}>
              {rollout.manufacturer} {rollout.model} {rollout.version}
            </AppLink>
            <span>
              <span className={`mark rollout-${rollout.state}`}>{stateWords[rollout.state]}</span>{' '}
              <span className="dim small">
                since <When at={rollout.begun} />
              </span>
            </span>
          </div>
          <WaveBars rollout={rollout} />
        </div>
      ))}
    </section>
  );
}
