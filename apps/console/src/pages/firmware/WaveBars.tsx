import type { Rollout } from '@wardline/model';

type Wave = Rollout['waves'][number];
const parts = ['done', 'installing', 'failed', 'waiting'] as const;
const words = { done: 'run it', installing: 'install', failed: 'failed', waiting: 'wait' };

/** A bar for each wave; the words beside it say the same. */
export function WaveBars({ rollout: { waves, wave: current, state } }: { rollout: Rollout }) {
  return (
    <ol className="firmware-waves">
      {waves.map((wave, at) => (
        <li key={wave.share} aria-current={at === current && state === 'running' ? 'step' : undefined}>
          <span className="firmware-wave-name">
            {at === 0 ? 'Canary' : `Wave ${at + 1}`} <span className="dim small">to {wave.share} %</span>
          </span>
          <Bar wave={wave} />
          <span className="small">{sentence(wave)}</span>
        </li>
      ))}
    </ol>
  );
}

const sizeOf = (wave: Wave): number => parts.reduce((sum, part) => sum + wave[part], 0);

function sentence(wave: Wave): string {
  if (sizeOf(wave) === 0) return 'no devices';
  const told = parts.filter((part) => wave[part] > 0).map((part) => `${wave[part]} ${words[part]}`);
  return `${told.join(', ')}; ${wave.allowed} may fail`;
}

function Bar({ wave }: { wave: Wave }) {
  return (
    <span className="firmware-bar" aria-hidden>
      {parts.map((part) => (
        <span key={part} className={`firmware-${part}`} style={{ flexGrow: wave[part] }} />
      ))}
    </span>
  );
}
