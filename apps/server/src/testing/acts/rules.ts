import type { WatchRuleList } from '@wardline/model';
import { type Calls, reason, type Stage } from './stage.ts';

/** Each text differs from the one before. */
function save({ server, kept }: Stage, name = 'kept'): Promise<Response> {
  const next = Number(kept.get('rules') ?? '0') + 1;
  kept.set('rules', String(next));
  const text = `alert low "Rule ${next}" to address 192.0.2.${next % 250} over tcp/9`;
  return server.post('watch/rules', { name, text, reason });
}

/** A rule that is off, or on. */
async function rule(stage: Stage, enabled: boolean): Promise<string> {
  const held = async () =>
    (await stage.server.get<WatchRuleList>('watch/rules')).items.filter((one) => one.enabled === enabled);
  const [found] = await held();
  if (found !== undefined) return found.id;
  const name = enabled ? 'on' : 'off';
  const { id } = (await (await save(stage, name)).json()) as { id: string };
  if (enabled) await stage.client.query('update watch_rule set enabled = true where id = $1', [id]);
  return id;
}

const post = async (stage: Stage, enabled: boolean, act: string) =>
  stage.server.post(`watch/rules/${await rule(stage, enabled)}/${act}`, { reason });

export const ruleCalls: Calls = {
  'rule.save': (stage) => save(stage),
  'rule.enable': (stage) => post(stage, false, 'enable'),
  'rule.disable': (stage) => post(stage, true, 'disable'),
  'rule.remove': (stage) => post(stage, false, 'removal'),
};
