import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { queries } from '../../api/queries.ts';
import type { AttackTarget, NetworkMap } from '../../api/types.ts';
import { AppLink } from '../../shell/AppLink.tsx';

const NONE: readonly string[] = [];

/** The easiest way of attack to the asset that the address names, as nodes of the map. */
export function useWay(asset: string | undefined): {
  target: AttackTarget | undefined;
  nodes: readonly string[];
} {
  const { data } = useQuery({ ...queries.attackPaths({}), enabled: asset !== undefined });
  const target = asset === undefined ? undefined : data?.targets.find((one) => one.asset === asset);
  const nodes = useMemo(() => (target === undefined ? NONE : nodesOf(target)), [target]);
  return { target, nodes };
}

function nodesOf({ notExcluded }: AttackTarget): string[] {
  if (notExcluded === null) return [];
  const start = notExcluded.foothold.asset;
  return [...(start === null ? [] : [start]), ...notExcluded.steps.map(({ to }) => to.id)];
}

/** The way in words above the picture. */
export function WayNotice(props: { target: AttackTarget; map: NetworkMap; onClose: () => void }) {
  const { target, map } = props;
  const names = target.notExcluded?.steps.map(({ to }) => to.name) ?? [];
  return (
    <div className="card spread" role="status">
      <p>
        {names.length === 0
          ? `No way of attack leads to ${target.name}.`
          : `The easiest way of attack to ${target.name}: ${target.notExcluded?.foothold.because} Then ${names.join(', then ')}.`}{' '}
        {map.folded && 'The map is folded into groups, so that the way cannot be drawn on it. '}
        <AppLink href={`/attack-paths?row=${target.asset}`}>Step by step</AppLink>
      </p>
      <Button variant="default" size="xs" onClick={props.onClose}>
        Hide the way
      </Button>
    </div>
  );
}
