import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useCallback } from 'react';
import { queries } from '../../api/queries.ts';
import type { NetworkMap } from '../../api/types.ts';
import { counted } from '../../format/number.ts';
import { AppLink } from '../../shell/AppLink.tsx';
import { useAddress } from '../../shell/address.ts';
import { Empty, Failure, Loading } from '../../shell/states.tsx';
import { MapLegend } from './MapLegend.tsx';
import { MapPanel } from './MapPanel.tsx';
import { MapTable } from './MapTable.tsx';
import { useWay, WayNotice } from './way.tsx';
import './map.css';

/** WebGL and the layout are fetched only when the picture is looked at. */
const MapCanvas = lazy(() => import('./MapCanvas.tsx').then((module) => ({ default: module.MapCanvas })));

const groupings = [
  { value: 'vlan', label: 'VLAN' },
  { value: 'function', label: 'Function' },
  { value: 'criticality', label: 'Criticality' },
];
const views = [
  { value: 'picture', label: 'Picture' },
  { value: 'table', label: 'Table' },
];

export function MapPage() {
  const { values, change } = useAddress();
  const group = values.group ?? 'function';
  const view = values.view ?? 'picture';
  const { data, error, refetch } = useQuery(queries.map({ group }));
  return (
    <div className="page-fill">
      <div className="spread">
        <div>
          <h1>Map</h1>
          <p className="dim">{data ? sentence(data) : ' '}</p>
        </div>
        <div className="row">
          <SegmentedControl
            aria-label="Group by"
            data={groupings}
            value={group}
            onChange={(next) => change({ group: next, node: undefined })}
          />
          <SegmentedControl
            aria-label="Shown as"
            data={views}
            value={view}
            onChange={(next) => change({ view: next === 'picture' ? undefined : next })}
          />
        </div>
      </div>
      {error && !data && <Failure error={error} retry={() => void refetch()} what="The map" />}
      {!data && !error && <Loading label="the map" rows={10} />}
      {data && data.nodes.length === 0 && (
        <Empty title="Nothing to draw yet" action={<AppLink href="/imports">Import a capture</AppLink>} />
      )}
      {data && data.nodes.length > 0 && <Drawn map={data} view={view} />}
    </div>
  );
}

function sentence(map: NetworkMap): string {
  const own = map.nodes.filter((node) => !node.outside);
  const assets = own.reduce((sum, node) => sum + node.assets, 0);
  const beyond = map.nodes.reduce((sum, node) => sum + node.assets, 0) - assets;
  const others = beyond > 0 ? `, ${beyond} beyond your role that they talk to` : '';
  const life = own
    .filter((node) => node.criticality === 'life-critical')
    .reduce((sum, node) => sum + node.assets, 0);
  const folded = map.folded ? ', folded into groups to stay readable' : '';
  return `${counted(assets, 'asset')}, ${life} of them life-critical${others}, and ${counted(map.edges.length, 'relation')}${folded}.`;
}

function Drawn({ map, view }: { map: NetworkMap; view: string }) {
  const { values, change } = useAddress();
  const select = useCallback((node: string | undefined) => change({ node }), [change]);
  const node = map.nodes.find((entry) => entry.id === values.node);
  const way = useWay(values.path);
  return (
    <>
      {way.target && <WayNotice target={way.target} map={map} onClose={() => change({ path: undefined })} />}
      {view === 'picture' ? (
        <div className="map-frame">
          <Suspense fallback={<Loading label="the picture" rows={6} />}>
            <MapCanvas map={map} selected={values.node} way={way.nodes} onSelect={select} />
          </Suspense>
          <MapLegend outside={map.nodes.some(({ outside }) => outside)} />
        </div>
      ) : (
        <MapTable map={map} onSelect={select} />
      )}
      {node && <MapPanel map={map} node={node} onClose={() => select(undefined)} onSelect={select} />}
    </>
  );
}
