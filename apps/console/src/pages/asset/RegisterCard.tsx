import type { ReactNode } from 'react';
import type { AssetDetail } from '../../api/types.ts';
import { registerFieldWords } from '../../format/words.ts';
import { RegisterMark } from '../../marks/marks.tsx';
import { AppLink } from '../../shell/AppLink.tsx';

/** The hospital's register says / the network shows, side by side. */
export function RegisterCard({ detail }: { detail: AssetDetail }) {
  const { asset, register } = detail;
  return (
    <section className="card stack-tight" aria-labelledby="register">
      <div className="spread">
        <h2 id="register">Register</h2>
        <RegisterMark value={asset.register} />
      </div>
      {register === null && <NotRegistered state={asset.register} />}
      {register !== null && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls the table by keys
        <section className="scroll-x" aria-label="Register and network" tabIndex={0}>
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">Field</th>
                <th scope="col">Register says</th>
                <th scope="col">Network shows</th>
              </tr>
            </thead>
            <tbody>
              {Object.entries(register).map(([field, value]) => (
                <tr key={field}>
                  <th scope="row">{registerFieldWords[field] ?? field}</th>
                  <td>{value}</td>
                  <td>{shownOf(detail, field)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <AppLink href={`/register?q=${encodeURIComponent(asset.name)}`}>See it in the reconciliation</AppLink>
    </section>
  );
}

function NotRegistered({ state }: { state: string | null }) {
  return (
    <p className="dim">
      {state === 'shadow'
        ? 'No entry of the register fits this device.'
        : 'It was not compared: import the hospital’s register first.'}
    </p>
  );
}

/** What only the hospital keeps; the network shows nothing of it. */
const keptOnly = new Set(['row', 'tag', 'department', 'owner', 'status', 'notes']);

function shownOf({ asset, observed }: AssetDetail, field: string): ReactNode {
  if (keptOnly.has(field)) return '';
  if (field === 'macs') return asset.macs.join(', ') || notSeen;
  if (field === 'ips') return asset.ips.join(', ') || notSeen;
  if (field === 'hostname') return asset.hostnames.join(', ') || notSeen;
  if (field === 'class') return asset.classLabel;
  return observed[field as keyof typeof observed]?.value ?? notSeen;
}
const notSeen = <span className="dim">not seen</span>;
