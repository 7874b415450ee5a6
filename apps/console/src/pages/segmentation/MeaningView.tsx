import { useQuery } from '@tanstack/react-query';
import type { Examined } from '@wardline/model';
import { segmentationQueries } from '../../api/segmentation.ts';
import { count, counted } from '../../format/number.ts';
import { AppLink } from '../../shell/AppLink.tsx';
import { Failure, Loading } from '../../shell/states.tsx';
import { modeWords } from './words.ts';
import { ZonePicture } from './ZonePicture.tsx';

/** Who is in which zone now, and who may open what: as a picture, and as tables. */
export function MeaningView({ text }: { text: string }) {
  const { data, error, refetch } = useQuery(segmentationQueries.examined(text));
  if (error && !data) return <Failure error={error} retry={() => void refetch()} what="What it means" />;
  if (!data) return <Loading label="what it means" rows={6} />;
  if (data.undeclared === null)
    return <p>The text has errors, so that nothing can be said of zones and conduits.</p>;
  return (
    <div className="stack">
      <ZonePicture meaning={data} />
      <p className="dim">{restSentence(data)}</p>
      <ZoneTable zones={data.zones} />
      <ConduitTable meaning={data} />
    </div>
  );
}

function restSentence({ undeclared, unzoned }: Examined): string {
  const rest = {
    observe: 'What nothing declares passes, and is only watched',
    alert: 'What nothing declares passes, and alerts',
    enforce: 'What nothing declares is dropped',
  }[undeclared!];
  const outside =
    unzoned === 0
      ? 'Every asset with an address is in a zone.'
      : `${counted(unzoned, 'asset')} with an address ${unzoned === 1 ? 'is' : 'are'} in no zone.`;
  return `${rest}. ${outside}`;
}

function ZoneTable({ zones }: Pick<Examined, 'zones'>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls the table by keys
    <section className="scroll-x" aria-label="Zones" tabIndex={0}>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Zone</th>
            <th scope="col" className="number">
              Assets
            </th>
            <th scope="col" className="number">
              Life-critical
            </th>
            <th scope="col">Among them</th>
            <th scope="col">Addresses</th>
          </tr>
        </thead>
        <tbody>
          {zones.map(({ name, title, assets, lifeCritical, examples, addresses }) => (
            <tr key={name}>
              <td>
                <strong>{name}</strong> <span className="dim">{title}</span>
              </td>
              <td className="number">{count(assets)}</td>
              <td className="number">{lifeCritical > 0 ? count(lifeCritical) : ''}</td>
              <td>
                {examples.slice(0, 4).map((asset, index) => (
                  <span key={asset.id}>
                    {index > 0 && ', '}
                    <AppLink href={`/assets/${asset.id}`}>{asset.name}</AppLink>
                  </span>
                ))}
                {assets > 4 && <span className="dim"> and {count(assets - 4)} more</span>}
              </td>
              <td className="mono">{addresses.join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ConduitTable({ meaning: { conduits, musts, exceptions } }: { meaning: Examined }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls the table by keys
    <section className="scroll-x" aria-label="Who may open what" tabIndex={0}>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Declaration</th>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col">Services</th>
            <th scope="col">Mode</th>
          </tr>
        </thead>
        <tbody>
          {conduits.map(({ name, title, from, to, services, mode }) => (
            <tr key={name}>
              <td>{title ?? name}</td>
              <td>{from.join(', ')}</td>
              <td>{to.join(', ')}</td>
              <td className="mono policy-services">{services.join(', ')}</td>
              <td>
                <span className={`mark policy-mode-${mode}`}>{modeWords[mode]}</span>
              </td>
            </tr>
          ))}
          {musts.map(({ title, verdict, from, to, services }) => (
            <tr key={title}>
              <td>{title}</td>
              <td>{from.join(', ')}</td>
              <td>{to.join(', ')}</td>
              <td className="mono policy-services">{services.join(', ')}</td>
              <td>
                <span className="mark">{verdict === 'allow' ? 'Must pass' : 'Must never pass'}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {exceptions.map(({ title, until, ended }) => (
        <p key={title} className={ended ? 'dim' : undefined}>
          Exception “{title}” {ended ? 'ended' : 'ends'} at {until}.
        </p>
      ))}
    </section>
  );
}
