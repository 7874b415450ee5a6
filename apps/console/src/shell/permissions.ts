import { useQuery } from '@tanstack/react-query';
import { queries } from '../api/queries.ts';

/** Whether whoever is signed in may do something; nothing while that is not known yet. */
export function useMay(): (action: string) => boolean {
  const { data } = useQuery(queries.permissions());
  const actions = new Set(data?.actions ?? []);
  return (action) => actions.has(action);
}
