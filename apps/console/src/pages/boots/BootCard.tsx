import { useQuery } from '@tanstack/react-query';
import { bootQueries } from '../../api/boots.ts';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useMay } from '../../shell/permissions.ts';
import { Failure } from '../../shell/states.tsx';
import { BootMark } from './BootMark.tsx';
import { groundWords, whyWords } from './words.ts';

/** What a device showed of its boots; nothing where it never did. */
export function BootCard({ asset }: { asset: string }) {
  const may = useMay();
  const { data, error, refetch } = useQuery({ ...bootQueries.of(asset), enabled: may('boot.asset') });
  if (error && !data) return <Failure error={error} retry={() => void refetch()} what="What it booted" />;
  if (!data || data.items.length === 0) return null;
  return (
    <section className="card stack-tight" aria-labelledby="boot">
      <h2 id="boot">Boot</h2>
      <ul className="plain-list">
        {data.items.map((boot) => (
          <li key={boot.id}>
            <BootMark status={boot.status} />{' '}
            <span className="dim">
              by {groundWords(boot.grade)}, since <When at={boot.at} />, last heard <When at={boot.heard} />
            </span>
            <div className="small">{whyWords(boot)}</div>
          </li>
        ))}
      </ul>
      <AppLink href="/boots">All devices</AppLink>
    </section>
  );
}
