import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ProvisionedGroup, roles } from '@wardline/model';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import { people } from '../../api/sign-in.ts';
import { counted } from '../../format/number.ts';
import { plain, scopeWords } from '../../format/words.ts';
import { When } from '../../marks/When.tsx';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Failure } from '../../shell/states.tsx';
import { everywhere, isScope, ScopeFields, scopeOf } from '../access/ScopeFields.tsx';

/** No list that another system keeps makes somebody one of these. */
const never: ReadonlySet<string> = new Set(['administrator', 'sensor', 'device', 'provisioning']);
const NONE = 'none';

/** Groups that the hospital's directory keeps, and the role that each gives here. Nothing where no directory is connected. */
export function GroupsCard() {
  const list = useQuery(queries.groups());
  const may = useMay();
  const [chosen, setChosen] = useState<ProvisionedGroup | null>(null);
  if (list.error) return <Failure error={list.error} retry={() => void list.refetch()} what="The groups" />;
  if (!list.data || list.data.items.length === 0) return null;
  return (
    <section className="card stack" aria-labelledby="groups">
      <h2 id="groups">Groups of the directory</h2>
      <p className="dim">
        The directory says who is in a group; which role the group has here, only people say. Who leaves the
        group loses the role at once.
      </p>
      <table className="people-table">
        <thead>
          <tr>
            <th scope="col">Group</th>
            <th scope="col">Gives the role</th>
            <th scope="col">Changed</th>
            <th scope="col">
              <span className="unseen">Acts</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {list.data.items.map((group) => (
            <tr key={group.id}>
              <td>
                <strong>{group.name}</strong>
                <div className="small dim">{counted(group.members, 'member')}</div>
              </td>
              <td>
                {group.role === null ? <span className="dim">none yet</span> : plain(group.role)}
                {group.role !== null && <div className="small dim">{scopeWords(group)}</div>}
              </td>
              <td>
                <When at={group.changed} />
              </td>
              <td>
                {may('provisioning.map') && (
                  <Button size="xs" variant="default" onClick={() => setChosen(group)}>
                    Choose the role…
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {chosen && <MapDialog group={chosen} onClose={() => setChosen(null)} />}
    </section>
  );
}

function MapDialog({ group, onClose }: { group: ProvisionedGroup; onClose: () => void }) {
  const [role, setRole] = useState<string>(group.role ?? NONE);
  const [scope, setScope] = useState(everywhere);
  const given = role === NONE ? null : role;
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={`The role of ${group.name}`}
      confirm="Give it to the group"
      done={`${counted(group.members, 'member')} of ${group.name}: ${given === null ? 'no role' : plain(given)}.`}
      ready={isScope(scope)}
      act={(reason) => people.mapGroup(group.id, given, scopeOf(scope), reason)}
    >
      <NativeSelect
        label="Role"
        value={role}
        onChange={(event) => setRole(event.currentTarget.value)}
        data={[
          { value: NONE, label: 'None' },
          ...roles.filter((one) => !never.has(one)).map((one) => ({ value: one, label: plain(one) })),
        ]}
      />
      <ScopeFields value={scope} onChange={setScope} />
      <p className="small dim">
        It holds for whoever the directory says is a member, now and later, until you choose another.
      </p>
    </ReasonDialog>
  );
}
