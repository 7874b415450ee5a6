import type { ProductFile, ProductThreat } from '@wardline/model';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { StandingMark } from '../threats/StandingMark.tsx';
import { day } from './words.ts';

/** Every threat to such a device, by its gravest standing on any that is seen. */
export function ThreatModel({ of: { threatModel, details, timeliness } }: { of: ProductFile }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls the table by keys
    <section className="card scroll-x" aria-labelledby="threat-model" tabIndex={0}>
      <h2 id="threat-model">Threat model</h2>
      {details.deviceClass === '' ? (
        <p>Say what kind of device it is, and its threats follow.</p>
      ) : (
        <>
          <p className="dim">
            {timeliness.devices === 0
              ? 'No device of it is seen here: each threat stands as designed.'
              : `Each by its gravest standing on ${timeliness.devices} that are seen here.`}{' '}
            What answers a threat is said at{' '}
            <AppLink href={`/threats?class=${details.deviceClass}`}>Threat models</AppLink>, and verified by
            somebody else.
          </p>
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">Threat</th>
                <th scope="col">Stands</th>
                <th scope="col">Harm to a patient</th>
                <th scope="col">Ids</th>
              </tr>
            </thead>
            <tbody>
              {threatModel.map((one) => (
                <Threat key={one.id} of={one} />
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}

function Threat({
  of: { title, standing, because, severity, harm, answers, emb3d, attack },
}: {
  of: ProductThreat;
}) {
  return (
    <tr>
      <th scope="row">
        {title}
        <div className="small dim">
          {answers.length > 0
            ? answers
                .map(({ text, verifiedBy }) => `${text}${verifiedBy === null ? ' (not verified)' : ''}`)
                .join('; ')
            : because}
        </div>
      </th>
      <td>
        <StandingMark value={standing} />
      </td>
      <td>{severity === null ? '–' : `${severity}: ${harm ?? ''}`}</td>
      <td className="mono small">{[...emb3d, ...attack].join(' ')}</td>
    </tr>
  );
}

/** What is inside each version, and what was published. */
export function Parts({ of: { sboms, releases } }: { of: ProductFile }) {
  return (
    <section className="card stack-tight" aria-labelledby="parts">
      <h2 id="parts">Bills of materials and releases</h2>
      {sboms.length === 0 ? (
        <p>
          None is held. Hand one in at <AppLink href="/sboms">Bills of materials</AppLink>, or publish it with
          a release.
        </p>
      ) : (
        <ul className="plain-list">
          {sboms.map((one) => (
            <li key={one.id}>
              <AppLink href={`/sboms/${one.id}`}>{one.software || 'Every version'}</AppLink>: {one.format},{' '}
              {one.components} parts; {one.withVersion} with a version, {one.withIdentifier} with an
              identifier, {one.withSupplier} with their maker; {one.affected} weaknesses, {one.open} open
            </li>
          ))}
        </ul>
      )}
      {releases.length === 0 ? (
        <p>Nothing was published in the repository of firmware.</p>
      ) : (
        <ul className="plain-list">
          {releases.map((one) => (
            <li key={`${one.version} ${one.published}`}>
              Release {one.version}, {day(one.published)}, security version {one.securityVersion}
              {one.withdrawn && ', withdrawn'}
              {one.sbom && ', with its bill of materials'}
              {one.provenance && ', with provenance'}
              {one.advisories.length > 0 && `, answers ${one.advisories.join(', ')}`}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Where reports are taken, and what became of those that came. */
export function Handling({ of: { handling } }: { of: ProductFile }) {
  const { addresses, reports, advisoriesRead } = handling;
  return (
    <section className="card stack-tight" aria-labelledby="handling">
      <h2 id="handling">How weaknesses are handled</h2>
      <dl className="pairs">
        <dt>Reports are taken at</dt>
        <dd className="mono">{addresses.join(', ') || 'not known'}</dd>
        <dt>Advisories last read</dt>
        <dd>{advisoriesRead === null ? 'never' : <When at={advisoriesRead} />}</dd>
      </dl>
      {reports.length === 0 ? (
        <p>Nobody has reported a weakness of it.</p>
      ) : (
        <ul className="plain-list">
          {reports.map(({ number, title, received, closed, overdue }) => (
            <li key={number}>
              <AppLink href={`/disclosures/${number}`}>{title}</AppLink>, received {received},{' '}
              {closed ? 'closed' : 'open'}
              {overdue > 0 && (
                <>
                  {' '}
                  <span className="mark criticality-high">Overdue</span>
                </>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
