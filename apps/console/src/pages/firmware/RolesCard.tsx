import type { FirmwareStatus } from '@wardline/model';
import { When } from '../../marks/When.tsx';

const purposes: Readonly<Record<string, string>> = {
  root: 'says whose keys count; signed by people',
  timestamp: 'says that nothing newer exists; signed by this server',
  snapshot: 'says what belongs together; signed by this server',
  targets: 'says which images there are; signed by people',
};

/** Who signs what, and until when it is good. */
export function RolesCard({ status: { roles, bins, keys } }: { status: FirmwareStatus }) {
  const unused = keys.filter(({ signs }) => !signs).length;
  return (
    <section className="card stack-tight scroll-x" aria-labelledby="firmware-roles">
      <h2 id="firmware-roles">Who signs</h2>
      {roles.length > 0 && (
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">Role</th>
              <th scope="col">Version</th>
              <th scope="col">Good until</th>
              <th scope="col">Signatures needed</th>
              <th scope="col">Keys</th>
            </tr>
          </thead>
          <tbody>
            {roles.map(({ role, version, expires, threshold, keys: ids }) => (
              <tr key={role}>
                <th scope="row">
                  {role}
                  <div className="dim small">{purposes[role] ?? 'speaks for its own devices'}</div>
                </th>
                <td>{version}</td>
                <td>
                  <When at={expires} />
                </td>
                <td>
                  {threshold} of {ids.length}
                </td>
                <td className="firmware-keys">{ids.map((id) => id.slice(0, 12)).join(' ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {bins.length > 0 && <BinsLine bins={bins} />}
      <p className="dim small">
        {keys.length === 0
          ? 'The server has no key of its own yet.'
          : `The server’s own keys, sealed: ${keys.length}.${unused > 0 ? ` No root names ${unused} of them, so that they sign nothing.` : ''}`}
      </p>
    </section>
  );
}

/** Lists over which images are spread: what counts of them is which runs out first. */
function BinsLine({ bins }: Pick<FirmwareStatus, 'bins'>) {
  const images = bins.reduce((sum, bin) => sum + bin.images, 0);
  const first = bins.map(({ expires }) => expires).sort()[0]!;
  return (
    <p className="small">
      {images} {images === 1 ? 'image' : 'images'} spread over {bins.length} lists of equal keys, the first of
      which is good until <When at={first} />.
    </p>
  );
}
