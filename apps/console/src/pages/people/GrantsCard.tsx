import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { StoredGrant } from '@wardline/model';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import { people } from '../../api/sign-in.ts';
import { plain, scopeWords } from '../../format/words.ts';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Failure, Loading } from '../../shell/states.tsx';

const origins: Record<StoredGrant['origin'], string> = {
  assigned: 'given',
  elevation: 'asked for and approved',
  'break-glass': 'taken in an emergency',
};

/** Every role that holds now: whose, where, until when, and how it came to them. */
export function GrantsCard() {
  const list = useQuery(queries.grants());
  const may = useMay();
  const [ending, setEnding] = useState<StoredGrant | null>(null);
  if (list.error) return <Failure error={list.error} retry={() => void list.refetch()} what="The roles" />;
  if (!list.data) return <Loading label="roles" rows={3} />;
  const held = list.data.items.filter(({ ended }) => ended === null);
  return (
    <section className="card stack" aria-labelledby="grants">
      <h2 id="grants">Roles that hold now</h2>
      <table className="people-table">
        <thead>
          <tr>
            <th scope="col">Who</th>
            <th scope="col">Role</th>
            <th scope="col">Until</th>
            <th scope="col">How</th>
            <th scope="col">
              <span className="unseen">Acts</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {held.map((grant) => (
            <GrantRow key={grant.id} grant={grant} mayEnd={may('grant.withdraw')} onEnd={setEnding} />
          ))}
        </tbody>
      </table>
      {ending && (
        <ReasonDialog
          opened
          onClose={() => setEnding(null)}
          title={`Take ${plain(ending.role)} back from ${ending.name}`}
          confirm="Take it back"
          done={`${ending.name} is no longer ${plain(ending.role)}.`}
          act={(reason) => people.withdraw(ending.id, reason)}
        >
          <p>It ends at once, in every open window. It can be given again.</p>
        </ReasonDialog>
      )}
    </section>
  );
}

interface GrantRowProps {
  grant: StoredGrant;
  mayEnd: boolean;
  onEnd: (grant: StoredGrant) => void;
}

function GrantRow({ grant, mayEnd, onEnd }: GrantRowProps) {
  const isEmergency = grant.origin === 'break-glass';
  return (
    <tr>
      <td>
        <strong>{grant.name}</strong>
      </td>
      <td>
        {plain(grant.role)}
        <div className="small dim">{scopeWords(grant)}</div>
      </td>
      <td>{grant.until ? <When at={grant.until} /> : <span className="dim">taken back</span>}</td>
      <td>
        {origins[grant.origin]}
        <div className="small dim">
          <When at={grant.since} />
        </div>
      </td>
      <td>
        <div className="people-acts">
          {isEmergency && <AppLink href="/break-glass">Emergency access</AppLink>}
          {!isEmergency && mayEnd && (
            <Button size="xs" variant="default" onClick={() => onEnd(grant)}>
              Take back…
            </Button>
          )}
        </div>
      </td>
    </tr>
  );
}
