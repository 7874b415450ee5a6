import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { apiAddress } from '../../api/client.ts';
import type { PatchItem, PatchPlan } from '../../api/patching.ts';
import { queries } from '../../api/queries.ts';
import { counted } from '../../format/number.ts';
import { CriticalityMark, Unknown } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useMay } from '../../shell/permissions.ts';
import { Empty, Failure, Loading } from '../../shell/states.tsx';
import { LevelMark } from '../risks/LevelMark.tsx';
import { Windows } from './Windows.tsx';
import { actionWords } from './words.ts';

/** What is to be done about which product, and when its devices may be taken out of use for it. */
export function PlanPage() {
  const may = useMay();
  const { data, error, refetch } = useQuery(queries.patchPlan());
  return (
    <div className="page stack">
      <div className="spread">
        <div>
          <h1>Patch plan</h1>
          <p className="dim">{data ? sentence(data) : ' '}</p>
        </div>
        <div className="row">
          {may('patch.export') && (
            <Button component="a" variant="default" href={apiAddress('/patch-plan.csv', {})} download>
              Work list (CSV)
            </Button>
          )}
          {may('patch.calendar') && (
            <Button component="a" variant="default" href={apiAddress('/patch-plan.ics', {})} download>
              Calendar
            </Button>
          )}
        </div>
      </div>
      {error && !data && <Failure error={error} retry={() => void refetch()} what="The plan" />}
      {!data && !error && <Loading label="the plan" rows={8} />}
      {data?.items.length === 0 && (
        <Empty title="Nothing to mend is known">
          A plan comes from weaknesses that <AppLink href="/vulnerabilities">advisories</AppLink> tell of your
          devices.
        </Empty>
      )}
      {data?.items.map((item) => (
        <Item key={item.product} item={item} asOf={data.asOf} />
      ))}
      {data?.more && <p className="dim">More products have weaknesses that are less grave.</p>}
      {may('patch.windows') && <Windows />}
    </div>
  );
}

function sentence({ items }: PatchPlan): string {
  const of = (action: PatchItem['action']) => items.filter((one) => one.action === action).length;
  const without = items.flatMap(({ assets }) => assets).filter(({ slot }) => slot === null).length;
  return `${counted(items.length, 'product')}, those that can harm patients most first: ${of('update')} to update, ${of('compensate')} to protect otherwise, ${of('replace')} to replace, ${of('ask')} to ask about. For ${counted(without, 'device')} nobody has said when they may be taken out of use.`;
}

function Item({ item, asOf }: { item: PatchItem; asOf: string }) {
  const id = `plan-${item.risks[0]}`;
  return (
    <section className="card stack-tight" aria-labelledby={id}>
      <div className="spread">
        <h2 id={id}>{item.product}</h2>
        <LevelMark value={item.patient} patient />
      </div>
      <p>
        <strong>{actionWords[item.action]}.</strong>{' '}
        {item.vendorSays === null ? (
          <Unknown word="The vendor says nothing" />
        ) : (
          <>The vendor says: {item.vendorSays}</>
        )}
      </p>
      <p className="dim">
        {counted(item.weaknesses, 'weakness', 'weaknesses')}: {item.gravest.join(', ')}
        {item.weaknesses > item.gravest.length && ' …'}
        {item.exploited && '. Known to be exploited'}
        {item.compensated && '. Controls are verified'}
        {item.supportEnded !== null && `. Support of its system ended on ${item.supportEnded}`}
        {item.deadline !== null && `. Due ${item.deadline.slice(0, 10)}`}.{' '}
        <AppLink href={`/risks?row=${item.risks[0]}`}>In the register</AppLink>
      </p>
      <details open={item.assets.length <= 5}>
        <summary>
          {counted(item.assets.length, 'device')}
          <span className="unseen"> of {item.product}</span>
        </summary>
        <Devices item={item} asOf={asOf} />
      </details>
    </section>
  );
}

function Devices({ item, asOf }: { item: PatchItem; asOf: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls the table by keys
    <section className="scroll-x" aria-label={`Slots of ${item.product}`} tabIndex={0}>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Device</th>
            <th scope="col">Criticality</th>
            <th scope="col">Place</th>
            <th scope="col">Proposed</th>
          </tr>
        </thead>
        <tbody>
          {item.assets.map(({ id, name, criticality, location, slot }) => (
            <tr key={id}>
              <td>
                <AppLink href={`/assets/${id}`}>{name}</AppLink>
              </td>
              <td>
                <CriticalityMark value={criticality} />
              </td>
              <td>{location}</td>
              <td>
                {slot === null ? (
                  <Unknown word="Nobody said when" />
                ) : (
                  <>
                    {slot.from <= asOf ? 'Open now' : <When at={slot.from} />} to <When at={slot.until} />
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {item.assets.length === 0 && <p className="dim">None that you may see.</p>}
    </section>
  );
}
