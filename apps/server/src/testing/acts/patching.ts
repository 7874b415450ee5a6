import type { MaintenanceWindow } from '@wardline/model';
import { type Calls, reason, type Stage } from './stage.ts';

/** Each window differs from the one before. */
function addWindow(stage: Stage): Promise<Response> {
  const next = Number(stage.kept.get('window-count') ?? '0') + 1;
  stage.kept.set('window-count', String(next));
  const window = { day: next % 7, fromHour: next % 24, hours: 2, timeZone: 'Europe/Berlin' };
  return stage.server.post('maintenance-windows', {
    ...window,
    on: 'asset',
    onId: stage.assets[0]!.id,
    note: `agreed with the ward ${next}`,
    reason,
  });
}

async function removeWindow(stage: Stage): Promise<Response> {
  const known = async () =>
    (await stage.server.get<{ items: MaintenanceWindow[] }>('maintenance-windows')).items;
  if ((await known()).length === 0) await addWindow(stage);
  return stage.server.post(`maintenance-windows/${(await known())[0]!.id}/removal`, { reason });
}

export const patchCalls: Calls = { 'patch.window-add': addWindow, 'patch.window-remove': removeWindow };
