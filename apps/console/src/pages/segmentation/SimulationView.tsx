import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { PolicySimulation } from '@wardline/model';
import { segmentationQueries } from '../../api/segmentation.ts';
import { count, counted } from '../../format/number.ts';
import { CriticalityMark } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useAddress } from '../../shell/address.ts';
import { Failure, Loading } from '../../shell/states.tsx';
import { EffectTable } from './EffectTable.tsx';
import { effectSentence } from './words.ts';

/** What the policy would have done to everything that was recorded. */
export function SimulationView({ text }: { text: string }) {
  const { values, change } = useAddress();
  const enforced = values.as !== 'written';
  const { data, error, refetch } = useQuery(segmentationQueries.simulated(text, enforced));
  return (
    <div className="stack">
      <div className="row">
        <span className="dim">Tried</span>
        <SegmentedControl
          aria-label="Tried"
          data={[
            { value: 'enforced', label: 'as if all of it were enforced' },
            { value: 'written', label: 'as it is written' },
          ]}
          value={enforced ? 'enforced' : 'written'}
          onChange={(next) => change({ as: next === 'enforced' ? undefined : next })}
        />
      </div>
      {error && !data && <Failure error={error} retry={() => void refetch()} what="The simulation" />}
      {!data && !error && <Loading label="what would have been cut" rows={8} />}
      {data && <Report simulation={data} />}
    </div>
  );
}

function Report({ simulation }: { simulation: PolicySimulation }) {
  const { effect, cut, assets, unseenMusts, difference } = simulation;
  return (
    <>
      <div className="card stack-tight">
        <h2>
          {effect.cut === 0
            ? 'Nothing would have been cut'
            : `${counted(effect.cut, 'conversation')} would have been cut`}
        </h2>
        <p>{effectSentence(effect)}</p>
        <p className="dim">
          {effect.from !== null && effect.to !== null && (
            <>
              Recorded from <When at={effect.from} /> to <When at={effect.to} />.{' '}
            </>
          )}
          {count(effect.passes)} pass as declared, {count(effect.watched)} because nothing is enforced there,{' '}
          {count(effect.notSeen)} no enforcement point would see.
        </p>
        {unseenMusts.map((must) => (
          <p key={must}>
            <span className="mark mark-unknown">Not shown</span> {must}: no recorded conversation uses it, so
            that this recording cannot tell whether it works.
          </p>
        ))}
      </div>
      {difference !== null && (
        <div className="card stack-tight">
          <h2>Against version {difference.version}, which is in force</h2>
          <p>
            {counted(difference.newlyCut, 'conversation')} newly cut, {count(difference.newlyPassing)} newly
            let through.
          </p>
          {difference.cut.length > 0 && <EffectTable rows={difference.cut.slice(0, 50)} />}
        </div>
      )}
      {assets.length > 0 && <Hurt assets={assets} />}
      {cut.length > 0 && (
        <section className="card stack-tight" aria-labelledby="policy-cut">
          <h2 id="policy-cut">What would have been cut, the worst first</h2>
          <EffectTable rows={cut} />
          {effect.cut > cut.length && <p className="dim">and {count(effect.cut - cut.length)} more.</p>}
        </section>
      )}
    </>
  );
}

const HURT_SHOWN = 12;

function Hurt({ assets }: Pick<PolicySimulation, 'assets'>) {
  return (
    <section className="card stack-tight" aria-labelledby="policy-hurt">
      <h2 id="policy-hurt">Whom it would have hurt</h2>
      <ul className="plain-list policy-hurt">
        {assets.slice(0, HURT_SHOWN).map(({ asset, name, criticality, cut, peers }) => (
          <li key={asset} className="row">
            <CriticalityMark value={criticality} />
            <AppLink href={`/assets/${asset}`}>{name}</AppLink>
            <span className="dim">
              loses {counted(cut, 'conversation')} with {counted(peers, 'peer')}
            </span>
          </li>
        ))}
      </ul>
      {assets.length > HURT_SHOWN && <p className="dim">and {count(assets.length - HURT_SHOWN)} more.</p>}
    </section>
  );
}
