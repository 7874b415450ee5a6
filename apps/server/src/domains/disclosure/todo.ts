import type { Overview } from '@wardline/model';
import type { Context } from '../../context.ts';
import { loadDisclosures } from './reports.ts';

/** Reports of which a clock has run out. */
export async function disclosureTodo(context: Context): Promise<Overview['todo']> {
  const late = (await loadDisclosures(context)).filter(({ clocks }) =>
    clocks.some(({ state }) => state === 'overdue'),
  );
  if (late.length === 0) return [];
  return [
    {
      id: 'disclosures-overdue',
      title: 'Reports of weaknesses that wait too long',
      why: `${late
        .slice(0, 3)
        .map(({ number, details }) => `${details.title} (report ${number})`)
        .join(', ')}${late.length > 3 ? ` and ${late.length - 3} more` : ''}.`,
      severity: 'medium',
      harms: ['patient', 'operations'],
      assets: 0,
      link: '/disclosures',
      action: 'Answer whoever told it, assess it, and hand it over to the supplier.',
    },
  ];
}
