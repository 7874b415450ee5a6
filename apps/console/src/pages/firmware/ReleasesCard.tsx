import { Button } from '@mantine/core';
import type { FirmwareRelease } from '@wardline/model';
import { useState } from 'react';
import { Unknown } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useMay } from '../../shell/permissions.ts';
import { BeginRollout } from './BeginRollout.tsx';

/** Each release with whose it is, for which devices, and what it rests on. */
export function ReleasesCard({ releases }: { releases: readonly FirmwareRelease[] }) {
  const [chosen, choose] = useState<FirmwareRelease | null>(null);
  return (
    <section className="card stack-tight scroll-x" aria-labelledby="firmware-releases">
      <h2 id="firmware-releases">Releases</h2>
      {releases.length === 0 ? (
        <p className="dim">No image is offered.</p>
      ) : (
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">For</th>
              <th scope="col">Version</th>
              <th scope="col">Devices</th>
              <th scope="col">Signed by the maker</th>
              <th scope="col">Built by</th>
              <th scope="col">Bill of materials</th>
              <th scope="col">Published</th>
              <th scope="col">
                <span className="unseen">Acts</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {releases.map((release) => (
              <ReleaseRow key={`${release.path} ${release.sha256}`} release={release} onRollout={choose} />
            ))}
          </tbody>
        </table>
      )}
      {chosen !== null && <BeginRollout release={chosen} onClose={() => choose(null)} />}
    </section>
  );
}

function ReleaseRow({
  release,
  onRollout,
}: {
  release: FirmwareRelease;
  onRollout: (chosen: FirmwareRelease) => void;
}) {
  const may = useMay();
  const { manufacturer, model, version, securityVersion, group, makerKey, published, withdrawn } = release;
  return (
    <tr>
      <th scope="row">
        {manufacturer} {model}
        <div className="dim small">group {group}</div>
      </th>
      <td>
        {version}
        <div className="dim small">security version {securityVersion}</div>
      </td>
      <td>
        {release.running} of {release.devices} run it
      </td>
      <td>{makerKey === '' ? <Unknown word="not signed" /> : <code>{makerKey.slice(0, 12)}</code>}</td>
      <td>
        <Built by={release.provenance} />
      </td>
      <td>
        <Materials of={release} />
      </td>
      <td>
        <When at={published} />
        {withdrawn !== null && <div className="dim small">withdrawn</div>}
      </td>
      <td>
        {may('rollout.make') && withdrawn === null && release.running < release.devices && (
          <Button size="xs" variant="default" onClick={() => onRollout(release)}>
            Roll out…
          </Button>
        )}
      </td>
    </tr>
  );
}

/** Who built it and from what, as the builder signed it. */
function Built({ by }: { by: FirmwareRelease['provenance'] }) {
  if (by === null) return <Unknown word="not said" />;
  return (
    <>
      <span className="firmware-address">{by.builder}</span>
      {by.source !== null && <div className="dim small firmware-address">from {by.source.uri}</div>}
    </>
  );
}

function Materials({ of: { sbom, sbomSha256, advisories } }: { of: FirmwareRelease }) {
  return (
    <>
      {sbom === null ? <Unknown word="none" /> : <AppLink href={`/sboms/${sbom}`}>{sbom}</AppLink>}
      {sbom !== null && (
        <div className="dim small">{sbomSha256 === null ? 'not signed with it' : 'signed with it'}</div>
      )}
      {advisories.length > 0 && (
        <div className="dim small firmware-address">answers {advisories.join(', ')}</div>
      )}
    </>
  );
}
