import { useQuery } from '@tanstack/react-query';
import { queries } from '../../api/queries.ts';
import type { RiskIndicators, RiskIndicatorsAnswer } from '../../api/risks.ts';
import { count } from '../../format/number.ts';
import { AppLink } from '../../shell/AppLink.tsx';
import { Failure, Loading } from '../../shell/states.tsx';
import './risks.css';

interface Figure {
  label: string;
  value: (of: RiskIndicators) => number | null;
  /** What it means, and where to go with it. */
  href?: string;
  unit?: 'hours' | 'share';
}

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

const figures: Figure[] = [
  { label: 'Uncontrolled risks to patients', value: (of) => of.uncontrolled, href: '/risks?view=governance' },
  { label: 'Whether controlled is unknown', value: (of) => of.unknownControl, href: '/risks' },
  { label: 'Overdue', value: (of) => of.overdue, href: '/risks?overdue=yes' },
  { label: 'Nobody has looked yet', value: (of) => of.untriaged, href: '/risks?state=new' },
  { label: 'Wait for approval', value: (of) => of.waiting, href: '/risks?state=waiting' },
  { label: 'Accepted', value: (of) => of.accepted, href: '/risks?state=accepted' },
  {
    label: 'Life-critical devices with a risk that can be high',
    value: (of) => share(of.lifeCriticalAtRisk, of.lifeCritical),
    unit: 'share',
    href: '/risks?patient=high',
  },
  {
    label: 'Assets of which it is known what they are',
    value: (of) => share(of.identified, of.assets),
    unit: 'share',
    href: '/assets',
  },
  { label: 'Median time to triage, 90 days', value: (of) => of.hoursToTriage, unit: 'hours' },
  { label: 'Median time to treat, 90 days', value: (of) => of.hoursToTreat, unit: 'hours' },
];

function shown(value: number | null, unit: Figure['unit']): string {
  if (value === null) return 'not known';
  if (unit === 'share') return `${Math.round(value * 100)} %`;
  if (unit === 'hours') return value < 48 ? `${value.toFixed(1)} h` : `${(value / 24).toFixed(1)} days`;
  return count(value);
}

/** How risk is governed: each indicator now, and how it went day by day. */
export function IndicatorsPage() {
  const { data, error, refetch } = useQuery(queries.riskIndicators());
  return (
    <div className="page stack">
      <div className="spread">
        <div>
          <h1>Risk indicators</h1>
          <p className="dim">
            {data
              ? `${count(data.now.open)} open risks as of ${data.asOf.slice(0, 16).replace('T', ' ')} UTC.`
              : ' '}
          </p>
        </div>
        <div className="row">
          <AppLink href="/risks">Register</AppLink>
          <AppLink href="/risks/board">Board</AppLink>
        </div>
      </div>
      {error && !data && <Failure error={error} retry={() => void refetch()} what="The indicators" />}
      {!data && !error && <Loading label="the indicators" rows={10} />}
      {data && <Whole answer={data} />}
    </div>
  );
}

function Whole({ answer }: { answer: RiskIndicatorsAnswer }) {
  return (
    <>
      <div className="risk-figures">
        {figures.map((figure) => (
          <section key={figure.label} className="card risk-figure">
            <strong>{shown(figure.value(answer.now), figure.unit)}</strong>
            {figure.href === undefined ? figure.label : <AppLink href={figure.href}>{figure.label}</AppLink>}
            <Trend values={answer.days.map(figure.value)} />
          </section>
        ))}
      </div>
      <Levels now={answer.now} />
      <Days answer={answer} />
    </>
  );
}

/** The days as a line; where a day has no value the line breaks. The table below tells the same. */
function Trend({ values }: { values: (number | null)[] }) {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return <p className="dim small">Its course shows from the second day on.</p>;
  const most = Math.max(...known, 1e-9);
  const step = 100 / (values.length - 1);
  let pen = 'M';
  const path = values
    .map((value, at) => {
      const point =
        value === null ? '' : `${pen}${(at * step).toFixed(2)} ${(38 - (value / most) * 36).toFixed(2)}`;
      pen = value === null ? 'M' : 'L';
      return point;
    })
    .join('');
  return (
    <svg className="risk-trend" viewBox="0 0 100 40" preserveAspectRatio="none" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}

function Levels({ now }: { now: RiskIndicators }) {
  return (
    <section className="card">
      <h2>Open risks by what is possible for patients</h2>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Up to</th>
            <th scope="col" className="number">
              Risks
            </th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(now.byLevel)
            .toReversed()
            .map(([level, risks]) => (
              <tr key={level}>
                <td>{level}</td>
                <td className="number">{count(risks)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </section>
  );
}

function Days({ answer }: { answer: RiskIndicatorsAnswer }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls the table by keys
    <section className="card scroll-x" aria-labelledby="risk-days" tabIndex={0}>
      <h2 id="risk-days">Day by day</h2>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Day</th>
            {figures.map(({ label }) => (
              <th key={label} scope="col" className="number">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {answer.days.toReversed().map((day) => (
            <tr key={day.day}>
              <td className="risk-day">{day.day}</td>
              {figures.map(({ label, value, unit }) => (
                <td key={label} className="number">
                  {shown(value(day), unit)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
