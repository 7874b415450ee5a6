import type { Overview, Reminder } from '@wardline/model';
import type { Context } from '../../context.ts';
import { allReminders, loadSuppliers } from './suppliers.ts';

type Todo = Overview['todo'][number];

/** What of suppliers somebody has to see to: each kind once, with whom it is about. */
export async function supplierTodo({ database, now }: Context): Promise<Todo[]> {
  const due = allReminders(await loadSuppliers(database, now())).filter(({ state }) => state !== 'soon');
  const of = (...kinds: Reminder['kind'][]) => due.filter(({ kind }) => kinds.includes(kind));
  return [
    ...entry(of('agreement', 'no-agreement'), {
      id: 'supplier-agreements',
      title: 'Agreements with suppliers that ran out or are missing',
      severity: 'high',
      harms: ['privacy'],
      action: 'Renew each, or end its access to data of patients.',
    }),
    ...entry(of('channel'), {
      id: 'supplier-channels',
      title: "Suppliers' ways in that nothing contains",
      severity: 'medium',
      harms: ['operations'],
      action: 'Name the conduit of the policy that contains each, or write one.',
    }),
    ...entry(of('support'), {
      id: 'supplier-support',
      title: 'Products whose support has ended',
      severity: 'medium',
      harms: ['operations', 'patient'],
      action: 'Plan their replacement, or what is to protect them meanwhile.',
    }),
  ];
}

function entry(due: readonly Reminder[], rest: Omit<Todo, 'assets' | 'why' | 'link'>): Todo[] {
  const names = [...new Set(due.map(({ supplierName }) => supplierName))];
  if (names.length === 0) return [];
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  const why = `${due[0]!.text} Concerns ${names.slice(0, 3).join(', ')}${more}.`;
  return [{ assets: 0, why, link: '/suppliers', ...rest }];
}
