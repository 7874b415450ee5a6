import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { queries } from '../../api/queries.ts';
import type { AttackPathsAnswer } from '../../api/types.ts';
import { count, counted } from '../../format/number.ts';
import { CriticalityMark } from '../../marks/marks.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useAddress } from '../../shell/address.ts';
import { Empty, Failure, Loading } from '../../shell/states.tsx';
import { GradeMark } from './GradeMark.tsx';
import { PlanSection } from './PlanSection.tsx';
import { RoutePanel } from './RoutePanel.tsx';
import { grades, gradeWords } from './words.ts';
import './attack-paths.css';

const levels = grades.map((value) => ({ value, label: gradeWords[value].word }));

/** How an attacker gets from where one is assumed to stand to the devices that lives hang on, and what cuts it off. */
export function AttackPathsPage() {
  const { values, change } = useAddress();
  const level = values.level ?? 'published';
  const { data, error, refetch } = useQuery(queries.attackPaths({ level }));
  const target = data?.targets.find(({ asset }) => asset === values.row);
  return (
    <div className="page-fill">
      <div className="spread">
        <div>
          <h1>Attack paths</h1>
          <p className="dim">{data ? sentence(data) : ' '}</p>
        </div>
        <div className="row">
          <span className="dim">Ways up to</span>
          <SegmentedControl
            aria-label="Ways up to"
            data={levels}
            value={level}
            onChange={(next) => change({ level: next === 'published' ? undefined : next })}
          />
        </div>
      </div>
      {error && !data && <Failure error={error} retry={() => void refetch()} what="The attack paths" />}
      {!data && !error && <Loading label="the attack paths" rows={10} />}
      {data?.total === 0 && (
        <Empty
          title="No life-critical device is known yet"
          action={<AppLink href="/imports">Import a capture</AppLink>}
        >
          Ways of attack are worked out to what patients’ lives hang on.
        </Empty>
      )}
      {data && data.total > 0 && (
        <div className="stack attack-page">
          <PlanSection answer={data} />
          <Targets answer={data} onOpen={(row) => change({ row })} />
          <Counts answer={data} />
          <ChokePoints answer={data} />
        </div>
      )}
      {target && <RoutePanel target={target} onClose={() => change({ row: undefined })} />}
    </div>
  );
}

function sentence({ total, counts, footholds }: AttackPathsAnswer): string {
  const easy = (of: AttackPathsAnswer['counts']['shown']) =>
    (of.open ?? 0) + (of.exploited ?? 0) + (of.published ?? 0);
  const from = [
    footholds.internet > 0 ? 'the internet' : null,
    footholds.workstation > 0 ? counted(footholds.workstation, 'workstation') : null,
    footholds.guest > 0 ? counted(footholds.guest, 'guest device') : null,
    footholds.supplier > 0 ? `${counted(footholds.supplier, 'connection')} with suppliers` : null,
  ].filter((one) => one !== null);
  const start = from.length === 0 ? 'no foothold that is known' : from.join(', ');
  return `Of ${counted(total, 'life-critical device')}, ${easy(counts.shown)} can be reached without a secret weakness by what was seen, and ${easy(counts.notExcluded)} where nothing shows a filter; from ${start}.`;
}

function Targets({ answer, onOpen }: { answer: AttackPathsAnswer; onOpen: (asset: string) => void }) {
  const left = answer.total - answer.targets.length;
  return (
    <section className="card scroll-x" aria-labelledby="attack-targets">
      <h2 id="attack-targets">Life-critical devices, the easiest to reach first</h2>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Device</th>
            <th scope="col">Criticality</th>
            <th scope="col">By what was seen</th>
            <th scope="col">By what nothing excludes</th>
            <th scope="col" className="number">
              Steps
            </th>
          </tr>
        </thead>
        <tbody>
          {answer.targets.map(({ asset, name, classLabel, criticality, shown, notExcluded }) => (
            <tr key={asset}>
              <td>
                <button type="button" className="link-button" onClick={() => onOpen(asset)}>
                  {name}
                </button>{' '}
                <span className="dim">{classLabel}</span>
              </td>
              <td>
                <CriticalityMark value={criticality} />
              </td>
              <td>
                <GradeMark value={shown?.difficulty ?? null} />
              </td>
              <td>
                <GradeMark value={notExcluded?.difficulty ?? null} />
              </td>
              <td className="number">{notExcluded?.steps.length ?? ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {left > 0 && <p className="dim">{count(left)} more that are harder to reach.</p>}
    </section>
  );
}

function Counts({ answer }: { answer: AttackPathsAnswer }) {
  const columns = [...grades, 'none'] as const;
  const rows = [
    ['By what was seen', answer.counts.shown],
    ['By what nothing excludes', answer.counts.notExcluded],
  ] as const;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls the table by keys
    <section className="card scroll-x" aria-labelledby="attack-counts" tabIndex={0}>
      <h2 id="attack-counts">How many are reached by what</h2>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Reach</th>
            {columns.map((grade) => (
              <th key={grade} scope="col" className="number" title={gradeWords[grade].means}>
                {gradeWords[grade].word}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([label, of]) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              {columns.map((grade) => (
                <td key={grade} className="number">
                  {count(of[grade] ?? 0)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const kinds = { asset: 'Asset', conduit: 'Traffic', place: 'Network' } as const;

function ChokePoints({ answer }: { answer: AttackPathsAnswer }) {
  return (
    <section className="card stack-tight" aria-labelledby="attack-chokes">
      <h2 id="attack-chokes">What every such way runs through</h2>
      {answer.chokePoints.length === 0 && (
        <p className="dim">
          No single asset or network stands on every way to a device: there are several ways to each.
        </p>
      )}
      <ul className="plain-list stack-tight">
        {answer.chokePoints.map(({ kind, id, name, targets }) => (
          <li key={`${kind} ${id} ${name}`} className="row">
            <span className="mark">{kinds[kind]}</span>
            {kind === 'asset' ? <AppLink href={`/assets/${id}`}>{name}</AppLink> : <span>{name}</span>}
            <span className="dim">on every way to {counted(targets, 'device')}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
